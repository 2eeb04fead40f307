"""Enrichment: what public metadata services know of the papers of a graph, asked politely and believed with care."""
