"""Dates, times and durations: the functions by themselves, and as queries see them."""

from __future__ import annotations

import copy
import datetime
import pickle
from fractions import Fraction
from zoneinfo import ZoneInfo

import networkx as nx
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from citegraph.queries.cypher import clock, execute, temporal
from citegraph.queries.cypher.errors import CypherRuntimeError
from citegraph.queries.cypher.temporal import calendar
from citegraph.queries.cypher.temporal.values import DAY, Date, DateTime, Duration, LocalDateTime, Time

LEAST, GREATEST = calendar.LEAST_DAY, calendar.GREATEST_DAY
DAYS = st.integers(LEAST, GREATEST)
CLOCKS = st.integers(0, DAY - 1)
DURATIONS = st.builds(
    Duration.of, st.integers(-(10**9), 10**9), st.integers(-(10**9), 10**9), st.integers(-(10**24), 10**24)
)


def call(name, *arguments):
    return temporal.FUNCTIONS[name.lower()].call(*arguments)


def text(name, *arguments):
    return str(call(name, *arguments))


# --- the calendar -----------------------------------------------------------------------------------------------


@given(st.dates())
def test_the_calendar_agrees_with_pythons(day):
    number = calendar.epoch_day(day.year, day.month, day.day)
    assert number == (day - datetime.date(1970, 1, 1)).days
    assert calendar.civil(number) == (day.year, day.month, day.day)
    assert calendar.week_date(number) == tuple(day.isocalendar())


@given(DAYS)
def test_every_day_has_one_date_and_one_week_date(number):
    assert calendar.epoch_day(*calendar.civil(number)) == number
    assert calendar.from_week(*calendar.week_date(number)) == number


# --- texts ------------------------------------------------------------------------------------------------------


@given(DAYS, CLOCKS, st.integers(-18 * 3600, 18 * 3600))
def test_what_is_printed_is_read_back(day, of_day, offset):
    for name, value in (
        ("date", Date(day)),
        ("localtime", call("localtime", LocalDateTime(day, of_day))),
        ("time", Time.of(of_day, offset)),
        ("localdatetime", LocalDateTime(day, of_day)),
    ):
        assert call(name, str(value)) == value
    if LEAST < day < GREATEST:
        zoned = DateTime.of(day * DAY + of_day, temporal.values.Zone(offset=offset))
        assert call("datetime", str(zoned)) == zoned


@given(DURATIONS)
def test_a_printed_duration_is_read_back(duration):
    assert call("duration", str(duration)) == duration


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("20150721", "2015-07-21"),
        ("2015-W30-2", "2015-07-21"),
        ("2015202", "2015-07-21"),
        ("2015-Q2-60", "2015-05-30"),
        ("2015", "2015-01-01"),
        ("-0001-02-03", "-0001-02-03"),
        ("+12015-07", "+12015-07-01"),
    ],
)
def test_a_date_has_many_forms(written, printed):
    assert text("date", written) == printed


@pytest.mark.parametrize(
    ("written", "printed"),
    [
        ("2015-07-21T21:40[Europe/London]", "2015-07-21T21:40+01:00[Europe/London]"),
        ("2015-07-21T2140+0845[australia/eucla]", "2015-07-21T21:40+08:45[Australia/Eucla]"),
        ("2015-07-21", "2015-07-21T00:00Z"),
        ("2016-10-30T02:30[Europe/Paris]", "2016-10-30T02:30+02:00[Europe/Paris]"),
        ("2016-10-30T02:30+01:00[Europe/Paris]", "2016-10-30T02:30+01:00[Europe/Paris]"),
        ("2016-03-27T02:30[Europe/Paris]", "2016-03-27T03:30+02:00[Europe/Paris]"),
        ("+123456-07-01T00:00[Europe/Paris]", "+123456-07-01T00:00+02:00[Europe/Paris]"),
    ],
)
def test_a_named_zone_decides_the_offset_also_where_clocks_change_and_beyond_the_year_9999(written, printed):
    assert text("datetime", written) == printed


