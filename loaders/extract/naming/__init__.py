"""Which names a text introduces, and what they are names of."""
