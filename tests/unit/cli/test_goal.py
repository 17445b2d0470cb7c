from __future__ import annotations

import json
import signal
import threading

import pytest

from tests.support.goal_bodies import APPROVAL, COMPLETED, goal_body, goal_row, result_body, task_body
from tests.support.scripted_daemon import Cli, Response, ScriptedDaemon

DONE = task_body(1, status="completed", state="completed", attempts=2, result="Tea has less caffeine.")
WAITS = task_body(2, status="waiting", state="blocked", depends_on=[1], tool="web_fetch", tool_params={"url": "x"})
CALL = 'web_fetch {"url": "https://tea.example/"} needs to reach tea.example. '
WAITS_FOR_YOU = CALL + "Decide with: senter approvals approve 7 (or deny)"


@pytest.fixture
def busy(daemon: ScriptedDaemon) -> ScriptedDaemon:
    """Takes goals; goal 1 has two tasks, of which one waits for a person."""
    planned = goal_body(DONE, WAITS, waits=[WAITS_FOR_YOU])
    ended = goal_body(DONE, task_body(2, status="completed", state="completed"), **COMPLETED)
    daemon.routes["POST", "/api/goals"] = Response(goal_body(status="pending", state="pending"), 201)
    daemon.routes["POST", "/api/goals/plan"] = Response(goal_body(task_body(), number=0))
    daemon.routes["GET", "/api/goals"] = Response({"goals": [goal_row()], "total": 1, "stopped": False})
    daemon.routes["GET", "/api/goals/1"] = Response(planned)
    daemon.routes["GET", "/api/goals/1/events"] = Response(
        events=[("goal", planned), ("task_complete", {"goal_id": 1}), ("goal", ended)]
    )
    daemon.routes["GET", "/api/approvals"] = Response({"approvals": [APPROVAL]})
    daemon.routes["GET", "/api/result"] = Response(result_body("Tea has **less** caffeine. [1]", **COMPLETED))
    return daemon


def test_a_goal_is_taken_and_its_plan_grant_and_what_waits_are_shown(cli: Cli, busy: ScriptedDaemon) -> None:
    done = cli.run("goal", "Compare tea", "and coffee", "--deadline", "friday", "--priority", "8")

    assert done.returncode == 0, done.stderr
    assert busy.requests[0][:2] == ("POST", "/api/goals")
    body = busy.requests[0][2]
    assert isinstance(body, dict)
    assert (body["text"], body["deadline"], body["priority"]) == ("Compare tea and coffee", "friday", 8)
    for expected in (
        "Goal 1: Compare tea and coffee",
        "Plan (made by rules)",
        "├─ 1 Step 1 [research] completed",
        "└─ 2 Step 2 [research] blocked (waiting)",
        "task 102, after 1",
        "No web provider is on.",
        "Without asking, it may read 1 place, create files in 1 place, write in 1 place, search with documents, "
        "reach *.example.org, run git log (all of it: --verbose).",
        'Waits for you: web_fetch {"url": "https://tea.example/"} needs to reach tea.example',
        "senter approvals approve 7",
    ):
        assert expected in done.stdout
    assert "senter goal show 1" in done.stderr


def test_options_may_stand_first_and_json_is_one_document(cli: Cli, busy: ScriptedDaemon) -> None:
    done = cli.run("goal", "--priority", "8", "--json", "Compare tea and coffee")
    assert json.loads(done.stdout)["goal"]["id"] == 1
    assert json.loads(cli.run("goal", "add", "--json", "-", stdin="plan a party").stdout)["planned_by"] == "rules"
    body = busy.requests[-2][2]
    assert isinstance(body, dict)
    assert body["text"] == "plan a party"


