"""`senter remind` and `senter timer`: what is sent for what people type."""

from __future__ import annotations

from datetime import date, timedelta
from typing import cast

import pytest

from senter.moments.calendar_arithmetic import days_before
from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon
from tests.unit.cli.test_schedule import DAILY, REMINDER, TIMER, TOLD

ACT = {"kind": "reminder", "gist": "call mom", "due": "2026-12-06T10:00", "recurrence": "0 10 * * 0", "zone": ""}


@pytest.fixture
def reminding(daemon: ScriptedDaemon) -> ScriptedDaemon:
    daemon.routes["GET", "/api/schedule/jobs"] = Response({"jobs": [DAILY, TIMER, TOLD], "total": 3, "zone": "UTC"})
    daemon.routes["POST", "/api/schedule/jobs"] = Response(REMINDER, 201)
    daemon.routes["POST", "/api/understand"] = Response({"acts": [ACT], "question": None, "now": "", "zone": "UTC"})
    daemon.routes["GET", "/api/notifications/targets"] = Response({"count": 1, "reason": ""})
    for number in (7, 8):
        for action in ("done", "snooze"):
            path = f"/api/schedule/jobs/{number}/{action}"
            daemon.routes["POST", path] = Response({"job": TOLD, "zone": "UTC"})
    return daemon


def sent(daemon: ScriptedDaemon, *names: str) -> dict[str, object]:
    """What the last request that changes something said, apart from those of these names that it left out."""
    body = cast("dict[str, object]", [each for each in daemon.requests if each[0] == "POST"][-1][2])
    return {name: body[name] for name in names if name in body}


@pytest.mark.parametrize(
    ("words", "text", "when"),
    [
        (["call mom", "every sunday 10:00"], "call mom", {"when": "every sunday 10:00"}),
        (["call", "mom", "every sunday 10:00"], "call mom", {"when": "every sunday 10:00"}),
        (["tea", "10m"], "tea", {"when": "10m"}),
        (["call mom every sunday at 10"], "call mom", {"cron": "0 10 * * 0"}),
        (["call", "mom", "every", "sunday", "at", "10"], "call mom", {"cron": "0 10 * * 0"}),
        (["add", "list", "friday"], "list", {"when": "friday"}),
        (["call mom", "--at", "every sunday 10:00"], "call mom", {"when": "every sunday 10:00"}),
        (["tea", "--in", "4m"], "tea", {"in_seconds": 240}),
        (["--in", "4m", "tea"], "tea", {"in_seconds": 240}),
        (["pills", "--cron", "0 8 * * *", "--until", "24.12."], "pills", {"cron": "0 8 * * *", "until": "24.12."}),
        (["water", "--every", "36h"], "water", {"every_seconds": 129_600}),
        (["bins", "--every", "sunday 10:00"], "bins", {"when": "every sunday 10:00"}),
        (["bins", "--every", "every sunday 10:00"], "bins", {"when": "every sunday 10:00"}),
        (["rent", "--every", "first friday 9:00"], "rent", {"when": "every first friday 9:00"}),
    ],
)
def test_a_reminder_is_set_in_words_as_they_come(
    cli: Cli, reminding: ScriptedDaemon, words: list[str], text: str, when: dict[str, object]
) -> None:
    done = cli.run("remind", *words)
    assert done.returncode == 0, done.stderr
    assert sent(reminding, "payload", "when", "cron", "in_seconds", "every_seconds", "until") == {
        "payload": {"reminder": text},
        **when,
    }


def test_a_day_of_each_year_is_set_with_days_before_it(cli: Cli, reminding: ScriptedDaemon) -> None:
    assert cli.run("remind", "anna's birthday", "--yearly", "3 dec 8:00", "--before", "2d").returncode == 0
    said = sent(reminding, "recurrence", "at")
    assert said["recurrence"] == "RRULE:FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=1"
    assert str(said["at"]).endswith("T08:00")


@pytest.mark.parametrize("year", [2026, 2028])
@pytest.mark.parametrize("days", [0, 1, 2, 27])
def test_days_before_a_day_are_those_of_each_year(year: int, days: int) -> None:
    for number in range(365):
        day = date(year, 1, 1) + timedelta(days=number)
        if (day.month, day.day) == (2, 29):
            continue
        month, of_month = days_before(day.month, day.day, days)
        wanted = day - timedelta(days=days)
        last = (date(wanted.year + wanted.month // 12, wanted.month % 12 + 1, 1) - timedelta(days=1)).day
        assert (month, of_month if of_month > 0 else last + 1 + of_month) == (wanted.month, wanted.day)


@pytest.mark.parametrize(
    ("words", "path", "at"),
    [
        (["remind", "done", "pills"], "7/done", None),
        (["remind", "done", "8"], "8/done", None),
        (["remind", "snooze", "7"], "7/snooze", None),
        (["remind", "snooze", "7", "10m"], "7/snooze", "10m"),
        (["remind", "snooze", "pills", "until", "friday"], "7/snooze", "until friday"),
        (["timer", "stop"], "8/done", None),
    ],
)
def test_the_one_that_is_meant_is_done_or_snoozed(
    cli: Cli, reminding: ScriptedDaemon, words: list[str], path: str, at: str | None
) -> None:
    if words[0] == "timer":
        reminding.routes["GET", "/api/schedule/jobs"] = Response({"jobs": [TIMER], "total": 1, "zone": "UTC"})
    done = cli.run(*words)
    assert done.returncode == 0, done.stderr
    assert reminding.requests[-1][1] == f"/api/schedule/jobs/{path}"
    assert sent(reminding, "at").get("at") == at


@pytest.mark.parametrize("words", [["10m"], ["10", "minutes"], ["10m", "pasta"], ["pasta", "10m"]])
def test_a_timer_takes_a_length_and_a_name_in_either_order(
    cli: Cli, reminding: ScriptedDaemon, words: list[str]
) -> None:
    assert cli.run("timer", *words).returncode == 0
    name = "pasta" if "pasta" in words else " ".join(words)
    assert sent(reminding, "payload", "in_seconds") == {
        "payload": {"reminder": f"{name} timer", "timer": 600},
        "in_seconds": 600,
    }


def test_without_a_time_nothing_is_set_where_nobody_can_be_asked(cli: Cli, reminding: ScriptedDaemon) -> None:
    assert cli.refused("remind", "buy", "milk") == (2, "wrong_use")
    assert not [request for request in reminding.requests if request[0] == "POST"]
