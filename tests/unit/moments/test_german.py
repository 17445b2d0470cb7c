"""Times as they are said in German, by the same grammar with other words; and how they are shown."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from senter.moments.dates import parse_again, parse_moment
from senter.moments.finding import when_in
from senter.moments.lengths import seconds_in
from senter.moments.shown import shown_when
from senter.moments.when import When
from senter.sentences import speaking, spoken

BERLIN = ZoneInfo("Europe/Berlin")
NOW = datetime(2026, 12, 2, 10, 15, tzinfo=BERLIN)


@pytest.fixture(autouse=True)
def german() -> Iterator[None]:
    with speaking("de"):
        yield


def found(text: str) -> When:
    return when_in(text, NOW, BERLIN)


def shown(moment: date | datetime | None) -> str:
    return moment.isoformat()[: len("2026-12-02T10:15")] if moment else ""


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("um halb drei", "2026-12-02T14:30"),
        ("um Viertel vor acht", "2026-12-02T19:45"),
        ("morgen um dreiviertel neun", "2026-12-03T08:45"),
        ("um fünf vor halb neun", "2026-12-02T20:25"),
        ("um zehn nach elf", "2026-12-02T11:10"),
        ("um 17 Uhr 30", "2026-12-02T17:30"),
        ("um siebzehn Uhr fünfzehn", "2026-12-02T17:15"),
        ("um 22 Uhr ein Backup", "2026-12-02T22:00"),
        ("um 19.30 Uhr", "2026-12-02T19:30"),
        ("übermorgen früh", "2026-12-04T09:00"),
        ("uebermorgen frueh um 7", "2026-12-04T07:00"),
        ("heute Morgen", "2026-12-02T09:00"),
        ("morgen", "2026-12-03"),
        ("am Freitagabend um sieben", "2026-12-04T19:00"),
        ("Montagmorgen", "2026-12-07T09:00"),
        ("um 7 Uhr abends", "2026-12-02T19:00"),
        ("am 3.12.", "2026-12-03"),
        ("am 3. Dezember um 18 Uhr", "2026-12-03T18:00"),
        ("am einundzwanzigsten Januar", "2027-01-21"),
        ("am Freitag, dem 4. Dezember", "2026-12-04"),
        ("in anderthalb Stunden", "2026-12-02T11:45"),
        ("in 1,5 Stunden", "2026-12-02T11:45"),
        ("in einer halben Stunde", "2026-12-02T10:45"),
        ("in einer Dreiviertelstunde", "2026-12-02T11:00"),
        ("in 14 Tagen", "2026-12-16"),
        ("vor drei Tagen", "2026-11-29"),
        ("heute in einer Woche", "2026-12-09"),
        ("Freitag in einer Woche", "2026-12-11"),
        ("zwei Tage vor Heiligabend", "2026-12-22"),
        ("Ende Januar", "2027-01-31"),
        ("Ende des Monats", "2026-12-31"),
        ("am ersten Montag im Januar", "2027-01-04"),
        ("nächste Woche Freitag", "2026-12-11"),
        ("übernächste Woche", "2026-12-14"),
        ("übernächsten Freitag", "2026-12-18"),
    ],
)
def test_a_moment_is_read_as_it_is_said(text: str, start: str) -> None:
    when = found(text)
    assert (shown(when.start), when.unread, when.problem) == (start, (), "")


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("jeden Sonntag um 10", "0 10 * * 0"),
        ("werktags um 7", "0 7 * * 1-5"),
        ("montags und donnerstags um 18 Uhr", "0 18 * * 1,4"),
        ("jeden zweiten Dienstag", "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU"),
        ("alle 14 Tage", "RRULE:FREQ=WEEKLY;INTERVAL=2"),
        ("am 1. jedes Monats", "RRULE:FREQ=MONTHLY;BYMONTHDAY=1"),
        ("jeden letzten Freitag im Monat", "RRULE:FREQ=MONTHLY;BYDAY=-1FR"),
        ("zweimal am Tag", "0 9,21 * * *"),
        ("jeden Montag um 9, 10 Mal", "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=10"),
        ("zehnmal jeden Montag um 9", "RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=10"),
        ("10 Tage lang jeden Tag um 8", "RRULE:FREQ=DAILY;UNTIL=20261212T235959"),
        ("jedes Jahr am 12. März", "RRULE:FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=12"),
        ("jeden Tag außer Sonntag um 7", "0 7 * * 1-6"),
    ],
)
def test_what_comes_again_becomes_a_rule(text: str, rule: str) -> None:
    assert found(text).recurrence == rule


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("vom 3. bis 5. Januar", "2027-01-05"),
        ("von 14 bis 16 Uhr", "2026-12-02T16:00"),
        ("zwischen 14 und 16 Uhr", "2026-12-02T16:00"),
        ("Freitag 9-10 Uhr", "2026-12-04T10:00"),
    ],
)
def test_a_range_has_its_end(text: str, end: str) -> None:
    assert shown(found(text).end) == end


@pytest.mark.parametrize(
    ("text", "is_end"), [("bis Freitag", True), ("spätestens am Freitag", True), ("am Freitag", False)]
)
def test_an_end_is_told_from_a_day(text: str, is_end: bool) -> None:
    assert found(text).by is is_end


@pytest.mark.parametrize("text", ["um ein Haar", "drei Brötchen", "so weit so gut", "im Zug 9", "ich mag Freitage"])
def test_words_that_only_look_like_it_are_no_time(text: str) -> None:
    assert found(text).start is None


def test_what_cannot_be_is_told_in_german() -> None:
    assert found("am 31. Februar").problem == "Der Februar hat keinen 31. Tag."
    assert found("am Freitag, dem 5. Dezember").problem == "Der 5. Dezember 2026 ist ein Samstag."


@pytest.mark.parametrize(("text", "seconds"), [("anderthalb Stunden", 5_400), ("2,5 Stunden", 9_000), ("1h30m", 5_400)])
def test_a_length_is_read(text: str, seconds: int) -> None:
    assert seconds_in(text) == seconds


@pytest.mark.parametrize(
    ("recurrence", "text"),
    [
        ("", "Mo, 14. Dez. 2026, 10:30, Europe/Berlin"),
        ("30 10 * * 1-5", "jeden Werktag um 10:30, das nächste Mal Mo, 14. Dez. 2026, 10:30, Europe/Berlin"),
        (
            "RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
            "jeden zweiten Montag, das nächste Mal Mo, 14. Dez. 2026, 10:30, Europe/Berlin",
        ),
    ],
)
def test_a_moment_is_shown_in_the_language_that_is_spoken(recurrence: str, text: str) -> None:
    moment = datetime(2026, 12, 14, 10, 30, tzinfo=BERLIN)
    assert shown_when(moment, BERLIN, recurrence=recurrence) == text


def test_a_language_holds_only_where_it_is_spoken() -> None:
    with speaking("en"):
        assert (spoken(), when_in("halb drei", NOW, BERLIN).start) == ("en", None)
    assert spoken() == "de"


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("morgen 9 Uhr", "2026-12-03T08:00"),
        ("am Freitag um halb acht", "2026-12-04T06:30"),
        ("friday 9:00", "2026-12-04T08:00"),
    ],
)
def test_a_moment_is_read_in_any_language_that_there_are_words_of(language: str, text: str, moment: str) -> None:
    with speaking(language):
        assert shown(parse_moment(text, NOW, BERLIN, day_means="moment")) == moment
        again = parse_again("jeden Sonntag 10:00", NOW, BERLIN)
        assert (again and again.recurrence, spoken()) == ("0 10 * * 0", language)
