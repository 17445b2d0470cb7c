"""progress, digest and notify, as a person and as a script sees them."""

from __future__ import annotations

import json

import pytest

from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon

ACTIVITY: dict[str, object] = {
    "id": 7,
    "at": "2026-01-02T03:04:05Z",
    "type": "task_completed",
    "summary": "Completed: \x1b[2Jit",
    "details": {},
    "importance": "high",
}
KEPT: dict[str, object] = {
    "id": 3,
    "at": "2026-01-02T03:04:05Z",
    "importance": "high",
    "title": "Senter",
    "body": "Failed: backup",
    "deliveries": [{"target": "ntfy://***", "state": "given_up", "attempts": 9, "next_at": None, "error": "down"}],
}
AWAY = "While you were away (1 activity):\n  - Completed: it\nResults are saved in /home/x/Focuses"
PROGRESS: dict[str, object] = {
    "hours": 24.0,
    "total": 30,
    "by_type": {"task_completed": 30},
    "activities": [ACTIVITY],
    "away": {"since": None, "count": 1, "text": AWAY},
    "kept": [KEPT, KEPT | {"id": 2, "body": "Today\n- 09:00 Stand-up", "deliveries": []}],
    "seen": {"activity_id": 7, "notification_ids": [3]},
}
DIGEST: dict[str, object] = {
    "type": "daily",
    "period_hours": 24,
    "activity_count": 1,
    "summary": "Today, Fri 2 Jan 2026\n- 09:00 Stand-up",
    "by_type": {"task_completed": 1},
    "generated_at": "2026-01-02T03:04:05Z",
}


def told(*, sent: bool | None = True, problem: str = "") -> Response:
    target = {"target": "ntfy://***", "service": "ntfy", "sent": sent, "problem": problem}
    return Response({"title": "Senter", "body": "This is a test.", "targets": [target]})


@pytest.fixture
def reporting(daemon: ScriptedDaemon) -> ScriptedDaemon:
    daemon.routes["GET", "/api/progress"] = Response(PROGRESS)
    daemon.routes["POST", "/api/visits"] = Response(None, 204)
    daemon.routes["GET", "/api/digest"] = Response(DIGEST)
    daemon.routes["POST", "/api/notifications/test"] = told()
    return daemon


def test_progress_shows_away_what_reached_nobody_and_the_last_hours(cli: Cli, reporting: ScriptedDaemon) -> None:
    shown = cli.run("progress", "--hours", "24")
    assert shown.returncode == 0
    assert shown.stdout.startswith(AWAY)
    assert "Failed: backup (ntfy://***: down)" in shown.stdout
    assert "  Today\n    - 09:00 Stand-up\n" in shown.stdout
    assert "In the past 24 hours:" in shown.stdout
    assert "\x1b[2J" not in shown.stdout
    assert "1 of 30 are shown" in shown.stderr
    assert [path for _, path, _ in reporting.requests][-1] == "/api/visits"


@pytest.mark.parametrize(
    ("settings", "environment", "shown"),
    [
        ('[user]\ntimezone = "Asia/Tokyo"\n', {}, "Fri 2 Jan 2026, 12:04"),
        ('user.timezone = "Asia/Tokyo"\n', {"SENTER_USER__TIMEZONE": "Asia/Kolkata"}, "Fri 2 Jan 2026, 08:34"),
        ('[user]\ntimezone = "No/Such"\n', {}, "Fri 2 Jan 2026, 03:04"),
        ("[user\n", {}, "Fri 2 Jan 2026, 03:04"),
        ("user = 7\n", {}, "Fri 2 Jan 2026, 03:04"),
    ],
)
def test_times_are_shown_in_the_users_zone(
    cli: Cli, reporting: ScriptedDaemon, settings: str, environment: dict[str, str], shown: str
) -> None:
    reporting.paths.settings.write_text(settings)
    there = Cli(cli.home, {"TZ": "UTC", **environment})
    assert shown in there.run("progress").stdout


def test_progress_as_json_is_a_visit_too(cli: Cli, reporting: ScriptedDaemon) -> None:
    assert json.loads(cli.run("progress", "--json").stdout) == PROGRESS
    assert [path for _, path, _ in reporting.requests][-1] == "/api/visits"


def test_a_digest_as_json_is_the_reply(cli: Cli, reporting: ScriptedDaemon) -> None:
    assert json.loads(cli.run("digest", "yesterday", "--json").stdout) == DIGEST


@pytest.mark.parametrize(
    ("arguments", "asked"),
    [
        (("yesterday",), "day=yesterday&parts="),
        (("--day", "yesterday"), "day=yesterday&parts="),
        (("--part", "agenda", "--part", "found", "--length", "12"), "day=&parts=agenda%2Cfound&length=12"),
    ],
)
def test_a_digest_is_asked_for_by_day_part_and_length(
    cli: Cli, reporting: ScriptedDaemon, arguments: tuple[str, ...], asked: str
) -> None:
    assert cli.run("digest", *arguments).returncode == 0
    assert reporting.requests[-1][1] == f"/api/digest?{asked}"


def test_a_test_notification_is_looked_at_first(cli: Cli, reporting: ScriptedDaemon) -> None:
    shown = cli.run("notify", "test", "ntfy://h/t")
    assert shown.returncode == 0
    assert "Would send: Senter: This is a test." in shown.stdout
    assert "sent" in shown.stdout.splitlines()[-1]
    assert len(reporting.requests) == 2
    cli.run("notify", "test", "--dry-run")
    assert len(reporting.requests) == 3


def test_a_target_that_is_wrong_gets_nothing_and_fails_the_command(cli: Cli, reporting: ScriptedDaemon) -> None:
    reporting.routes["POST", "/api/notifications/test"] = told(sent=None, problem="Unparseable URL")
    shown = cli.run("notify", "test", "wrong://h")
    assert shown.returncode == 1
    assert "Unparseable URL" in shown.stdout
    assert len(reporting.requests) == 1


@pytest.mark.parametrize(
    "arguments",
    [
        ("progress", "--hours", "0"),
        ("progress", "--hours", "x"),
        ("digest", "--length", "huge"),
        ("digest", "--part", "x"),
        ("notify", "tset"),
    ],
)
def test_wrong_use_is_refused(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert cli.refused(*arguments) == (2, "wrong_use")


@pytest.mark.parametrize("arguments", [("progress",), ("digest",), ("notify", "test")])
def test_they_need_a_daemon(cli: Cli, arguments: tuple[str, ...]) -> None:
    assert cli.refused(*arguments) == (3, "not_running")
