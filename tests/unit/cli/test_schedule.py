from __future__ import annotations

import json
from pathlib import Path
from typing import cast

import pytest

from senter.components.scheduler.commands.reminding import without_asking
from senter.components.scheduler.commands.schedule_words import seconds
from senter.errors import InvalidInput
from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon

JOB: dict[str, object] = {
    "id": 4,
    "name": "tea",
    "job_type": "goal",
    "component": "task_engine",
    "trigger_type": "cron",
    "trigger_config": {"cron": "0 8 * * mon-fri", "zone": ""},
    "trigger": "every weekday at 08:00",
    "payload": {"goal": "Make tea"},
    "enabled": True,
    "running": False,
    "last_run": None,
    "next_run": "2026-11-23T08:00:00Z",
    "run_count": 3,
    "created_at": "2026-11-20T09:00:00Z",
    "misfire": "run_once",
    "grace_seconds": 60.0,
    "overlap": False,
    "only_when_idle": False,
    "daily_limit": None,
    "built_in": False,
    "grant": None,
    "version": "",
    "over": False,
    "told_due": None,
    "told_at": None,
    "snoozed_until": None,
}
ONCE: dict[str, object] = {
    "trigger_type": "once",
    "trigger_config": {"at": "2026-11-30T09:00:00+00:00"},
    "trigger": "once, Mon 30 Nov 2026, 09:00, Europe/London",
}
NO_GRANT: dict[str, object] = {
    name: []
    for name in (
        "read_roots",
        "create_roots",
        "sort_roots",
        "write_roots",
        "hosts",
        "providers",
        "commands",
        "mcp_servers",
        "tools",
    )
}
FULL = {"job": JOB, "zone": "Europe/London"}
FIRING: dict[str, object] = {
    "number": 1,
    "job_id": 4,
    "job": "tea",
    "due_at": "2026-11-20T08:00:00Z",
    "at": "2026-11-20T08:00:00Z",
    "outcome": "skipped",
    "reason": "still running",
    "ended_at": None,
    "status": "",
}


@pytest.fixture
def scheduled(daemon: ScriptedDaemon) -> ScriptedDaemon:
    daemon.routes["GET", "/api/schedule/jobs"] = Response({"jobs": [JOB], "total": 1, "zone": "Europe/London"})
    daemon.routes["POST", "/api/schedule/jobs"] = Response(FULL, 201)
    daemon.routes["GET", "/api/schedule/history"] = Response({"firings": [FIRING]})
    for name in ("tea", "4"):
        daemon.routes["GET", f"/api/schedule/jobs/{name}"] = Response(FULL)
        daemon.routes["DELETE", f"/api/schedule/jobs/{name}"] = Response(None, 204)
        for action in ("pause", "resume", "run"):
            daemon.routes["POST", f"/api/schedule/jobs/{name}/{action}"] = Response(FULL)
    return daemon


def test_jobs_and_their_history_are_listed_and_shown(cli: Cli, scheduled: ScriptedDaemon) -> None:
    listed = cli.run("schedule", "list").stdout
    assert "every weekday at 08:00" in listed
    assert cli.run("schedule").stdout == listed
    assert json.loads(cli.run("schedule", "list", "--json").stdout)["total"] == 1
    assert "skipped: no" not in cli.run("schedule", "show", "tea").stdout.splitlines()[0]
    assert json.loads(cli.run("schedule", "show", "tea", "--json").stdout) == FULL
    assert "still running" in cli.run("schedule", "history").stdout
    assert json.loads(cli.run("schedule", "history", "tea", "--json").stdout) == {"firings": [FIRING]}


