"""Procedures: what ``CALL name(arguments) YIELD …`` can run, and whether a call fits.

A procedure has a signature and rows. The built-in ones tell what a graph holds; a query can be given others, as
tables whose rows are looked up by their inputs.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from . import syntax as s
from .errors import CypherError, CypherRuntimeError
from .semantics import group_key, is_type, type_name

if TYPE_CHECKING:
    from .evaluate import Context

Fields = Sequence[tuple[str, str]]
Row = Sequence[Any]
Rows = Sequence[Row] | Callable[[Sequence[Any], "Context"], Iterable[Row]]


@dataclass(frozen=True, slots=True)
class Procedure:
    """Something that ``CALL`` can run.

    Attributes
    ----------
    name
        With its namespace: ``db.labels``. Case counts.
    inputs, outputs
        Names and types; a type that ends in ``?`` takes null.
    rows
        A function from arguments and context to rows of outputs; or a table whose rows hold the inputs and then
        the outputs, of which a call returns those with its arguments.
    summary
        One sentence.
    """

    name: str
    inputs: Fields
    outputs: Fields
    rows: Rows
    summary: str = ""

    @property
    def signature(self) -> str:
        """The procedure as documentation writes it.

        Examples
        --------
        >>> BUILT_IN["db.labels"].signature
        'db.labels() :: (label :: STRING)'
        """
        return f"{self.name}({_fields(self.inputs)}) :: ({_fields(self.outputs)})"

    def call(self, arguments: Sequence[Any], context: Context) -> list[tuple[Any, ...]]:
        """Return the rows for these arguments.

        Raises
        ------
        CypherRuntimeError
            If an argument is of another type than the signature says.
        """
        values = [
            self._converted(value, name, kind)
            for value, (name, kind) in zip(arguments, self.inputs, strict=True)
        ]
        if callable(self.rows):
            return [tuple(row) for row in self.rows(values, context)]
        count = len(self.inputs)
        wanted = [group_key(value) for value in values]
        return [
            tuple(row[count:]) for row in self.rows if [group_key(value) for value in row[:count]] == wanted
        ]

    def _converted(self, value: Any, name: str, kind: str) -> Any:
        if not _accepts(kind, value):
            raise CypherRuntimeError(
                f"{self.name}() takes {kind} as {name}, but was given {type_name(value)}.",
                kind="TypeError",
                detail="InvalidArgumentType",
            )
        return float(value) if type(value) is int and _bare(kind) == "FLOAT" else value


@dataclass(frozen=True, slots=True)
class BoundCall:
    """A call that fits its procedure: every argument stands there, and every variable it yields is named."""

    procedure: Procedure
    arguments: tuple[s.Expression, ...]
    yields: tuple[tuple[str, str], ...]


def bind(
    call: s.CallProcedure,
    *,
    standalone: bool,
    procedures: Mapping[str, Procedure] | None = None,
    parameters: Collection[str] | None = None,
) -> BoundCall:
    """Find the procedure of a call and check that the call fits it.

    Parameters
    ----------
    standalone
        Whether the call is the whole query; only then may arguments be left to parameters of the same names, and
        outputs to their own names.
    procedures
        Beside the built-in ones.
    parameters
        Names of the parameters the query is given; None where they are not known yet.

    Raises
    ------
    CypherError
        If there is no such procedure, or the call does not fit it.
    """
    procedure = lookup(call.name, procedures, call.span)
    return BoundCall(
        procedure,
        _bound_arguments(call, procedure, standalone, parameters),
        _bound_outputs(call, procedure, standalone),
    )


def lookup(
    name: str, procedures: Mapping[str, Procedure] | None = None, span: s.Span | None = None
) -> Procedure:
    """Return the procedure of this name; raise CypherError, with the likely name, where there is none."""
    known = {**BUILT_IN, **(procedures or {})}
    if name not in known:
        from rapidfuzz import process

        near = process.extractOne(name, list(known), score_cutoff=70, processor=str.lower)
        hint = f"; did you mean {near[0]}?" if near else f". There are: {', '.join(sorted(known))}."
        raise CypherError(
            f"There is no procedure {name}{hint}",
            kind="ProcedureError",
            detail="ProcedureNotFound",
            span=span,
        )
    return known[name]


def call(
    name: str,
    arguments: Sequence[Any],
    context: Context,
    procedures: Mapping[str, Procedure] | None = None,
) -> list[tuple[Any, ...]]:
    """Run a procedure by name and return its rows."""
    procedure = lookup(name, procedures)
    if len(arguments) != len(procedure.inputs):
        raise _wrong_number(procedure, len(arguments), None)
    return procedure.call(arguments, context)


def _bound_arguments(
    call: s.CallProcedure, procedure: Procedure, standalone: bool, parameters: Collection[str] | None
) -> tuple[s.Expression, ...]:
    if call.arguments is None:
        if not standalone:
            raise CypherError(
                f"Inside a query the arguments of {procedure.name} must be written: {procedure.signature}",
                detail="InvalidArgumentPassingMode",
                span=call.span,
            )
        for name, kind in procedure.inputs:
            if parameters is not None and name not in parameters:
                raise CypherError(
                    f"{procedure.name} takes {name} :: {kind} from the parameter ${name}, which is not given.",
                    kind="ParameterMissing",
                    detail="MissingParameter",
                    span=call.span,
                )
        return tuple(s.Parameter(name, span=call.span) for name, _ in procedure.inputs)
    if len(call.arguments) != len(procedure.inputs):
        raise _wrong_number(procedure, len(call.arguments), call.span)
    for argument, (name, kind) in zip(call.arguments, procedure.inputs, strict=True):
        found = _type_in_text(argument)
        if found is not None and not _accepts_type(kind, found):
            raise CypherError(
                f"{procedure.name}() takes {kind} as {name}, but was given {found}.",
                detail="InvalidArgumentType",
                span=argument.span,
            )
    return call.arguments


def _bound_outputs(
    call: s.CallProcedure, procedure: Procedure, standalone: bool
) -> tuple[tuple[str, str], ...]:
    if call.star and not standalone:
        raise CypherError(
            "YIELD * can only be used where CALL is the whole query; name what is to be yielded.",
            detail="UnexpectedSyntax",
            span=call.span,
        )
    outputs = [name for name, _ in procedure.outputs]
    if call.star or (call.yields is None and standalone):
        return tuple((name, name) for name in outputs)
    variables: set[str] = set()
    for output, variable in call.yields or ():
        if output not in outputs:
            raise CypherError(
                f"{procedure.name} yields no {output}; its signature is {procedure.signature}",
                detail="UndefinedVariable",
                span=call.span,
            )
        if variable in variables:
            raise CypherError(
                f"YIELD gives the name {variable} twice.", detail="VariableAlreadyBound", span=call.span
            )
        variables.add(variable)
    return call.yields or ()


def _wrong_number(procedure: Procedure, given: int, span: s.Span | None) -> CypherError:
    count = len(procedure.inputs)
    takes = f"{count} argument{'' if count == 1 else 's'}" if count else "no arguments"
    return CypherError(
        f"{procedure.name}() takes {takes}, but was given {given}; its signature is {procedure.signature}",
        detail="InvalidNumberOfArguments",
        span=span,
    )


# --- types -------------------------------------------------------------------------------------------------

_LIST = re.compile(r"LIST\??\s*(?:<\s*(?P<angle>.+?)\s*>|OF\s+(?P<of>.+))\??")
_NUMBERS = frozenset({"INTEGER", "FLOAT"})


def _fields(fields: Fields) -> str:
    return ", ".join(f"{name} :: {kind}" for name, kind in fields)


def _bare(kind: str) -> str:
    return kind.strip().upper().removesuffix("?")


def _accepts_type(kind: str, found: str) -> bool:
    """Tell whether a value of the type ``found`` can be given where ``kind`` is asked for."""
    bare = _bare(kind)
    if found == "NULL":
        return kind.endswith("?")
    if bare == "ANY":
        return True
    if bare in ("NUMBER", "FLOAT"):
        return found in _NUMBERS
    return bare == found or (found == "LIST" and bare.startswith("LIST"))


def _accepts(kind: str, value: Any) -> bool:
    """Tell whether a value can be given where ``kind`` is asked for."""
    bare = _bare(kind)
    if value is None:
        return kind.endswith("?")
    if bare == "ANY":
        return True
    if bare in ("NUMBER", "FLOAT"):
        return type(value) in (int, float)
    if bare.startswith("LIST"):
        items = _LIST.fullmatch(kind.strip().upper())
        inner = (items["angle"] or items["of"]) if items else "ANY?"
        return type(value) is list and all(_accepts(inner, item) for item in value)
    return is_type(value, bare)


def _type_in_text(expression: s.Expression) -> str | None:
    """Return the type of an argument as far as its text alone tells."""
    match expression:
        case s.Literal_(kind=kind):
            return kind.upper()
        case s.Unary("-" | "+", operand):
            return _type_in_text(operand)
        case s.ListLiteral() | s.ListComprehension():
            return "LIST"
        case s.MapLiteral() | s.MapProjection():
            return "MAP"
    return None


# --- built-in procedures -----------------------------------------------------------------------------------


def _labels(_arguments: Sequence[Any], context: Context) -> Iterable[Row]:
    return [(label,) for label in sorted(context.layout.labels())]


def _relationship_types(_arguments: Sequence[Any], context: Context) -> Iterable[Row]:
    return [(kind,) for kind in sorted(context.layout.types())]


def _property_keys(_arguments: Sequence[Any], context: Context) -> Iterable[Row]:
    return [(key,) for key in sorted(context.layout.property_keys())]


def _schema(_arguments: Sequence[Any], context: Context) -> Iterable[Row]:
    from .schema import schema_of

    return [schema_of(context.layout)]


def _components(_arguments: Sequence[Any], _context: Context) -> Iterable[Row]:
    try:
        number = version("citegraph")
    except PackageNotFoundError:
        number = "unknown"
    return [("citegraph", [number], "local")]


_ALL = (
    Procedure("db.labels", (), (("label", "STRING"),), _labels, "Every label of the graph."),
    Procedure(
        "db.relationshipTypes",
        (),
        (("relationshipType", "STRING"),),
        _relationship_types,
        "Every relationship type of the graph.",
    ),
    Procedure(
        "db.propertyKeys",
        (),
        (("propertyKey", "STRING"),),
        _property_keys,
        "Every property key of the graph, of nodes and relationships.",
    ),
    Procedure(
        "db.schema.visualization",
        (),
        (("nodes", "LIST<MAP>"), ("relationships", "LIST<MAP>")),
        _schema,
        "A map for each label, and one for each type between two labels, with how many there are.",
    ),
    Procedure(
        "dbms.components",
        (),
        (("name", "STRING"), ("versions", "LIST<STRING>"), ("edition", "STRING")),
        _components,
        "What answers, and in which version.",
    ),
)
BUILT_IN: Mapping[str, Procedure] = {procedure.name: procedure for procedure in _ALL}
