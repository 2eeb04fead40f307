"""Aggregations: many values in, one out. Nulls do not count; DISTINCT is the caller's part."""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping
from typing import Any

from ..arithmetic import add, checked, divide
from ..kinds import NUMBERS, Kind, kind_of
from ..ordering import order_key
from .base import invalid_argument, number, out_of_range


class Aggregator(ABC):
    """Takes the arguments of row after row, then says the result."""

    __slots__ = ()

    @abstractmethod
    def add(self, *values: Any) -> None:
        """Take the arguments of one row."""

    @abstractmethod
    def result(self) -> Any:
        """Return the result over all rows so far."""


class Count(Aggregator):
    """``count(value)``: how many values are not null."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0

    def add(self, *values: Any) -> None:
        self.count += values[0] is not None

    def result(self) -> int:
        return self.count


class Collect(Aggregator):
    """``collect(value)``: the values as a list."""

    __slots__ = ("items",)

    def __init__(self) -> None:
        self.items: list[Any] = []

    def add(self, *values: Any) -> None:
        if values[0] is not None:
            self.items.append(values[0])

    def result(self) -> list[Any]:
        return self.items


class Sum(Aggregator):
    """``sum(value)``: of numbers, 0 over nothing; or of durations."""

    __slots__ = ("count", "total")
    name = "sum"

    def __init__(self) -> None:
        self.total: Any = 0
        self.count = 0

    def add(self, *values: Any) -> None:
        value = values[0]
        if value is None:
            return
        self.count += 1
        if type(value) is int and type(self.total) is int:
            self.total += (
                value  # exact; whether it fits is seen at the end, so that the order does not matter
            )
            return
        kind = kind_of(value)
        durations = kind_of(self.total) is Kind.DURATION
        if kind in NUMBERS and not durations:
            self.total = self.total + (float(value) if kind is Kind.FLOAT else int(value))
        elif kind is Kind.DURATION and (durations or self.count == 1):
            self.total = add(self.total, value) if durations else value
        else:
            raise invalid_argument(self.name, "numbers, or durations, but not both", value)

    def result(self) -> Any:
        return checked(self.total, "The sum") if type(self.total) is int else self.total


class Average(Sum):
    """``avg(value)``: the mean of numbers or durations, null over nothing."""

    __slots__ = ()
    name = "avg"

    def result(self) -> Any:
        if not self.count:
            return None
        if kind_of(self.total) is Kind.DURATION:
            return divide(self.total, self.count)
        return self.total / self.count


class Least(Aggregator):
    """``min(value)``: the first value in the order of ORDER BY."""

    __slots__ = ("best", "key")

    def __init__(self) -> None:
        self.best: Any = None
        self.key: tuple[Any, ...] | None = None

    def add(self, *values: Any) -> None:
        value = values[0]
        if value is None or value is self.best:
            return
        key = order_key(value)
        if self.key is None or self.before(key, self.key):
            self.best, self.key = value, key

    def before(self, key: tuple[Any, ...], best: tuple[Any, ...]) -> bool:
        """Tell whether a value is to be preferred."""
        return key < best

    def result(self) -> Any:
        return self.best


class Greatest(Least):
    """``max(value)``: the last value in the order of ORDER BY."""

    __slots__ = ()

    def before(self, key: tuple[Any, ...], best: tuple[Any, ...]) -> bool:
        return key > best


class Deviation(Aggregator):
    """``stDev(value)``: the standard deviation of a sample (divided by n - 1), in one pass (Welford)."""

    __slots__ = ("count", "mean", "squares")
    name, lost = "stDev", 1

    def __init__(self) -> None:
        self.count, self.mean, self.squares = 0, 0.0, 0.0

    def add(self, *values: Any) -> None:
        if values[0] is None:
            return
        value = float(number(self.name, values[0]))
        self.count += 1
        before = value - self.mean
        self.mean += before / self.count
        self.squares += before * (value - self.mean)

    def result(self) -> float | None:
        if not self.count:
            return None
        return math.sqrt(self.squares / (self.count - self.lost)) if self.count > 1 else 0.0


class PopulationDeviation(Deviation):
    """``stDevP(value)``: the standard deviation of a whole population (divided by n)."""

    __slots__ = ()
    name, lost = "stDevP", 0


class Percentile(Aggregator):
    """What both percentiles share: the numbers, and the fraction below the one that is asked for."""

    __slots__ = ("fraction", "items")
    name = ""

    def __init__(self) -> None:
        self.items: list[int | float] = []
        self.fraction = 0.0

    def add(self, *values: Any) -> None:
        value, fraction = values
        fraction = float(number(self.name, fraction))
        if not 0 <= fraction <= 1:
            raise out_of_range(self.name, "a percentile from 0.0 to 1.0", fraction)
        self.fraction = fraction
        if value is not None:
            self.items.append(number(self.name, value))

    def result(self) -> Any:
        if not self.items:
            return None
        self.items.sort(key=order_key)
        return self.pick(self.items, self.fraction)

    @abstractmethod
    def pick(self, items: list[int | float], fraction: float) -> int | float:
        """Return the percentile of sorted numbers."""


class ContinuousPercentile(Percentile):
    """``percentileCont(value, percentile)``: between two values, the line from one to the other."""

    __slots__ = ()
    name = "percentileCont"

    def pick(self, items: list[int | float], fraction: float) -> int | float:
        place = fraction * (len(items) - 1)
        below = math.floor(place)
        if below == place or below + 1 >= len(items):  # the value itself, a whole number too, as in Neo4j
            return items[below]
        return float(items[below]) * (below + 1 - place) + float(items[below + 1]) * (place - below)


class DiscretePercentile(Percentile):
    """``percentileDisc(value, percentile)``: the nearest value that occurs."""

    __slots__ = ()
    name = "percentileDisc"

    def pick(self, items: list[int | float], fraction: float) -> int | float:
        return items[max(0, math.ceil(fraction * len(items)) - 1)]


AGGREGATIONS: Mapping[str, Callable[[], Aggregator]] = {
    "count": Count,
    "collect": Collect,
    "sum": Sum,
    "avg": Average,
    "min": Least,
    "max": Greatest,
    "stdev": Deviation,
    "stdevp": PopulationDeviation,
    "percentilecont": ContinuousPercentile,
    "percentiledisc": DiscretePercentile,
}