def test_limits_are_sent_and_what_is_none_is_refused(cli: Cli, busy: ScriptedDaemon) -> None:
    cli.run("goal", "Compare tea and coffee", "--limit", "tokens=500", "--limit", "minutes=2")
    body = next(sent for method, path, sent in busy.requests if (method, path) == ("POST", "/api/goals"))
    assert isinstance(body, dict)
    assert body["budget"] == {"tokens": 500, "wall_seconds": 120.0}
    for wrong in ("tokens", "tokens=many", "euros=5", "minutes=0"):
        assert cli.refused("goal", "Compare tea and coffee", "--limit", wrong) == (2, "invalid_input")


def test_following_shows_each_change_and_ends_with_the_goal(cli: Cli, busy: ScriptedDaemon) -> None:
    done = cli.run("goal", "Compare tea and coffee", "--follow")

    assert done.returncode == 0
    lines = done.stdout.splitlines()
    assert "  1 Step 1: completed, attempt 2, 0.0 s" in lines
    assert "  2 Step 2: waiting" in lines
    assert lines[-3].startswith("Goal 1 completed: executed, verified, delivered. 1 model call, 5 tool calls")
    assert lines[-2:] == ["Tea has **less** caffeine. [1]", "  /data/Focuses/research/results/tea.md"]
    events = [json.loads(line) for line in cli.run("goal", "show", "1", "--follow", "--json").stdout.splitlines()]
    assert [event["event"] for event in events] == ["goal", "task_complete", "goal", "result"]
    assert events[-1]["data"]["text"] == "Tea has **less** caffeine. [1]"


def test_a_long_result_is_cut_where_it_is_followed_and_says_where_the_rest_is(cli: Cli, busy: ScriptedDaemon) -> None:
    text = "\n".join(f"line {number}" for number in range(200))
    busy.routes["GET", "/api/result"] = Response(result_body(text, **COMPLETED))
    shown = cli.run("goal", "Compare tea and coffee", "--follow").stdout
    assert ("line 59\n" in shown, "line 60\n" in shown) == (True, False)
    assert "... the whole of it: `/data/Focuses/research/results/tea.md`" in shown
    assert "line 199\n" in cli.run("result", "1").stdout


def test_where_nobody_can_be_asked_following_ends_with_what_waits(cli: Cli, busy: ScriptedDaemon) -> None:
    waiting = goal_body(DONE, WAITS, status="waiting", state="blocked") | {"waits": ["web_fetch: decide."]}
    busy.routes["GET", "/api/goals/1/events"] = Response(events=[("goal", waiting)], hold=threading.Event())
    done = cli.run("goal", "show", "1", "--follow")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (4, "Waits for you: web_fetch: decide.")
    assert cli.run("goal", "show", "1", "--follow", "--json").returncode == 4
    assert "/api/approvals/7" not in [request[1] for request in busy.requests]


@pytest.mark.parametrize(("typed", "decision"), [("y\n", "approved"), ("n\n", "denied")])
def test_on_a_terminal_the_exact_call_is_asked_about_once(
    cli: Cli, busy: ScriptedDaemon, typed: str, decision: str
) -> None:
    busy.routes["POST", "/api/approvals/7"] = Response({"approvals": [APPROVAL | {"decision": decision}]})
    shown = cli.on_terminal("goal", "show", "1", "--follow", columns=120, typed=typed)
    assert 'url = "https://tea.example/"' in shown
    assert shown.count("Allow exactly this?") == 1
    assert [body for _, path, body in busy.requests if path == "/api/approvals/7"] == [{"decision": decision}]
    assert ("Tea has" in shown, "**less**" in shown) == (True, False)  # drawn


def test_the_result_of_a_goal_is_printed_alone(cli: Cli, busy: ScriptedDaemon) -> None:
    done = cli.run("result", "1")
    assert (done.returncode, done.stdout, done.stderr) == (0, "Tea has **less** caffeine. [1]\n", "")
    assert busy.requests[-1][1] == "/api/result?goal_id=1"
    assert json.loads(cli.run("result", "--json").stdout)["goal"]["status"] == "completed"
    assert busy.requests[-1][1] == "/api/result"


