"""XML: what text may stand in it, and how."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from .values import scalar

HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
TYPES = {str: "string", int: "long", float: "double", bool: "boolean", list: "string"}
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def attribute(text: str) -> str:
    """Return a text quoted as an attribute."""
    return quoteattr(_NOT_XML.sub("", text))


def content(value: object) -> str:
    """Return a value as the content of an element."""
    return escape(_NOT_XML.sub("", scalar(value)), {"\r": "&#13;"})