@pytest.mark.parametrize(
    ("name", "argument", "says"),
    [
        ("date", "abc", "cannot be read as a date"),
        ("date", "2015-13-01", "month goes from 1 to 12"),
        ("date", {"year": 1984, "month": 2, "day": 30}, "day in month 2 of 1984"),
        ("date", {"year": 1984, "day": 3}, "day needs month"),
        ("date", {"year": 1984, "month": 2, "week": 3}, "month and week"),
        ("date", {"year": 1817, "week": 53}, "week in 1817"),
        ("date", {"yaer": 1984}, "takes no 'yaer'"),
        ("date", {"year": True}, "whole number"),
        ("date", {}, "at least"),
        ("date", 3, "takes a map"),
        ("localtime", "24:00", "hour goes from 0 to 23"),
        ("localtime", {"hour": 1, "nanosecond": 3}, "needs second"),
        ("localdatetime", "2015-01-01T10:00Z", "has a time zone"),
        ("time", "12:00[Europe/Paris]", "no named zone"),
        ("datetime", "2015-07-21T21:40+05:00[Europe/Paris]", "do not match"),
        ("datetime", "2015-07-21T21:40+19:00", "out of range"),
        ("datetime", {"year": 3, "timezone": "Mars/Olympus"}, "no time zone"),
        ("datetime", {"year": 3, "timezone": "../etc/passwd"}, "no time zone"),
        ("datetime", {"epochSeconds": 1, "year": 5}, "year beside epochSeconds"),
        ("datetime", {"epochSeconds": 2**63 - 1}, "out of range"),
        ("duration", "P", "cannot be read as a duration"),
        ("duration", "P1YT", "cannot be read as a duration"),
        ("duration", "P" + "9" * 100_000 + "Y", "is no duration"),
        ("duration", {"days": float("nan")}, "out of range"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence(name, argument, says):
    with pytest.raises(CypherRuntimeError, match=says.replace("(", r"\(")):
        call(name, argument)


@given(st.text(alphabet="0123456789-+:.,TPWQDMYHSZ[]Europe/aris ", max_size=40))
def test_no_text_does_more_than_be_refused(written):
    for name in ("date", "localtime", "time", "localdatetime", "datetime", "duration"):
        try:
            call(name, written)
        except CypherRuntimeError as error:
            assert str(error)


# --- construction and truncation --------------------------------------------------------------------------------


def test_a_time_with_a_zone_is_completed_there_and_then_told_in_the_zone_asked_for():
    other = call("datetime", "1984-10-11T12:00[Europe/Stockholm]")
    given_map = {"date": call("date", "1984-03-07"), "time": other, "day": 28, "timezone": "Pacific/Honolulu"}
    assert text("datetime", given_map) == "1984-03-28T00:00-10:00[Pacific/Honolulu]"


def test_null_components_count_as_not_given():
    assert text("date", {"year": 2015, "month": None}) == "2015-01-01"


def test_truncation_keeps_the_fraction_above_what_is_set_anew():
    value = call("localtime", "12:31:14.645876123")
    assert text("localtime.truncate", "millisecond", value, {"nanosecond": 2}) == "12:31:14.645000002"


def test_truncation_with_a_zone_leaves_the_hands_of_the_clock():
    value = call("datetime", "1984-10-11T12:31+03:00")
    cut = text("datetime.truncate", "hour", value, {"timezone": "Europe/Stockholm"})
    assert cut == "1984-10-11T12:00+01:00[Europe/Stockholm]"


def test_a_date_is_not_cut_at_an_hour():
    with pytest.raises(CypherRuntimeError, match="as its unit"):
        call("date.truncate", "hour", call("date", "2015"))


@pytest.mark.parametrize("name", sorted(temporal.FUNCTIONS))
def test_null_goes_through_every_function(name):
    function = temporal.FUNCTIONS[name]
    assert function.call(*[None] * max(1, function.least)) is None


def test_the_clock_stands_still_for_a_statement_and_realtime_goes_on():
    with clock.statement(1_000_000_000):
        assert call("localtime") == call("localtime")
        assert text("datetime") == "1970-01-01T00:00:01Z"
        assert call("datetime.realtime").instant > 10**18


# --- components -------------------------------------------------------------------------------------------------


@given(DURATIONS)
def test_the_parts_of_a_duration_add_up(duration):
    def part(name):
        return temporal.component(duration, name)

    assert 12 * part("years") + part("monthsOfYear") == duration.months
    assert 7 * part("weeks") + part("daysOfWeek") == duration.days
    assert part("seconds") * 10**9 + part("nanosecondsOfSecond") == part("nanoseconds") == duration.total


def test_an_unknown_component_names_the_likely_one():
    with pytest.raises(CypherRuntimeError, match="did you mean year"):
        temporal.component(Date(0), "yeer")


# --- order and arithmetic ---------------------------------------------------------------------------------------


def test_zoned_times_are_compared_by_instant_and_equal_only_in_the_same_zone():
    one, other = call("time", "10:00+01:00"), call("time", "09:00Z")
    assert one != other
    assert one < call("time", "09:35Z")
    assert temporal.order_key(call("duration", "P29D")) < temporal.order_key(call("duration", "P1M"))


@given(DURATIONS, DURATIONS)
def test_what_is_added_to_a_duration_can_be_taken_away(one, other):
    assert temporal.subtract(temporal.add(one, other), other) == one


@given(st.integers(-(10**8), 10**8), CLOCKS, st.integers(-(10**7), 10**7), st.integers(-(10**20), 10**20))
def test_days_and_nanoseconds_are_added_and_taken_away(day, of_day, days, nanoseconds):
    start, moved_by = LocalDateTime(day, of_day), Duration.of(days=days, nanoseconds=nanoseconds)
    assert temporal.subtract(temporal.add(start, moved_by), moved_by) == start


def test_a_day_is_one_of_the_calendar_and_24_hours_are_not():
    before = call("datetime", "2017-10-28T12:00[Europe/Stockholm]")
    assert str(temporal.add(before, call("duration", "P1D"))).startswith("2017-10-29T12:00+01:00")
    assert str(temporal.add(before, call("duration", "PT24H"))).startswith("2017-10-29T11:00+01:00")


def test_a_month_after_the_last_of_january_is_the_last_of_february():
    assert str(temporal.add(call("duration", "P1M"), call("date", "2015-01-31"))) == "2015-02-28"


def test_a_broken_month_is_turned_into_days_and_seconds():
    duration = call("duration", "P12Y5M14DT16H13M10.000000001S")
    assert str(temporal.divide(duration, 2)) == str(temporal.multiply(0.5, duration)) == "P6Y2M22DT13H21M8S"


def test_what_does_not_go_together_is_left_to_the_caller():
    day = call("date", "2015")
    assert temporal.subtract(day, day) is NotImplemented
    assert temporal.add(day, 3) is NotImplemented
    assert temporal.multiply(call("duration", "P1D"), True) is NotImplemented


@pytest.mark.parametrize("factor", [1e300, 2**62, float("inf")])
def test_a_duration_that_fits_nowhere_is_an_error(factor):
    with pytest.raises(CypherRuntimeError, match="out of range"):
        temporal.multiply(call("duration", "P3D"), factor)


def test_the_last_day_has_no_next():
    with pytest.raises(CypherRuntimeError, match="999,999,999"):
        temporal.add(Date(GREATEST), call("duration", "P1D"))


# --- between ----------------------------------------------------------------------------------------------------


@given(DAYS, DAYS, CLOCKS, CLOCKS)
def test_the_duration_between_two_values_leads_from_one_to_the_other(day, other_day, of_day, other_of_day):
    start, end = LocalDateTime(day, of_day), LocalDateTime(other_day, other_of_day)
    assert temporal.add(start, call("duration.between", start, end)) == end


@pytest.mark.parametrize(
    ("start", "end", "printed"),
    [
        ("2017-10-28T23:00[Europe/Stockholm]", "2017-10-29T04:00[Europe/Stockholm]", "PT6H"),
        ("2014-07-21T21:40:36.143+0200", "2015-07-21T21:40:32.142+0100", "P1YT59M55.999S"),
        ("2018-07-21T00:00Z", "2016-07-21T21:40Z", "P-1Y-11M-30DT-2H-20M"),
    ],
)
def test_between_zoned_values_days_are_the_calendars_and_seconds_the_clocks(start, end, printed):
    assert text("duration.between", call("datetime", start), call("datetime", end)) == printed


# --- Python's values, and graphs that hold them -----------------------------------------------------------------

ZONED = st.datetimes(
    min_value=datetime.datetime(1900, 1, 2),
    max_value=datetime.datetime(2100, 1, 1),
    timezones=st.sampled_from([ZoneInfo("Europe/Stockholm"), ZoneInfo("America/New_York"), datetime.UTC]),
)


@given(st.dates() | st.times() | st.datetimes() | st.timedeltas())
def test_pythons_values_come_back_as_they_were(value):
    assert temporal.to_python(temporal.from_python(value)) == value


@given(ZONED)
def test_pythons_zoned_values_name_the_same_instant(value):
    found = temporal.from_python(value)
    assert Fraction(found.instant, 1000) == (value - datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)) // (
        datetime.timedelta(microseconds=1)
    )


def test_what_python_cannot_hold_stays_what_it_is():
    for value in (Date(GREATEST), call("localtime", "00:00:00.000000001"), call("duration", "P1M")):
        assert temporal.to_python(value) is value


def test_numpys_dates_are_read_and_what_is_no_time_is_null():
    assert str(temporal.from_python(np.datetime64("2015-07-21"))) == "2015-07-21"
    assert str(temporal.from_python(np.datetime64("1969-12-31T23:59:59.5"))) == "1969-12-31T23:59:59.500"
    assert temporal.from_python(np.datetime64("NaT")) is None
    assert [str(each) for each in temporal.from_python([datetime.date(2015, 7, 21), 3])] == [
        "2015-07-21",
        "3",
    ]


def test_values_survive_in_a_graph_that_is_copied_and_pickled():
    graph = nx.DiGraph()
    held = [call("date", "2015"), call("datetime", "2015T10[Europe/Paris]"), call("duration", "P1M")]
    graph.add_node(1, held=held)
    assert copy.deepcopy(graph).nodes[1]["held"] == held
    assert pickle.loads(pickle.dumps(graph)).nodes[1]["held"] == held


# --- as queries see them ----------------------------------------------------------------------------------------


def row(query, graph=None, write=False, **parameters):
    found = execute(nx.DiGraph() if graph is None else graph, query, parameters, write=write)
    return [None if value is None else str(value) for value in found.rows[0]]


def test_a_query_sees_one_time_only():
    query = "RETURN duration.inSeconds(localtime(), localtime()), datetime() = datetime.transaction()"
    assert row(query) == ["PT0S", "True"]


@pytest.mark.parametrize(
    ("held", "printed"),
    [
        (datetime.date(2015, 7, 21), "2015-07-21"),
        (
            datetime.datetime(2015, 7, 21, 10, tzinfo=ZoneInfo("Europe/Paris")),
            "2015-07-21T10:00+02:00[Europe/Paris]",
        ),
        (datetime.timedelta(hours=36), "P1DT12H"),
        (np.datetime64("2015-07-21T10:00:00.000000001"), "2015-07-21T10:00:00.000000001"),
        (np.datetime64("NaT"), None),
    ],
)
def test_pythons_and_numpys_values_in_a_foreign_graph_or_a_parameter_are_the_languages(held, printed):
    graph = nx.DiGraph()
    graph.add_node(1, labels="Paper", at=held)
    assert row("MATCH (p:Paper) RETURN p.at, properties(p).at, $at", graph, at=held) == [printed] * 3


def test_foreign_dates_are_compared_looked_up_and_taken_apart():
    graph = nx.DiGraph()
    graph.add_node(1, labels="Paper", day=datetime.date(2015, 7, 21))
    assert row("MATCH (p:Paper {day: date('2015-07-21')}) RETURN p.day.year", graph) == ["2015"]
    assert row("MATCH (p:Paper) WHERE p.day > date('2015-07-20') RETURN p.day", graph) == ["2015-07-21"]


def test_a_stored_value_is_there_for_the_next_query_and_in_the_graph():
    graph = nx.DiGraph()
    execute(graph, "CREATE (:Paper {at: datetime('2015-07-21T10:00[Europe/Paris]')})", write=True)
    assert row("MATCH (p:Paper) RETURN p.at.epochSeconds", graph) == ["1437465600"]
    assert isinstance(next(iter(graph.nodes.values()))["at"], DateTime)
