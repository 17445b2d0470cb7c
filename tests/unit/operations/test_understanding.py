"""Batches of sentences: each line has its own moment and zone, and a bad line stops nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from senter.errors import InvalidInput
from senter.operations.understanding import batch, read_moment, understood

NEW_YORK = "2026-03-08T00:30:00-05:00[America/New_York]"


def line(**row: object) -> str:
    return json.dumps(row)


def test_each_line_is_read_at_its_own_moment_and_in_its_own_zone() -> None:
    (row,) = batch([line(id="a", text="wake me at 7", now=NEW_YORK)])
    assert row["id"] == "a"
    assert row["question"] is None
    (act,) = json.loads(json.dumps(row["acts"]))
    assert (act["kind"], act["due"], act["span"]) == ("reminder", "2026-03-08T07:00", [0, 12])
    assert set(act) >= {"kind", "gist", "due", "recurrence", "all_day", "span", "confidence"}


def test_a_question_back_is_its_sentence() -> None:
    (row,) = batch([line(id=1, text="remind me to buy milk", now=NEW_YORK)])
    assert row["question"] == "When shall I remind you: buy milk?"


@pytest.mark.parametrize(
    "bad",
    [
        "no JSON",
        "[]",
        line(id=2),
        line(id=2, text=" "),
        line(id=2, text=3),
        line(id=2, text="x", now="soon"),
        line(id=2, text="x", now=5),
        line(id=2, text="x", now="2026-03-08T00:30:00-05:00[Mars/Olympus]"),
        line(id=2, text="x" * 100_001),
    ],
)
def test_a_bad_line_is_told_and_the_rest_goes_on(bad: str) -> None:
    rows = [*batch([bad, "", line(id=3, text="undo", now=NEW_YORK)])]
    assert [(row["line"], "error" in row) for row in rows[:-1]] == [(1, True)]
    assert rows[-1]["id"] == 3 and "acts" in rows[-1]


def test_a_moment_has_its_zone_in_brackets_or_the_one_that_is_given() -> None:
    moment, zone = read_moment(NEW_YORK)
    assert (moment.astimezone(UTC), zone.key) == (datetime(2026, 3, 8, 5, 30, tzinfo=UTC), "America/New_York")
    assert read_moment("2026-03-08T00:30", "Europe/Berlin")[0].utcoffset() is not None
    assert read_moment(NEW_YORK, "Europe/Berlin")[1].key == "Europe/Berlin"
    assert read_moment(NEW_YORK, own_zone="Europe/Berlin")[1].key == "America/New_York"
    assert read_moment("2026-03-08T00:30Z", own_zone="Europe/Berlin")[1].key == "Europe/Berlin"
    with pytest.raises(InvalidInput):
        read_moment("2026-13-08")


def test_one_text_is_read_now_where_no_moment_is_given() -> None:
    assert understood("thanks").now.tzinfo is not None
