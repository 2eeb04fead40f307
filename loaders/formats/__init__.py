"""The formats, a module each: what a file of that format says of papers."""
