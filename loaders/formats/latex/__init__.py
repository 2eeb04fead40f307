"""LaTeX sources of papers: the files, their macros, front matter, body and reference lists."""
