"""Numbers that a paper claims: what they measure, of what, on what."""