def test_a_job_is_added_with_what_the_options_say(cli: Cli, scheduled: ScriptedDaemon) -> None:
    done = cli.run(
        "schedule", "add", "tea", "--on", "task_complete", "--where", "status=failed", "--goal", "Make tea",
        "--missed", "skip", "--grace", "1m30s", "--daily-limit", "2", "--overlap",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Job 4 (tea) is added: every weekday at 08:00; next ")
    body = cast("dict[str, object]", scheduled.requests[-1][2])
    sent = {name: body[name] for name in ("event", "where", "misfire", "grace_seconds", "daily_limit", "overlap")}
    assert sent == {
        "event": "task_complete",
        "where": {"status": "failed"},
        "misfire": "skip",
        "grace_seconds": 90.0,
        "daily_limit": 2,
        "overlap": True,
    }


def test_an_empty_trigger_is_passed_on_as_it_was_said(cli: Cli, scheduled: ScriptedDaemon) -> None:
    for option, field in (("--cron", "cron"), ("--zone", "zone"), ("--at", "at"), ("--on", "event")):
        cli.run("schedule", "add", "tea", "--goal", "x", option, "")
        body = cast("dict[str, object]", scheduled.requests[-1][2])
        said = {name: body[name] for name in ("cron", "zone", "at", "event") if name in body}
        assert said == {field: ""}


def test_a_job_can_be_given_a_preapproved_grant(cli: Cli, scheduled: ScriptedDaemon, tmp_path: Path) -> None:
    grant = {"write_roots": [str(tmp_path)], "hosts": ["example.org"], "commands": [["git", "log"]]}
    options = ("--may-write", str(tmp_path), "--may-reach", "example.org", "--may-run", "git log")
    assert cli.run("schedule", "add", "tea", "--every", "1h", "--goal", "x", *options).returncode == 0
    assert cast("dict[str, object]", scheduled.requests[-1][2])["grant"] == grant
    shown = JOB | {"grant": {**NO_GRANT, **grant}}
    scheduled.routes["GET", "/api/schedule/jobs/tea"] = Response({"job": shown, "zone": "UTC"})
    lines = cli.run("schedule", "show", "tea").stdout
    assert f"may        write below {tmp_path}\nmay        reach example.org\nmay        run git log\n" in lines


REMINDER: dict[str, object] = {
    "job": JOB | ONCE | {"id": 12, "payload": {"reminder": "call the bank"}, "next_run": "2026-11-30T09:00:00Z"},
    "zone": "Europe/London",
    "known": False,
}
DAILY = JOB | {"id": 9, "payload": {"reminder": "stretch"}, "trigger": "every day at 08:00"}
SINCE = {"told_due": "2026-11-22T08:00:00Z", "told_at": "2026-11-22T08:00:00Z"}
TOLD = DAILY | {"id": 7, "payload": {"reminder": "pills"}} | SINCE
SNOOZED = TOLD | {"snoozed_until": "2026-11-24T08:10:00Z"}
TIMER = JOB | ONCE | SINCE | {"id": 8, "payload": {"reminder": "tea timer", "timer": 240}, "next_run": None}
SILENT: dict[str, object] = {"count": 0, "reason": "There is no desktop and no notification target."}


def test_a_reminder_is_a_job_and_says_its_moment_and_that_it_cannot_ring(cli: Cli, scheduled: ScriptedDaemon) -> None:
    scheduled.routes["POST", "/api/schedule/jobs"] = Response(REMINDER, 201)
    scheduled.routes["GET", "/api/notifications/targets"] = Response(SILENT)
    told = Cli(cli.home, {"SENTER_USER__TIMEZONE": "Europe/London"}).run("remind", "call the bank", "--in", "2h")
    assert told.stdout == "Reminder 12: call the bank, Mon 30 Nov 2026, 09:00, Europe/London.\n"
    assert "It cannot ring" in told.stderr
    body = cast("dict[str, object]", scheduled.requests[0][2])
    assert (body["job_type"], body["payload"], body["in_seconds"]) == ("custom", {"reminder": "call the bank"}, 7_200)


def test_a_reminder_may_be_said_as_to_somebody_and_with_its_clock_time_apart(
    cli: Cli, scheduled: ScriptedDaemon
) -> None:
    scheduled.routes["POST", "/api/schedule/jobs"] = Response(REMINDER, 201)
    scheduled.routes["GET", "/api/notifications/targets"] = Response(SILENT)
    cli.run("remind", "me", "to", "stretch", "--every", "day", "--at", "8:30")
    body = cast("dict[str, object]", scheduled.requests[0][2])
    assert (body["payload"], body["when"]) == ({"reminder": "stretch"}, "every day at 8:30")


@pytest.mark.parametrize(
    ("words", "apart"),
    [
        (("me to breathe in 2h",), ("breathe in 2h",)),
        (("us about rent", "friday"), ("rent", "friday")),
        (("mexico trip",), ("mexico trip",)),
        (("me", "to"), ("me", "to")),
    ],
)
def test_who_is_reminded_is_no_part_of_what(words: tuple[str, ...], apart: tuple[str, ...]) -> None:
    assert without_asking(words) == apart


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("90s", 90),
        ("1h30m", 5_400),
        ("2 hours", 7_200),
        ("1 hour 30 min", 5_400),
        ("1.5 days", 129_600),
        ("1 Week", 604_800),
        ("1h and 2m", 3_720),
        ("half an hour", 1_800),
        ("two weeks, 1 day", 1_296_000),
    ],
)
def test_a_length_is_said_in_letters_or_in_words(said: str, expected: float) -> None:
    assert seconds(said, "--in") == expected


