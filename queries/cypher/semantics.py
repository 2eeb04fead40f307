"""The meaning of the operators, gathered from the modules that define them."""

from __future__ import annotations

from .access import property_of, slice_, subscript
from .arithmetic import add, concatenate, divide, modulo, multiply, negate, power, subtract
from .equality import compare, equal, in_list, truth
from .kinds import Kind, kind_of, type_name
from .ordering import group_key, order_key
from .regular_expressions import matches
from .string_tests import contains, ends_with, starts_with
from .type_tests import is_type, value_type

__all__ = [
    "Kind",
    "add",
    "compare",
    "concatenate",
    "contains",
    "divide",
    "ends_with",
    "equal",
    "group_key",
    "in_list",
    "is_type",
    "kind_of",
    "matches",
    "modulo",
    "multiply",
    "negate",
    "order_key",
    "power",
    "property_of",
    "slice_",
    "starts_with",
    "subscript",
    "subtract",
    "truth",
    "type_name",
    "value_type",
]