def test_the_files_of_a_result_are_listed(cli: Cli, busy: ScriptedDaemon) -> None:
    files = [f"/home/anna/Downloads/images/{number}.png" for number in range(25)]
    busy.routes["GET", "/api/result"] = Response(result_body("", *files, **COMPLETED))
    lines = cli.run("result", "1").stdout.splitlines()
    assert (lines[0], lines[1], lines[-1]) == ("Files (25):", f"  {files[0]}", "  ... and 5 more")


@pytest.mark.parametrize(
    ("status", "state", "code"), [("in_progress", "active", 1), ("waiting", "blocked", 4), ("failed", "failed", 1)]
)
def test_a_goal_that_is_not_done_says_how_far_it_is(
    cli: Cli, busy: ScriptedDaemon, status: str, state: str, code: int
) -> None:
    busy.routes["GET", "/api/result"] = Response(result_body("", status=status, state=state, error="It is closed."))
    done = cli.run("result", "1")
    assert (done.returncode, done.stdout) == (code, "")
    assert done.stderr.startswith(f"Goal 1 is not done: {state}")
    assert "50 %" in done.stderr
    assert "It is closed." in done.stderr


def test_goals_say_what_waits(cli: Cli, busy: ScriptedDaemon) -> None:
    waits = {"approvals_waiting": 2, "first_approval": "web_fetch {} needs to reach tea.example."}
    busy.routes["GET", "/api/goals"] = Response({"goals": [goal_row()], "total": 1, "stopped": False, **waits})
    last = cli.run("goals").stdout.splitlines()[-1]
    assert last.startswith("2 approvals wait for you: web_fetch {} needs to reach tea.example.")


def test_a_followed_goal_that_fails_is_told_by_the_exit_code(cli: Cli, busy: ScriptedDaemon) -> None:
    failed = goal_body(DONE, status="failed", state="failed", error="Task 2 failed: it is closed")
    busy.routes["GET", "/api/goals/1/events"] = Response(events=[("goal", failed)])
    done = cli.run("goal", "show", "1", "--follow")
    assert (done.returncode, "it is closed" in done.stdout) == (1, True)


def test_looking_away_leaves_the_goal_alone(cli: Cli, busy: ScriptedDaemon) -> None:
    route = busy.routes["GET", "/api/goals/1/events"]
    route.events = [("goal", goal_body(DONE, WAITS))]
    route.hold = threading.Event()
    running = cli.start("goal", "show", "1", "--follow")
    assert running.stdout is not None
    while "Step 2: waiting" not in running.stdout.readline():
        assert running.poll() is None
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=20)
    assert running.returncode in (130, -signal.SIGINT)
    assert "Goal 1 goes on." in said
    assert ("POST", "/api/goals/1/cancel") not in [request[:2] for request in busy.requests]


def test_a_goal_is_shown_with_all_that_is_known(cli: Cli, busy: ScriptedDaemon) -> None:
    shown = cli.run("goal", "show", "1").stdout
    for expected in (
        "active (in progress), 50 %, priority 5",
        "not executed, not verified, not delivered",
        "1 model call, 5 tool calls, 1,200 tokens, 3.2 s",
        "2 attempts",
        "result: Tea has less caffeine.",
        "\n  Cost      ",
        'tool: web_fetch {"url": "x"}',
    ):
        assert expected in shown
    assert json.loads(cli.run("goal", "show", "1", "--json").stdout)["goal"]["status"] == "in_progress"


def test_names_are_shown_on_one_line_and_cannot_turn_text_round(cli: Cli, busy: ScriptedDaemon) -> None:
    results = ["/x/\u202egpj.exe", "/x/a\nb", "/x/\u05e9\u05dc\u05d5\u05dd"]
    turned = WAITS_FOR_YOU.replace("https://tea.example/", "\u202eanna\n")
    goal = goal_body(DONE, WAITS, waits=[turned], text="tea\n  Outcome   all done", results=results)
    busy.routes["GET", "/api/goals/1"] = Response(goal)
    shown = cli.run("goal", "show", "1").stdout
    assert r"Goal 1: tea\n  Outcome   all done" in shown
    assert [line.split()[1] for line in shown.splitlines() if line.startswith("  Result")] == [
        r"/x/\u202egpj.exe",
        r"/x/a\nb",
        "/x/\u05e9\u05dc\u05d5\u05dd",
    ]
    assert r'{"url": "\u202eanna\n"}' in shown
    as_json = cli.run("goal", "show", "1", "--json").stdout
    assert "\u202e" not in shown + as_json
    assert json.loads(as_json) == goal


