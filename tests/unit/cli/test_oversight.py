"""task, approvals, why, panic, audit, tools and documents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.paths import Paths
from tests.support.goal_bodies import APPROVAL, goal_body
from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon

TOOL: dict[str, object] = {
    "name": "documents_search",
    "description": "Searches the folders the user named.",
    "effect": "pure",
    "permission": "the folders",
    "timeout_seconds": 10.0,
    "arguments": {
        "type": "object",
        "properties": {"query": {"type": "string", "description": "Words."}, "limit": {"type": "integer"}},
        "required": ["query"],
    },
    "available": True,
    "reason": "",
}

FOUND: dict[str, object] = {"missing": [], "notes": []}


@pytest.mark.parametrize("action", ["done", "fail", "feed"])
def test_a_task_is_updated_from_outside(cli: Cli, daemon: ScriptedDaemon, action: str) -> None:
    daemon.routes["POST", "/api/tasks/12"] = Response(goal_body())
    assert cli.run("task", action, "12", "They come", "on Monday.").returncode == 0
    assert daemon.requests[-1][2] == {"action": action, "text": "They come on Monday."}


def test_approvals_show_the_exact_arguments(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["GET", "/api/approvals"] = Response({"approvals": [APPROVAL]})
    shown = cli.run("approvals").stdout
    assert 'url = "https://tea.example/"' in shown
    assert "not granted: reach tea.example" in shown
    assert json.loads(cli.run("approvals", "--json").stdout)["approvals"] == [APPROVAL]


@pytest.mark.parametrize(("word", "decision"), [("approve", "approved"), ("deny", "denied")])
def test_an_approval_is_decided(cli: Cli, daemon: ScriptedDaemon, word: str, decision: str) -> None:
    daemon.routes["POST", "/api/approvals/7"] = Response({"approvals": [APPROVAL | {"decision": decision}]})
    decided = json.loads(cli.run("approvals", word, "7", "--json").stdout)
    assert decided["decision"] == decision
    assert daemon.requests[-1][2] == {"decision": decision}


def test_why_is_a_tree_back_to_the_request(cli: Cli, daemon: ScriptedDaemon) -> None:
    at = "2026-11-20T09:00:00Z"
    lines = [
        {"depth": 0, "kind": "task", "id": "12", "text": "completed: Search", "at": at, "grant": None},
        {"depth": 1, "kind": "tool_call", "id": "3", "text": "documents_search", "at": at, "grant": None},
        {"depth": 1, "kind": "goal", "id": "1", "text": "completed", "at": at, "grant": None},
        {
            "depth": 2,
            "kind": "grant",
            "id": "1",
            "text": "given by task_engine",
            "at": None,
            "grant": goal_body()["grant"],
        },
        {"depth": 2, "kind": "request", "id": "r1", "text": "asked for by user", "at": None, "grant": None},
    ]
    daemon.routes["GET", "/api/why"] = Response({"lines": lines})

    shown = cli.run("why", "task", "12").stdout.splitlines()

    assert daemon.requests[-1][1] == "/api/why?about=task%2012"
    assert shown[0].startswith("└─ task 12, Fri 20 Nov 2026, ")
    assert shown[1].startswith("   ├─ tool call 3")
    assert shown[2].startswith("   └─ goal 1")
    assert shown[3:5] == ["      ├─ grant 1: given by task_engine", "      │     read below /papers"]
    assert shown[-1] == "      └─ request r1: asked for by user"


@pytest.mark.parametrize("command", [["why", "a\udcff"], ["documents", "remove", "/a\udcff"]])
def test_a_name_that_is_no_text_is_wrong_use(cli: Cli, command: list[str]) -> None:
    assert cli.refused(*command) == (2, "invalid_input")


def test_panic_stops_and_releases(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["POST", "/api/panic"] = Response(None, 204)
    for words, stopped in ((("panic",), True), (("panic", "--release"), False)):
        said = json.loads(cli.run(*words, "--json").stdout)
        assert said == {"stopped": stopped, "not_answered": ""}
    assert [request[2] for request in daemon.requests] == [{"release": False}, {"release": True}]


def test_panic_is_on_record_while_nobody_answers(cli: Cli) -> None:
    stopped = cli.run("panic", "--json")
    assert (stopped.returncode, Paths(cli.home).panic.exists()) == (0, True)
    assert json.loads(stopped.stdout)["stopped"] is True


def test_a_stop_that_nobody_found_yet_is_withdrawn_while_nobody_answers(cli: Cli) -> None:
    cli.run("panic")
    released = cli.run("panic", "--release", "--json")
    assert (released.returncode, Paths(cli.home).panic.exists()) == (0, False)
    assert json.loads(released.stdout)["stopped"] is False


def test_a_stop_that_was_found_takes_the_task_engine_to_release_it(cli: Cli) -> None:
    assert cli.refused("panic", "--release") == (3, "not_running")


def test_a_stop_is_withdrawn_while_only_the_task_engine_is_down(cli: Cli, daemon: ScriptedDaemon) -> None:
    given_up = {
        "code": "unavailable",
        "detail": "task_engine failed too often and was given up.",
        "hint": "Try it again with: senter restart task_engine",
        "status": 503,
    }
    daemon.routes["POST", "/api/panic"] = Response(given_up, 503, content_type="application/problem+json")
    cli.run("panic")
    assert cli.run("panic", "--release").returncode == 0
    assert not Paths(cli.home).panic.exists()
    assert cli.refused("panic", "--release") == (1, "unavailable")


def test_a_release_that_fails_withdraws_nothing(cli: Cli, daemon: ScriptedDaemon) -> None:
    full = {"code": "storage_full", "detail": "The disk is full.", "hint": "", "status": 507}
    daemon.routes["POST", "/api/panic"] = Response(full, 507, content_type="application/problem+json")
    cli.run("panic")
    assert cli.refused("panic", "--release") == (1, "storage_full")
    assert Paths(cli.home).panic.exists()


def test_panic_without_a_home_is_no_success(tmp_path: Path) -> None:
    assert Cli(tmp_path / "missing").run("panic").returncode == 3


def test_the_audit_log_is_checked_and_exported(cli: Cli, daemon: ScriptedDaemon, tmp_path: Path) -> None:
    whole: dict[str, object] = {
        "entries": [],
        "total": 3,
        "intact": True,
        "broken_at": None,
        "head": "ab" * 32,
        **FOUND,
    }
    daemon.routes["GET", "/api/audit"] = Response(whole)
    assert cli.run("audit", "verify").returncode == 0
    daemon.routes["GET", "/api/audit"] = Response(whole | {"total": 1})
    assert cli.run("audit", "verify").stdout.startswith("The audit log is intact: 1 entry.\n")
    assert cli.run("audit", "export", "-o", str(tmp_path / "audit.jsonl")).returncode == 0
    assert (tmp_path / "audit.jsonl").read_text() == ""
    daemon.routes["GET", "/api/audit"] = Response(whole | {"intact": False, "broken_at": 2})
    broken = cli.run("audit", "verify", "--json")
    assert (broken.returncode, json.loads(broken.stdout)["broken_at"]) == (1, 2)


def test_a_log_that_is_short_is_a_failure(cli: Cli, daemon: ScriptedDaemon) -> None:
    whole: dict[str, object] = {"entries": [], "total": 3, "intact": True, "broken_at": None, "head": "ab" * 32}
    daemon.routes["GET", "/api/audit"] = Response(whole | {"missing": ["2 goals are missing."], "notes": ["Note."]})
    short = cli.run("audit", "verify", "--json")
    assert (short.returncode, json.loads(short.stdout)["missing"]) == (1, ["2 goals are missing."])
    daemon.routes["GET", "/api/audit"] = Response(whole | {"missing": [], "notes": ["Note."]})
    noted = cli.run("audit", "verify", "--json")
    assert (noted.returncode, json.loads(noted.stdout)["notes"]) == (0, ["Note."])


@pytest.mark.parametrize(("digest", "returncode"), [("ab" * 32, 0), ("cd" * 32, 1)])
def test_the_audit_log_is_compared_with_a_digest_that_was_kept(
    cli: Cli, daemon: ScriptedDaemon, digest: str, returncode: int
) -> None:
    entry = {"number": 2, "at": None, "actor": "user", "action": "panic", "subject": "task_engine", "text": None}
    entries = [entry | {"content_digest": "0", "digest": "ab" * 32}]
    whole: dict[str, object] = {
        "entries": entries,
        "total": 3,
        "intact": True,
        "broken_at": None,
        "head": "ef" * 32,
    } | FOUND
    daemon.routes["GET", "/api/audit"] = Response(whole)
    compared = cli.run("audit", "verify", "--kept", f"2:{digest}", "--json")
    assert (compared.returncode, json.loads(compared.stdout)["holds_kept"]) == (returncode, returncode == 0)
    assert daemon.requests[-1][1] == "/api/audit?after=1&limit=1"


@pytest.mark.parametrize("kept", ["", "2", "0:" + "ab" * 32, "2:ab", "two:" + "ab" * 32])
def test_what_is_no_digest_is_wrong_use(cli: Cli, kept: str) -> None:
    assert cli.refused("audit", "verify", "--kept", kept) == (2, "wrong_use")


def test_tools_are_listed_shown_and_tried(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["GET", "/api/tools"] = Response({"tools": [TOOL]})
    daemon.routes["POST", "/api/tools/documents_search/test"] = Response(
        {"text": "Found.", "sources": [{"title": "Tea", "address": "/tea.md", "quote": ""}], "truncated": False}
    )
    assert "documents_search  pure    yes" in cli.run("tools").stdout
    assert "query (string)  Words." in cli.run("tools", "show", "documents_search").stdout
    tried = cli.run("tools", "test", "documents_search", "query=7", "limit=3")
    assert tried.stdout == "Found.\nSource: Tea, /tea.md\n"
    assert daemon.requests[-1][2] == {"arguments": {"query": "7", "limit": 3}}
    assert cli.refused("tools", "show", "document_search") == (1, "not_found")
    assert cli.refused("tools", "test", "documents_search", "tea") == (2, "invalid_input")


def test_folders_are_listed_with_their_problem_and_what_is_skipped_in_them(cli: Cli, daemon: ScriptedDaemon) -> None:
    folder: dict[str, JsonValue] = {"path": "/papers", "files": 3, "skipped": 1, "bytes": 2_048, "busy": False}
    folder |= {"indexed_at": "2026-03-02T09:00:00Z", "problem": "It cannot be read: No such file or directory."}
    skipped: list[JsonValue] = [{"path": "/papers/a\nb.pdf", "reason": "It is encrypted."}]
    daemon.routes["GET", "/api/documents"] = Response({"folders": [folder], "skipped": skipped, "pictures": 0})
    assert "It cannot be read: No such file or directory." in " ".join(cli.run("documents").stdout.split())
    named = cli.run("documents", "list", "--skipped").stdout
    assert "It is encrypted." in named
    assert "/papers/a\nb.pdf" not in named


def test_folders_are_named_by_their_whole_path(cli: Cli, daemon: ScriptedDaemon, tmp_path: Path) -> None:
    daemon.routes["POST", "/api/documents"] = Response({"folders": []})
    daemon.routes["DELETE", "/api/documents"] = Response(None, 204)
    (tmp_path / "papers").mkdir()
    assert cli.run("documents", "add", f"{tmp_path}/papers/../papers").returncode == 0
    assert daemon.requests[-1][2] == {"path": str(tmp_path / "papers")}
    assert cli.run("documents", "remove", str(tmp_path / "papers")).returncode == 0


def test_an_export_that_cannot_be_made_leaves_the_older_one(cli: Cli, tmp_path: Path) -> None:
    kept = tmp_path / "audit.jsonl"
    kept.write_text("the only proof\n")
    assert cli.refused("audit", "export", "-o", str(kept)) == (3, "not_running")
    assert kept.read_text() == "the only proof\n"
    assert list(tmp_path.iterdir()) == [kept]


@pytest.mark.parametrize("command", [["documents", "add", ""], ["documents", "remove", " "]])
def test_an_empty_folder_is_not_the_folder_one_is_in(cli: Cli, command: list[str]) -> None:
    assert cli.refused(*command) == (2, "wrong_use")


def test_an_empty_folder_is_not_allowed_to_a_goal(cli: Cli) -> None:
    assert cli.refused("goal", "plan", "tidy up", "--may-write", "") == (2, "invalid_input")
