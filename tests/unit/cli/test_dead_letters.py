from __future__ import annotations

import json

import pytest

from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon

LETTER: dict[str, object] = {
    "number": 3,
    "consumer": "reporter",
    "event": "query_answered",
    "event_id": "e1",
    "error": "ValueError: no",
    "attempts": 5,
    "died_at": "2026-01-02T03:04:05Z",
    "payload": None,
}
FULL = LETTER | {"payload": {"query_id": "q1"}}


@pytest.fixture
def lettered(daemon: ScriptedDaemon) -> ScriptedDaemon:
    daemon.routes["GET", "/api/dead-letters"] = Response({"letters": [LETTER], "total": 1})
    daemon.routes["GET", "/api/dead-letters/3"] = Response(FULL)
    daemon.routes["POST", "/api/dead-letters/3/replay"] = Response(None, 204)
    daemon.routes["DELETE", "/api/dead-letters/3"] = Response(None, 204)
    return daemon


def test_they_are_listed_and_shown(cli: Cli, lettered: ScriptedDaemon) -> None:
    listed = cli.run("dead-letters", "list").stdout
    assert "query_answered" in listed
    assert cli.run("dead-letters").stdout == listed
    assert json.loads(cli.run("dead-letters", "list", "--json").stdout)["total"] == 1
    shown = cli.run("dead-letters", "show", "3").stdout
    assert '"query_id": "q1"' in shown
    assert json.loads(cli.run("dead-letters", "show", "3", "--json").stdout) == FULL


@pytest.mark.parametrize("which", ["3", "--all"])
def test_they_are_replayed_and_dropped_one_by_one_or_all(cli: Cli, lettered: ScriptedDaemon, which: str) -> None:
    assert cli.run("dead-letters", "replay", which).returncode == 0
    assert lettered.requests[-1][:2] == ("POST", "/api/dead-letters/3/replay")
    assert cli.run("dead-letters", "drop", which, "--yes").returncode == 0
    assert lettered.requests[-1][:2] == ("DELETE", "/api/dead-letters/3")


@pytest.mark.parametrize("arguments", [(), ("3", "--all"), ("0",), ("three",)])
def test_which_one_must_be_said(cli: Cli, lettered: ScriptedDaemon, arguments: tuple[str, ...]) -> None:
    assert cli.refused("dead-letters", "replay", *arguments) == (2, "wrong_use")
    assert lettered.requests == []
