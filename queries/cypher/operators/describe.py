"""Pieces of patterns and expressions as short text, for EXPLAIN."""

from __future__ import annotations

from .. import syntax as s


def labels_text(labels: s.LabelExpression | None) -> str:
    """Return a label expression as it would be written, with its colon."""
    return f":{_labels(labels)}" if labels is not None else ""


def _labels(labels: s.LabelExpression) -> str:
    match labels:
        case s.Label(name):
            return name
        case s.AnyLabel():
            return "%"
        case s.LabelNot(operand):
            return f"!{_labels(operand)}"
        case s.LabelAnd(operands):
            return "&".join(map(_labels, operands))
        case s.LabelOr(operands):
            return f"({'|'.join(map(_labels, operands))})"
    return "?"


def arrow(types: tuple[str, ...] | None, direction: str, length: str = "") -> str:
    """Return a relationship as it would be written."""
    inside = f"[:{'|'.join(types)}{length}]" if types else (f"[{length}]" if length else "")
    return {"out": f"-{inside}->", "in": f"<-{inside}-", "both": f"-{inside}-"}[direction]


def expression_text(expression: s.Expression) -> str:
    """Return an expression as short text."""
    match expression:
        case s.Literal_(value):
            return "null" if value is None else repr(value)
        case s.Variable(name):
            return name if not name.startswith(" ") else "·"
        case s.Parameter(name):
            return f"${name}"
        case s.Property(subject, key):
            return f"{expression_text(subject)}.{key}"
        case s.Comparison(operands, operators):
            parts = [expression_text(operands[0])]
            for operator, operand in zip(operators, operands[1:], strict=True):
                parts += [operator, expression_text(operand)]
            return " ".join(parts)
        case s.Binary(operator, left, right):
            return f"{expression_text(left)} {operator} {expression_text(right)}"
        case s.Unary(operator, operand):
            inner = expression_text(operand)
            return f"{inner} {operator}" if operator.startswith("IS") else f"{operator} {inner}"
        case s.Call(name, arguments, distinct, star):
            inside = "*" if star else ", ".join(map(expression_text, arguments))
            return f"{name}({'DISTINCT ' if distinct else ''}{inside})"
        case s.HasLabels(subject, labels):
            return f"{expression_text(subject)}{labels_text(labels)}"
    return type(expression).__name__
