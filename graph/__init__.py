"""The graph: its schema, its identities, its stores. Knows no other part of citegraph."""
