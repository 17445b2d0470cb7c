from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon

SUMMARY: dict[str, object] = {
    "id": "c1",
    "title": "What is Python?",
    "focus": "general",
    "turns": 2,
    "created_at": "2026-01-02T03:04:05Z",
    "updated_at": "2026-01-02T03:05:05Z",
}
TURN: dict[str, object] = {
    "query_id": "q1",
    "asked_at": "2026-01-02T03:04:05Z",
    "text": "What is\nPython?",
    "state": "answered",
    "response": "A **language**.",
    "error": "",
    "model": "tiny",
    "tokens": 4,
    "latency_seconds": 0.4,
    "degraded": False,
}
FAILED = TURN | {"state": "interrupted", "response": "", "error": "the daemon was stopped", "model": ""}
CONVERSATION = {"summary": SUMMARY, "turns": [TURN, FAILED], "truncated": False}


@pytest.fixture
def stored(daemon: ScriptedDaemon) -> ScriptedDaemon:
    daemon.routes["GET", "/api/conversations"] = Response({"conversations": [SUMMARY]})
    daemon.routes["GET", "/api/conversations/c1"] = Response(CONVERSATION)
    daemon.routes["DELETE", "/api/conversations/c1"] = Response(None, 204)
    missing = {"code": "not_found", "detail": "There is no conversation c9.", "hint": "", "status": 404}
    daemon.routes["GET", "/api/conversations/c9"] = Response(missing, 404, content_type="application/problem+json")
    return daemon


def test_conversations_are_listed(cli: Cli, stored: ScriptedDaemon) -> None:
    shown = cli.run("conversations", "list", "--limit", "7")
    assert shown.returncode == 0
    assert "c1" in shown.stdout
    assert "What is Python?" in shown.stdout
    assert stored.requests[0][1] == "/api/conversations?limit=7"
    assert json.loads(cli.run("conversations", "list", "--json").stdout) == {"conversations": [SUMMARY]}


def test_one_is_shown_with_what_became_of_each_question(cli: Cli, stored: ScriptedDaemon) -> None:
    shown = cli.run("conversations", "show", "c1").stdout
    assert "> What is\n> Python?" in shown
    assert "A **language**." in shown
    assert "interrupted: the daemon was stopped" in shown
    assert json.loads(cli.run("conversations", "show", "c1", "--json").stdout) == CONVERSATION


@pytest.mark.parametrize("form", ["markdown", "json"])
def test_one_is_exported_to_standard_output_or_a_file(
    cli: Cli, stored: ScriptedDaemon, tmp_path: Path, form: str
) -> None:
    printed = cli.run("conversations", "export", "c1", "--format", form).stdout
    file = tmp_path / "talk"
    written = cli.run("conversations", "export", "c1", "--format", form, "-o", str(file))
    assert (written.returncode, written.stdout) == (0, "")
    assert file.read_text(encoding="utf-8") == printed
    if form == "json":
        assert json.loads(printed) == CONVERSATION


def test_a_file_that_cannot_be_written_is_wrong_use(cli: Cli, stored: ScriptedDaemon, tmp_path: Path) -> None:
    nowhere = str(tmp_path / "nowhere" / "talk")
    assert cli.refused("conversations", "export", "c1", "-o", nowhere) == (2, "invalid_input")


def test_deleting_needs_a_yes_where_nobody_can_be_asked(cli: Cli, stored: ScriptedDaemon) -> None:
    assert cli.refused("conversations", "delete", "c1") == (2, "wrong_use")
    assert all(method == "GET" for method, _, _ in stored.requests)
    assert cli.run("conversations", "delete", "c1", "--yes").returncode == 0
    assert stored.requests[-1][:2] == ("DELETE", "/api/conversations/c1")


def test_an_unknown_conversation_is_a_failure(cli: Cli, stored: ScriptedDaemon) -> None:
    for command in ("show", "export", "delete"):
        assert cli.refused("conversations", command, "c9") == (1, "not_found")
