"""task, approvals, why, panic, audit, tools and documents."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from pydantic import JsonValue

from senter.paths import Paths
from tests.support.goal_bodies import goal_body
from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon
from tests.unit.cli.test_goal import APPROVAL

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
    done = cli.run("task", action, "12", "They come", "on Monday.")
    assert done.stdout.startswith("Task 12 of goal 1 ")
    assert daemon.requests[-1][2] == {"action": action, "text": "They come on Monday."}


def test_approvals_show_the_exact_arguments(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["GET", "/api/approvals"] = Response({"approvals": [APPROVAL]})
    shown = cli.run("approvals").stdout
    assert 'url = "https://tea.example/"' in shown
    assert "not granted: reach tea.example" in shown
    assert json.loads(cli.run("approvals", "--json").stdout)["approvals"] == [APPROVAL]
    daemon.routes["GET", "/api/approvals"] = Response({"approvals": []})
    assert cli.run("approvals").stdout == "Nothing waits for you.\n"


@pytest.mark.parametrize(("word", "decision"), [("approve", "approved"), ("deny", "denied")])
def test_an_approval_is_decided(cli: Cli, daemon: ScriptedDaemon, word: str, decision: str) -> None:
    daemon.routes["POST", "/api/approvals/7"] = Response({"approvals": [APPROVAL | {"decision": decision}]})
    assert f"web_fetch: {decision}" in cli.run("approvals", word, "7").stdout
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
    assert shown[0].startswith("└─ task 12, 20")
    assert shown[1].startswith("   ├─ tool call 3")
    assert shown[2].startswith("   └─ goal 1")
    assert shown[3:5] == ["      ├─ grant 1: given by task_engine", "      │     read below /papers"]
    assert shown[-1] == "      └─ request r1: asked for by user"


@pytest.mark.parametrize("command", [["why", "a\udcff"], ["documents", "remove", "/a\udcff"]])
def test_a_name_that_is_no_text_is_refused_with_a_sentence(cli: Cli, command: list[str]) -> None:
    refused = cli.run(*command)
    assert (refused.returncode, "not UTF-8 text" in refused.stderr) == (2, True)


def test_panic_stops_and_releases(cli: Cli, daemon: ScriptedDaemon) -> None:
    daemon.routes["POST", "/api/panic"] = Response(None, 204)
    assert cli.run("panic").stdout == "All work is stopped. Let it go on with: senter panic --release\n"
    assert cli.run("panic", "--release").stdout == "Work goes on.\n"
    assert [request[2] for request in daemon.requests] == [{"release": False}, {"release": True}]


@pytest.mark.parametrize("as_json", [False, True])
def test_panic_is_on_record_while_nobody_answers(cli: Cli, as_json: bool) -> None:
    Paths(cli.home).make_folders()
    stopped = cli.run("panic", *(["--json"] if as_json else []))
    assert (stopped.returncode, Paths(cli.home).panic.exists()) == (0, True)
    if as_json:
        assert json.loads(stopped.stdout)["stopped"] is True
    else:
        assert "The stop is on record: no work begins until: senter panic --release" in stopped.stdout


@pytest.mark.parametrize("as_json", [False, True])
def test_a_stop_that_nobody_found_yet_is_withdrawn_while_nobody_answers(cli: Cli, as_json: bool) -> None:
    Paths(cli.home).make_folders()
    cli.run("panic")
    released = cli.run("panic", "--release", *(["--json"] if as_json else []))
    assert (released.returncode, Paths(cli.home).panic.exists()) == (0, False)
    if as_json:
        assert json.loads(released.stdout)["stopped"] is False
    else:
        assert "The stop is withdrawn" in released.stdout


def test_a_stop_that_was_found_takes_the_task_engine_to_release_it(cli: Cli) -> None:
    refused = cli.run("panic", "--release")
    assert refused.returncode == 3
    assert "Only the task engine, once it runs" in refused.stderr
    assert "Start it with: senter start, then: senter panic --release" in refused.stderr


def test_a_stop_is_withdrawn_while_only_the_task_engine_is_down(cli: Cli, daemon: ScriptedDaemon) -> None:
    given_up = {
        "code": "unavailable",
        "detail": "task_engine failed too often and was given up.",
        "hint": "Try it again with: senter restart task_engine",
        "status": 503,
    }
    daemon.routes["POST", "/api/panic"] = Response(given_up, 503, content_type="application/problem+json")
    cli.run("panic")
    assert "The stop is withdrawn" in cli.run("panic", "--release").stdout
    refused = cli.run("panic", "--release")
    assert refused.returncode == 1
    assert "senter restart task_engine, then: senter panic --release" in refused.stderr


def test_a_release_that_fails_withdraws_nothing(cli: Cli, daemon: ScriptedDaemon) -> None:
    full = {"code": "storage_full", "detail": "The disk is full.", "hint": "", "status": 507}
    daemon.routes["POST", "/api/panic"] = Response(full, 507, content_type="application/problem+json")
    cli.run("panic")
    assert cli.run("panic", "--release").returncode == 1
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
    assert cli.run("audit", "verify").stdout == (
        f"The audit log is intact: 3 entries.\nTo keep elsewhere and compare with later: 3:{'ab' * 32}\n"
    )
    daemon.routes["GET", "/api/audit"] = Response(whole | {"total": 1})
    assert cli.run("audit", "verify").stdout.startswith("The audit log is intact: 1 entry.\n")
    assert cli.run("audit", "export", "-o", str(tmp_path / "audit.jsonl")).returncode == 0
    assert (tmp_path / "audit.jsonl").read_text() == ""
    assert cli.run("audit").stdout == "The audit log is empty.\n"
    daemon.routes["GET", "/api/audit"] = Response(whole | {"intact": False, "broken_at": 2})
    broken = cli.run("audit", "verify")
    assert (broken.returncode, broken.stdout) == (1, "The audit log is broken at entry 2.\n")


def test_a_log_that_is_short_is_a_failure_and_says_of_what(cli: Cli, daemon: ScriptedDaemon) -> None:
    whole: dict[str, object] = {"entries": [], "total": 3, "intact": True, "broken_at": None, "head": "ab" * 32}
    daemon.routes["GET", "/api/audit"] = Response(whole | {"missing": ["2 goals are missing."], "notes": ["Note."]})
    short = cli.run("audit", "verify")
    expected = "The audit log is short: 3 entries fit.\n2 goals are missing.\nNote.\n"
    assert (short.returncode, short.stdout) == (1, expected)
    daemon.routes["GET", "/api/audit"] = Response(whole | {"missing": [], "notes": ["Note."]})
    noted = cli.run("audit", "verify")
    assert (noted.returncode, "Note.\n" in noted.stdout) == (0, True)


@pytest.mark.parametrize(("digest", "returncode", "words"), [("ab" * 32, 0, "is the one"), ("cd" * 32, 1, "is not")])
def test_the_audit_log_is_compared_with_a_digest_that_was_kept(
    cli: Cli, daemon: ScriptedDaemon, digest: str, returncode: int, words: str
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
    compared = cli.run("audit", "verify", "--kept", f"2:{digest}")
    assert (compared.returncode, words in compared.stdout) == (returncode, True)
    assert daemon.requests[-1][1] == "/api/audit?after=1&limit=1"
    assert json.loads(cli.run("audit", "verify", "--kept", f"2:{digest}", "--json").stdout)["holds_kept"] is (
        returncode == 0
    )


@pytest.mark.parametrize("kept", ["", "2", "0:" + "ab" * 32, "2:ab", "two:" + "ab" * 32])
def test_what_is_no_digest_is_wrong_use(cli: Cli, kept: str) -> None:
    assert cli.run("audit", "verify", "--kept", kept).returncode == 2


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
    assert "Did you mean documents_search?" in cli.run("tools", "show", "document_search").stderr
    wrong = cli.run("tools", "test", "documents_search", "tea")
    assert (wrong.returncode, "query=VALUE" in wrong.stderr) == (2, True)


def test_folders_are_listed_with_their_problem_and_what_is_skipped_in_them(cli: Cli, daemon: ScriptedDaemon) -> None:
    folder: dict[str, JsonValue] = {"path": "/papers", "files": 3, "skipped": 1, "bytes": 2_048, "busy": False}
    folder |= {"indexed_at": "2026-03-02T09:00:00Z", "problem": "It cannot be read: No such file or directory."}
    skipped: list[JsonValue] = [{"path": "/papers/a\nb.pdf", "reason": "It is encrypted."}]
    daemon.routes["GET", "/api/documents"] = Response({"folders": [folder], "skipped": skipped})
    assert "It cannot be read: No such file or directory." in " ".join(cli.run("documents").stdout.split())
    named = cli.run("documents", "list", "--skipped").stdout
    assert "It is encrypted." in named
    assert "/papers/a\nb.pdf" not in named
    daemon.routes["GET", "/api/documents"] = Response({"folders": [folder], "skipped": []})
    assert "Every file is indexed." in cli.run("documents", "list", "--skipped").stdout


def test_folders_are_named_by_their_whole_path(cli: Cli, daemon: ScriptedDaemon, tmp_path: Path) -> None:
    daemon.routes["POST", "/api/documents"] = Response({"folders": []})
    daemon.routes["GET", "/api/documents"] = Response({"folders": []})
    daemon.routes["DELETE", "/api/documents"] = Response(None, 204)
    (tmp_path / "papers").mkdir()
    assert cli.run("documents", "add", f"{tmp_path}/papers/../papers").returncode == 0
    assert daemon.requests[-1][2] == {"path": str(tmp_path / "papers")}
    assert "No folders are indexed." in cli.run("documents").stdout
    assert cli.run("documents", "remove", str(tmp_path / "papers")).stdout == f"Forgotten: {tmp_path}/papers\n"


def test_an_export_that_cannot_be_made_leaves_the_older_one(cli: Cli, tmp_path: Path) -> None:
    kept = tmp_path / "audit.jsonl"
    kept.write_text("the only proof\n")
    assert cli.run("audit", "export", "-o", str(kept)).returncode == 3
    assert kept.read_text() == "the only proof\n"
    assert list(tmp_path.iterdir()) == [kept]


@pytest.mark.parametrize("command", [["documents", "add", ""], ["documents", "remove", " "]])
def test_an_empty_folder_is_not_the_folder_one_is_in(cli: Cli, command: list[str]) -> None:
    refused = cli.run(*command)
    assert (refused.returncode, "it is empty" in refused.stderr) == (2, True)


def test_an_empty_folder_is_not_allowed_to_a_goal(cli: Cli) -> None:
    assert "The folder to allow is empty." in cli.run("goal", "plan", "tidy up", "--may-write", "").stderr
