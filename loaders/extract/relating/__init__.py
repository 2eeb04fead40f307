"""How a paper stands to what it names."""