@pytest.mark.parametrize("said", ["", "2", "hours", "2 months", "-1h"])
def test_what_is_no_length_is_refused(said: str) -> None:
    with pytest.raises(InvalidInput):
        seconds(said, "--in")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["schedule", "add", "tea", "--every", "often", "--goal", "x"], "invalid_input"),
        (["schedule", "add", "tea", "--every", "", "--goal", "x"], "invalid_input"),
        (["schedule", "add", "tea", "--in", "", "--goal", "x"], "invalid_input"),
        (["schedule", "add", "tea", "--grace", "", "--goal", "x"], "invalid_input"),
        (["remind", "tea", "--in", ""], "invalid_input"),
        (["remind", "tea", "--in", "1h", "--at", ""], "wrong_use"),
        (["schedule", "add", "tea"], "invalid_input"),
        (["schedule", "add", "tea", "--goal", "x", "--may-read", "/nowhere/at/all"], "invalid_input"),
        (["schedule", "add", "tea", "--goal", "x", "--may-run", "git 'log"], "invalid_input"),
        (["schedule", "add", "tea", "--goal", "x", "--where", "status"], "invalid_input"),
        (["schedule", "add", "tea", "--type", "custom", "--payload", "{"], "invalid_input"),
        (["schedule", "add", "tea", "--type", "custom", "--payload", "[]"], "invalid_input"),
        (["schedule", "shwo"], "wrong_use"),
        (["remind", "call the bank"], "wrong_use"),
        (["remind", " ", "--in", "2h"], "invalid_input"),
        (["schedule", "remove", "tea"], "wrong_use"),
    ],
)
def test_wrong_use_changes_nothing(cli: Cli, scheduled: ScriptedDaemon, words: list[str], code: str) -> None:
    assert cli.refused(*words) == (2, code)
    assert not [request for request in scheduled.requests if request[0] != "GET"]


def test_a_job_is_changed_run_and_removed(cli: Cli, scheduled: ScriptedDaemon) -> None:
    for action, job in (("pause", "tea"), ("resume", "4"), ("run", "tea")):
        assert cli.run("schedule", action, job).returncode == 0
        assert scheduled.requests[-1][:2] == ("POST", f"/api/schedule/jobs/{job}/{action}")
    assert json.loads(cli.run("schedule", "remove", "tea", "--yes", "--json").stdout) == {"removed": 4}
