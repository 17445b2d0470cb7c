"""The frozen sets hold what they promise, and times are compared as their labels mean them."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from senter.messages.acts import ActKind
from tests.support.labelled_sets import (
    LabelledSentence,
    TimesLabel,
    conversations,
    everyday_sentences,
    exchanges,
    questions,
    sentences,
    sentences_of_time,
)
from tests.support.own_things import DAYS_OF_CALENDAR, calendar_text, write_papers
from tests.support.said_times import (
    COMPARED_OCCURRENCES,
    RelativeDay,
    Times,
    is_at,
    occurrences,
    on_clock_of,
    same_times,
)
from tests.support.what_exists import entries_of

MONDAY = datetime(2026, 11, 30, 10, 15)  # noqa: DTZ001 - a local time of no zone


def test_half_of_the_four_hundred_sentences_are_traps() -> None:
    said = sentences()

    assert len({sentence.text for sentence in said}) == 400
    assert sum(bool(sentence.trap) for sentence in said) == 200
    assert sum(len(sentence.acts) > 1 for sentence in said) >= 60


def test_every_kind_of_act_is_labelled_several_times() -> None:
    labelled = Counter(kind for sentence in sentences() for act in sentence.acts for kind in act.kinds)

    assert {kind for kind, count in labelled.items() if count >= 5} == set(ActKind)


def test_the_other_sets_are_whole() -> None:
    assert len(sentences_of_time()) == 200
    assert Counter(question.pair for question in questions()) == dict.fromkeys(range(1, 61), 2)
    assert Counter(bool(exchange.false) for exchange in exchanges()) == {True: 300, False: 100}
    assert Counter(sentence.number_of_set for sentence in everyday_sentences()) == dict.fromkeys(range(1, 9), 15)
    assert [len(conversation.turns) in range(3, 9) for conversation in conversations()] == [True] * 30


def test_every_labelled_time_is_read_and_lies_ahead() -> None:
    for sentence in (*sentences(), *sentences_of_time()):
        now = sentence.moment.astimezone(sentence.zone).replace(tzinfo=None)
        labels: tuple[TimesLabel, ...] = sentence.acts if isinstance(sentence, LabelledSentence) else (sentence,)
        for times in (times for label in labels for times in label.alternatives):
            assert times.due is None or datetime.fromisoformat(times.due).date() >= now.date(), sentence
            assert not times.end or times.end > str(times.due), sentence
            assert not times.recurrence or len(occurrences(times, now)) == COMPARED_OCCURRENCES, sentence
            assert not times.recurrence or occurrences(times, now)[0] == times.due, sentence


def test_every_moment_is_written_with_the_offset_of_its_zone() -> None:
    for sentence in (*sentences(), *sentences_of_time()):
        assert sentence.moment.utcoffset() == sentence.moment.astimezone(sentence.zone).utcoffset(), sentence


def test_every_claim_stands_in_its_answer() -> None:
    for exchange in exchanges():
        heard = " ".join(exchange.answer.replace("’", "'").replace("*", "").casefold().split())
        assert all(" ".join(false.casefold().split()) in heard for false in exchange.false), exchange


@pytest.mark.parametrize(
    ("found", "right"),
    [
        (Times("2026-12-06T10:00", recurrence="0 10 * * 0"), Times("2026-12-06T10:00", recurrence="0 10 * * sun")),
        (
            Times("2026-12-06T10:00", recurrence="RRULE:FREQ=WEEKLY;BYDAY=SU"),
            Times("2026-12-06T10:00", recurrence="0 10 * * 7"),
        ),
        (
            Times("2026-12-06", recurrence="RRULE:FREQ=WEEKLY;BYDAY=SU;BYHOUR=10;BYMINUTE=0"),
            Times("2026-12-06T10:00", recurrence="0 10 * * 0"),
        ),
    ],
)
def test_what_comes_again_at_the_same_times_is_the_same_however_it_is_written(found: Times, right: Times) -> None:
    assert same_times(found, right, MONDAY, whole_days_matter=False)


@pytest.mark.parametrize(
    "found",
    [
        Times("2026-12-06T10:00"),
        Times("2026-12-06T10:00", recurrence="0 11 * * 0"),
        Times("2026-12-13T10:00", recurrence="0 10 * * 0"),
        Times("2026-12-06T10:00", recurrence="RRULE:FREQ=FORTNIGHTLY"),
        Times("2026-12-06", recurrence="RRULE:FREQ=WEEKLY;BYDAY=SU"),
    ],
)
def test_what_comes_at_other_times_is_another(found: Times) -> None:
    right = Times("2026-12-06T10:00", recurrence="0 10 * * 0")

    assert not same_times(found, right, MONDAY, whole_days_matter=False)


def test_a_day_is_not_a_moment_of_that_day_unless_something_was_made_for_it() -> None:
    day, moment = Times("2026-12-04"), Times("2026-12-04T09:00")

    assert not same_times(moment, day, MONDAY, whole_days_matter=False)
    assert is_at(moment, day, MONDAY)
    assert not is_at(day, moment, MONDAY)


def test_a_time_in_a_named_zone_is_told_on_the_clock_of_the_person() -> None:
    assert on_clock_of("2026-12-04T15:00", "America/New_York", ZoneInfo("Europe/London")) == "2026-12-04T20:00"
    assert on_clock_of("2026-12-04", "America/New_York", ZoneInfo("Europe/London")) == "2026-12-04"


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("+1T09:00", "2026-12-01T09:00"),
        ("mon", "2026-12-07"),
        ("fri", "2026-12-04"),
        ("nfri", "2026-12-11"),
        ("md:11-30", "2027-11-30"),
        ("dom:1", "2026-12-01"),
        ("eom", "2026-11-30"),
        ("eoy", "2026-12-31"),
        ("in:20m", "2026-11-30T10:35"),
    ],
)
def test_days_are_named_from_today(said: str, day: str) -> None:
    assert RelativeDay(said).resolve(MONDAY) == day


def test_the_calendar_that_is_written_holds_one_entry_a_day(tmp_path: Path) -> None:
    file = tmp_path / "calendar.ics"
    file.write_text(calendar_text(date(2026, 11, 30)), encoding="utf-8")

    entries = list(entries_of(file, ZoneInfo("Europe/Berlin")))

    assert [entry.title for entry in entries] == list(DAYS_OF_CALENDAR)
    assert entries[1].times == Times("2026-12-01T17:00", "2026-12-01T18:00")


def test_the_expenses_add_up_to_what_the_sentences_expect(tmp_path: Path) -> None:
    write_papers(tmp_path)
    rows = list(csv.DictReader((tmp_path / "money" / "expenses.csv").read_text(encoding="utf-8").splitlines()))

    def total(category: str = "", month: str = "") -> Decimal:
        fit = (row for row in rows if category in row["category"] and row["date"].startswith(month))
        return sum((Decimal(row["amount"]) for row in fit), Decimal())

    assert str(total("groceries", "2026-10")) == "212.40"
    assert str(total("groceries", "2026-11")) == "187.30"
    assert str(total("travel")) == "498.50"
    assert str(total("books")) == "64.80"
    assert str(total(month="2026-11")) == "317.30"
    assert str(total()) == "1043.20"
