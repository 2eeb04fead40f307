"""Dates, times and durations as queries see them."""

from __future__ import annotations

import datetime

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citegraph.queries.cypher import CypherError, execute
from citegraph.queries.cypher.chronology import from_python, to_python
from citegraph.queries.cypher.chronology.calendar import civil_from_days, days_from_civil, week_of


def value(expression: str) -> object:
    return execute(nx.DiGraph(), f"RETURN {expression} AS x").rows[0][0]


def text(expression: str) -> str:
    return str(value(expression))


@given(st.dates())
def test_the_calendar_agrees_with_pythons(day):
    number = days_from_civil(day.year, day.month, day.day)
    assert number == (day - datetime.date(1970, 1, 1)).days
    assert civil_from_days(number) == (day.year, day.month, day.day)
    assert week_of(number) == tuple(day.isocalendar())[:2]


@given(st.dates() | st.times() | st.datetimes())
def test_pythons_own_values_come_back(given_value):
    assert to_python(from_python(given_value)) == given_value


@pytest.mark.parametrize(
    ("expression", "printed"),
    [
        ("date('2015-W30-2')", "2015-07-21"),
        ("date({year: 2020, quarter: 3, dayOfQuarter: 45})", "2020-08-14"),
        ("localtime('214032.142')", "21:40:32.142"),
        ("time({hour: 12, timezone: '+01:30'})", "12:00+01:30"),
        ("datetime('2020-06-14T12:00[Europe/Berlin]')", "2020-06-14T12:00+02:00[Europe/Berlin]"),
        ("datetime({epochSeconds: 0})", "1970-01-01T00:00Z"),
        ("duration('P1.5D')", "P1DT12H"),
        ("duration({hours: 25, seconds: -1})", "PT24H59M59S"),
        ("date('2020-01-31') + duration('P1M')", "2020-02-29"),
        ("duration.between(date('2020-01-01'), date('2021-03-04'))", "P1Y2M3D"),
        ("date.truncate('month', date('2020-02-17'))", "2020-02-01"),
    ],
)
def test_values_are_made_and_printed(expression, printed):
    assert text(expression) == printed


def test_a_time_that_clocks_leap_over_is_moved_on():
    assert text("datetime('2021-03-28T02:30[Europe/Berlin]')") == "2021-03-28T03:30+02:00[Europe/Berlin]"


def test_components_are_read_like_properties():
    assert execute(
        nx.DiGraph(), "WITH date('2024-12-30') AS d RETURN d.year, d.week, d.weekYear, d.quarter"
    ).rows == [[2024, 1, 2025, 4]]


def test_dates_are_compared_and_sorted():
    rows = execute(
        nx.DiGraph(),
        "UNWIND [date('2020-01-02'), date('2019-05-01')] AS d RETURN toString(d) AS d ORDER BY d",
    ).rows
    assert rows == [["2019-05-01"], ["2020-01-02"]]
    assert value("date('2020-01-02') > date('2019-05-01')") is True


@pytest.mark.parametrize(
    "expression", ["date('2020-02-30')", "date('soon')", "time('25:00')", "duration('P')"]
)
def test_what_is_no_date_is_a_clear_error(expression):
    with pytest.raises(CypherError):
        value(expression)
