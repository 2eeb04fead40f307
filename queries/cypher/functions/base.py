"""What a function is, how one is declared, and how it says that an argument will not do."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from ..errors import CypherRuntimeError
from ..kinds import NUMBERS, Kind, kind_of, type_name

Call = TypeVar("Call", bound=Callable[..., Any])


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the language.

    Attributes
    ----------
    name
        As it is commonly written, ``toUpper``.
    least, most
        How many arguments it takes; None: any number.
    call
        Takes plain values.
    signature, summary
        For help and for messages.
    """

    name: str
    least: int
    most: int | None
    call: Callable[..., Any]
    signature: str
    summary: str


class Registry(dict[str, Function]):
    """Functions by their name in lower case; each module of functions fills one."""

    def add(
        self, signature: str, summary: str, *, least: int | None = None, most: int | None = -1,
        aliases: tuple[str, ...] = (), null_in_null_out: bool = True,
    ) -> Callable[[Call], Call]:  # fmt: skip
        """Declare the decorated Python function as one of the language.

        Parameters
        ----------
        signature
            ``name(argument :: TYPE, …) :: TYPE``; the number of arguments is counted in it.
        summary
            One sentence.
        least, most
            The number of arguments, where some are optional; None for ``most``: any number.
        aliases
            Other names.
        null_in_null_out
            Whether the result is null as soon as one argument is; then the function is not called.
        """
        name, _, rest = signature.partition("(")
        counted = rest[: rest.rindex(")")].count("::")
        fewest, greatest = counted if least is None else least, counted if most == -1 else most

        def declare(call: Call) -> Call:
            run = _null_safe(call, greatest) if null_in_null_out and greatest != 0 else call
            for each in (name, *aliases):
                shown = signature.replace(name, each, 1)
                self[each.lower()] = Function(each, fewest, greatest, run, shown, summary)
            return call

        return declare


def _null_safe(call: Callable[..., Any], most: int | None) -> Callable[..., Any]:
    if most == 1:
        return lambda value: None if value is None else call(value)
    return lambda *values: None if any(value is None for value in values) else call(*values)


def invalid_argument(function: str, needs: str, value: Any) -> CypherRuntimeError:
    """Return the error for an argument of a wrong type."""
    return CypherRuntimeError(
        f"{function}() takes {needs}, not a {type_name(value)}.", detail="InvalidArgumentValue"
    )


def out_of_range(function: str, needs: str, value: Any) -> CypherRuntimeError:
    """Return the error for a number out of the range the function is made for."""
    return CypherRuntimeError(
        f"{function}() takes {needs}, not {value!r:.60}.", kind="ArgumentError", detail="NumberOutOfRange"
    )


def string(function: str, value: Any) -> str:
    """Return an argument that must be a text."""
    if type(value) is str:
        return value
    if kind_of(value) is Kind.STRING:
        return str(value)
    raise invalid_argument(function, "a text", value)


def integer(function: str, value: Any) -> int:
    """Return an argument that must be a whole number."""
    if kind_of(value) is Kind.INTEGER:
        return int(value)
    raise invalid_argument(function, "a whole number", value)


def number(function: str, value: Any) -> int | float:
    """Return an argument that must be a number."""
    kind = kind_of(value)
    if kind in NUMBERS:
        return int(value) if kind is Kind.INTEGER else float(value)
    raise invalid_argument(function, "a number", value)


def sequence(function: str, value: Any) -> list[Any]:
    """Return an argument that must be a list."""
    if kind_of(value) is Kind.LIST:
        found: list[Any] = value
        return found
    raise invalid_argument(function, "a list", value)