def test_goals_of_ones_own_are_shown_apart_and_kept_is_no_failure(cli: Cli, busy: ScriptedDaemon) -> None:
    own = {
        "kind": "own",
        "text": "finish the deck",
        "status": "waiting",
        "overdue": True,
        "deadline": "2026-11-27T12:00:00Z",
    }
    rows = [goal_row(), goal_row(2, **own), goal_row(3, status="please_look", state="done, please look")]
    busy.routes["GET", "/api/goals"] = Response({"goals": rows, "total": 3, "stopped": False})
    listed = cli.run("goals").stdout
    assert listed.index("Your Own Goals") < listed.index("finish the deck") < listed.index("Active Goals")
    assert "(overdue)" in listed
    assert "done, please look" in listed
    receipt = {
        "kind": "goal",
        "id": "1",
        "title": "x",
        "done": "Goal 1 is kept: finish the deck",
        "note": "",
        "undoable": True,
    }
    kept = goal_body(task_body(), waits=["Yours to do: x"], receipts=[receipt], **own)
    busy.routes["POST", "/api/goals"] = Response(kept, 201)
    busy.routes["GET", "/api/goals/1/events"] = Response(events=[("goal", kept)])
    done = cli.run("goal", "I need to finish the deck", "--follow")
    assert done.returncode == 0
    assert "Goal 1 is kept: finish the deck" in done.stdout
    assert "Waits for you: Yours to do: x" in done.stdout
    assert "Without asking" not in done.stdout


@pytest.mark.parametrize(
    ("typed", "action", "sent", "said"),
    [
        (("accept", "1"), "accept", {}, "Goal 1 is done."),
        (("reopen", "1", "the", "prices"), "reopen", {"text": "the prices"}, "Goal 1 goes on."),
        (("move", "1", "next", "friday"), "move", {"deadline": "next friday"}, "Goal 1 is due Fri 4 Dec 2026, "),
    ],
)
def test_a_verdict_is_sent(
    cli: Cli, busy: ScriptedDaemon, typed: tuple[str, ...], action: str, sent: dict[str, str], said: str
) -> None:
    busy.routes["POST", f"/api/goals/1/{action}"] = Response(goal_body(deadline="2026-12-04T12:00:00Z"))
    done = cli.run("goal", *typed)
    assert done.returncode == 0, done.stderr
    assert said in done.stdout
    assert (busy.requests[-1][2] or {}) == sent


def test_what_is_missing_has_to_be_said(cli: Cli, busy: ScriptedDaemon) -> None:
    done = cli.run("goal", "reopen", "1")
    assert (done.returncode, busy.requests) == (2, [])
    assert "Say what is missing." in done.stderr


def test_a_plan_is_shown_without_a_goal(cli: Cli, busy: ScriptedDaemon) -> None:
    assert "1 Step 1 [research] pending" in cli.run("goal", "plan", "Compare tea and coffee").stdout
    assert [request[:2] for request in busy.requests] == [("POST", "/api/goals/plan")]


@pytest.mark.parametrize("action", ["pause", "resume", "cancel", "retry"])
def test_a_goal_is_changed(cli: Cli, busy: ScriptedDaemon, action: str) -> None:
    busy.routes["POST", f"/api/goals/1/{action}"] = Response(goal_body(DONE))
    done = cli.run("goal", action, "1")
    assert (done.returncode, done.stdout.startswith("Goal 1 ")) == (0, True)
    assert busy.requests[-1][:2] == ("POST", f"/api/goals/1/{action}")


