"""Expressions compiled to functions over batches: one module for each family; ``..evaluate`` is the way in."""