def test_a_retry_says_that_a_deadline_holds_no_more(cli: Cli, busy: ScriptedDaemon) -> None:
    busy.routes["GET", "/api/goals/1"] = Response(goal_body(DONE, deadline="2026-11-20T23:59:00Z"))
    busy.routes["POST", "/api/goals/1/retry"] = Response(goal_body(DONE))
    done = cli.run("goal", "retry", "1")
    assert (done.stdout, "has passed and no longer applies" in done.stderr) == ("Goal 1 goes on.\n", True)


def test_open_goals_are_shown_as_stopped_while_all_is(cli: Cli, busy: ScriptedDaemon) -> None:
    rows = [goal_row(1), goal_row(2, **COMPLETED, finished_at="2026-11-20T23:59:00Z")]
    busy.routes["GET", "/api/goals"] = Response({"goals": rows, "total": 2, "stopped": True})
    first, second = cli.run("goals", "--all").stdout.splitlines()[2:]
    assert ("active, stopped" in first, "stopped" in second) == (True, False)
    busy.routes["GET", "/api/goals/1"] = Response(goal_body(DONE) | {"stopped": True})
    assert "(in progress), stopped, 50 %" in cli.run("goal", "show", "1").stdout


def test_a_goal_is_prioritised(cli: Cli, busy: ScriptedDaemon) -> None:
    busy.routes["POST", "/api/goals/1/prioritise"] = Response(goal_body(DONE, priority=9))
    assert cli.run("goal", "prioritise", "1", "9").returncode == 0
    assert busy.requests[-1][2] == {"priority": 9}
    assert cli.run("goal", "prioritise", "1", "11").returncode == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("shwo", "1"), "wrong_use"),
        (("show", "one"), "wrong_use"),
        ((" ",), "invalid_input"),
        (("Tea", "--priority", "0"), "wrong_use"),
        (("Tea", "--deadline", " "), "wrong_use"),
    ],
)
def test_wrong_use_changes_nothing(cli: Cli, busy: ScriptedDaemon, arguments: tuple[str, ...], code: str) -> None:
    assert cli.refused("goal", *arguments) == (2, code)
    assert busy.requests == []


def test_goals_are_a_table_with_cut_texts(cli: Cli, daemon: ScriptedDaemon) -> None:
    rows = [
        goal_row(1, text="x" * 60, deadline="2026-11-27T23:59:00Z"),
        goal_row(2, state="blocked", status="waiting", paused=True),
        goal_row(3, text="\u0627\u0643\u062a\u0628\nit"),
    ]
    daemon.routes["GET", "/api/goals"] = Response({"goals": rows, "total": 3, "stopped": False})

    in_berlin = Cli(cli.home, {"SENTER_USER__TIMEZONE": "Europe/Berlin"})
    lines = in_berlin.run("goals").stdout.splitlines()

    assert lines[0] == "Active Goals"
    assert lines[1].split() == ["#", "Goal", "Status", "Progress", "Deadline"]
    assert "x" * 49 + "\N{HORIZONTAL ELLIPSIS}  active" in lines[2]
    assert lines[2].endswith("Sat 28 Nov 2026, 00:59, Europe/Berlin")
    assert "blocked, paused" in lines[3]
    assert lines[3].endswith("50%       -")
    assert "\u0627\u0643\u062a\u0628 it" in lines[4]
    assert json.loads(cli.run("goals", "--json").stdout)["goals"][1]["status"] == "waiting"
    assert daemon.requests[0][1] == "/api/goals?all=false&limit=50"
    cli.run("goals", "--all")
    assert daemon.requests[-1][1] == "/api/goals?all=true&limit=50"


@pytest.mark.parametrize(
    "command", [("goals",), ("approvals",), ("tools",), ("documents",), ("panic", "--release"), ("why", "1")]
)
def test_without_a_daemon_the_exit_code_is_3(cli: Cli, command: tuple[str, ...]) -> None:
    assert cli.run(*command).returncode == 3
