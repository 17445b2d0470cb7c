"""What the daemon answers while a snapshot of sentences is taken, by the name in the snapshot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.support.calendar_bodies import CALENDARS, CONNECTED, NO_EVENTS
from tests.support.calendar_bodies import EVENTS as EVENTS_THERE
from tests.support.goal_bodies import APPROVAL, COMPLETED, goal_body, goal_row, result_body, task_body
from tests.support.scripted_daemon import (
    Answer,
    ControlScript,
    Response,
    component_row,
    healthy_control,
    running_status,
)
from tests.unit.cli.test_ask import ANSWER, BEGIN, EVENTS, TURN
from tests.unit.cli.test_conversations import CONVERSATION, SUMMARY
from tests.unit.cli.test_dead_letters import FULL as LETTER
from tests.unit.cli.test_goal import WAITS_FOR_YOU
from tests.unit.cli.test_models import MODELS
from tests.unit.cli.test_oversight import TOOL
from tests.unit.cli.test_reports import DIGEST, PROGRESS, told
from tests.unit.cli.test_schedule import DAILY, REMINDER, SILENT, SNOOZED, TIMER, TOLD
from tests.unit.cli.test_schedule import FULL as JOB

Routes = dict[tuple[str, str], Response]

TASK = task_body(1, status="completed", state="completed", result="Tea has less caffeine.")
RESULT = result_body("Tea has less caffeine. [1]", "/data/notes/tea.md", **COMPLETED)
UNDONE = result_body("", status="waiting", state="blocked") | {"waits": [WAITS_FOR_YOU]}
NEW_AND_STOPPED = goal_body(status="pending", state="pending") | {"stopped": True}
ENTRY: dict[str, object] = {
    "number": 3,
    "at": "2026-01-02T03:04:05Z",
    "actor": "user",
    "action": "panic",
    "subject": "task_engine",
    "text": None,
    "content_digest": "0",
    "digest": "ab" * 32,
}
AUDIT: dict[str, object] = {
    "entries": [ENTRY],
    "total": 3,
    "intact": True,
    "broken_at": None,
    "head": "ab" * 32,
    "missing": [],
    "notes": [],
}
FOLDER: dict[str, object] = {
    "path": "/papers",
    "files": 3,
    "skipped": 1,
    "bytes": 2_048,
    "busy": False,
    "indexed_at": "2026-03-02T09:00:00Z",
    "problem": "It cannot be read: No such file or directory.",
}
GOAL_ACTIONS = ("pause", "resume", "cancel", "retry", "accept", "reopen", "move")
NO_ENTRIES = AUDIT | {"entries": list[object](), "total": 0}
WHY = {"depth": 0, "kind": "request", "id": "r1", "text": "asked for by user", "at": None, "grant": None}


@dataclass(frozen=True)
class Scripted:
    """One daemon: what it says on its control socket, and what its API answers."""

    routes: Routes = field(default_factory=Routes)
    control: ControlScript = healthy_control


def refusal(code: str, status: int, detail: str, hint: str = "") -> Response:
    body = {"code": code, "detail": detail, "hint": hint, "status": status}
    return Response(body, status, content_type="application/problem+json")


def _given_up(command: str, component: str | None) -> Answer:
    row = component_row("stopped_by_repeated_failure", reason="5 failures in 300 s")
    return {"result": running_status(assistant=row) if command == "status" else row}


def _disabled(command: str, component: str | None) -> Answer:
    return {"error": {"code": "conflict", "message": "assistant is disabled.", "hint": "Enable it."}}


def _goals(goal: Mapping[str, object], row: Mapping[str, object], *, stopped: bool) -> Routes:
    routes = {("POST", f"/api/goals/1/{action}"): goal for action in GOAL_ACTIONS}
    answers = {
        **routes,
        ("POST", "/api/goals/1/prioritise"): goal,
        ("POST", "/api/goals/plan"): goal,
        ("POST", "/api/tasks/101"): goal,
        ("GET", "/api/goals/1"): goal,
        ("GET", "/api/goals"): {"goals": [row], "total": 1, "stopped": stopped},
    }
    return {route: Response(answer) for route, answer in answers.items()}


RUNNING: Routes = {
    **_goals(goal_body(TASK), goal_row(), stopped=False),
    ("GET", "/api/result"): Response(RESULT),
    ("GET", "/api/goals/9"): refusal("not_found", 404, "There is no goal 9.", "See them with: senter goals --all"),
    ("GET", "/api/approvals"): Response({"approvals": [APPROVAL]}),
    ("POST", "/api/approvals/7"): Response({"approvals": [APPROVAL | {"decision": "approved"}]}),
    ("GET", "/api/why"): Response({"lines": [WHY]}),
    ("POST", "/api/panic"): Response(None, 204),
    ("GET", "/api/audit"): Response(AUDIT),
    ("GET", "/api/tools"): Response({"tools": [TOOL]}),
    ("POST", "/api/tools/documents_search/test"): Response({"text": "Found.", "sources": [], "truncated": True}),
    ("GET", "/api/documents"): Response(
        {"folders": [FOLDER], "skipped": [{"path": "/papers/a\nb.pdf", "reason": "It is encrypted."}], "pictures": 12}
    ),
    ("DELETE", "/api/documents"): Response(None, 204),
    ("GET", "/api/documents/text"): Response(
        {"path": "/papers/costs.xlsx", "title": "Costs", "text": "# Costs\nRent\t850", "truncated": False}
    ),
    ("GET", "/api/progress"): Response(PROGRESS),
    ("POST", "/api/visits"): Response(None, 204),
    ("GET", "/api/digest"): Response(DIGEST),
    ("POST", "/api/notifications/test"): told(),
    ("GET", "/api/conversations"): Response({"conversations": [SUMMARY]}),
    ("GET", "/api/conversations/c1"): Response(CONVERSATION),
    ("GET", "/api/conversations/c9"): refusal("not_found", 404, "There is no conversation c9."),
    ("DELETE", "/api/conversations/c1"): Response(None, 204),
    ("GET", "/api/models"): Response(MODELS),
    ("POST", "/api/exams"): refusal("not_found", 404, "No worker has a model nope.", "Choose one of: big, tiny"),
    ("GET", "/api/dead-letters"): Response({"letters": [LETTER], "total": 1}),
    ("POST", "/api/dead-letters/3/replay"): Response(None, 204),
    ("DELETE", "/api/dead-letters/3"): Response(None, 204),
    ("POST", "/api/schedule/jobs"): Response(JOB, 201),
    ("GET", "/api/schedule/jobs/tea"): Response(JOB),
    ("DELETE", "/api/schedule/jobs/4"): Response(None, 204),
    **{("POST", f"/api/schedule/jobs/tea/{action}"): Response(JOB) for action in ("pause", "resume", "run", "change")},
    ("GET", "/api/turns"): Response({"turns": [TURN]}),
    ("GET", "/api/turns/q1"): Response(TURN),
    BEGIN: Response(TURN, 201),
    EVENTS: Response(
        events=[("answer", ANSWER | {"degraded": True, "degraded_reason": "http://localhost:9 refuses connections"})]
    ),
}
EMPTY: Routes = {
    ("GET", "/api/goals"): Response({"goals": [], "total": 0, "stopped": True}),
    ("GET", "/api/approvals"): Response({"approvals": []}),
    ("GET", "/api/result"): refusal(
        "not_found", 404, "No goal is done yet.", "See how far they are with: senter goals"
    ),
    ("GET", "/api/audit"): Response(NO_ENTRIES),
    ("GET", "/api/documents"): Response({"folders": [], "skipped": [], "pictures": 0}),
    ("GET", "/api/documents/text"): refusal(
        "not_found", 404, "/papers/b.pdf is not indexed. It is encrypted.", "See: senter documents list --skipped"
    ),
    ("GET", "/api/conversations"): Response({"conversations": []}),
    ("GET", "/api/turns"): Response({"turns": []}),
    ("GET", "/api/dead-letters"): Response({"letters": [], "total": 0}),
    ("GET", "/api/schedule/history"): Response({"firings": []}),
}
FAILING: Routes = {
    ("POST", "/api/panic"): refusal(
        "unavailable",
        503,
        "task_engine failed too often and was given up.",
        "Try it again with: senter restart task_engine",
    ),
    ("GET", "/api/audit"): Response(AUDIT | {"intact": False, "broken_at": 2}),
    ("POST", "/api/notifications/test"): told(sent=None, problem="Unparseable URL"),
    BEGIN: Response(TURN, 201),
    EVENTS: Response(
        events=[
            ("delta", {"offset": 0, "text": "**Py", "attempt": 1}),
            ("failed", {"code": "model_error", "status": 502, "detail": "The model broke off.", "hint": "Try again."}),
        ]
    ),
}


def _waiting(command: str, component: str | None) -> Answer:
    """One that has two approvals to tell of."""
    facts = {"approvals_waiting": 2, "first_approval": WAITS_FOR_YOU}
    health = {"status": "healthy", "detail": "", "facts": facts}
    return {"result": running_status(task_engine=component_row(health=health))}


RECEIPT: dict[str, object] = {
    "kind": "reminder",
    "id": "12",
    "title": "call the bank",
    "done": "Reminder 12 is cancelled: call the bank, Mon 30 Nov 2026, 09:00, Europe/London",
    "goal_id": 1,
    "note": "",
    "undoable": True,
}
ACTIONS: dict[str, object] = {
    "actions": [
        {"number": 8, "at": "2026-01-02T03:05:05Z", "receipt": RECEIPT, "undone": False, "refusal": ""},
        {"number": 7, "at": "2026-01-02T03:04:05Z", "receipt": RECEIPT, "undone": True, "refusal": "It was."},
        {
            "number": 6,
            "at": "2026-01-02T03:03:05Z",
            "receipt": RECEIPT,
            "undone": False,
            "refusal": "Goal 2 has ended.",
        },
    ]
}
NOT_UNDONE: dict[str, object] = {
    "status": "failed",
    "state": "failed",
    "error": "Task 1 failed: tea was changed since: it is now coffee, every day.",
    "receipts": [],
}


def _undo(**changed: object) -> Routes:
    """The goal that takes something back has ended."""
    ended = goal_body(TASK, **{"receipts": [RECEIPT], **changed})
    return {
        ("GET", "/api/actions"): Response(ACTIONS),
        ("POST", "/api/undo"): Response(ended, 201),
        ("GET", "/api/goals/1/events"): Response(events=[("goal", ended)]),
    }


ADDED: dict[str, object] = {
    "kind": "event",
    "id": "yoga-4f2a9c81@senter",
    "title": "Yoga",
    "done": "Event yoga-4f2: Yoga, Thu 24 Dec 2026, 18:00-19:00, Europe/London",
    "note": "",
    "goal_id": 1,
    "undoable": True,
}


def _calendar(events: dict[str, object], **changed: object) -> Routes:
    """Events are added and removed at once."""
    ended = goal_body(TASK, **{"receipts": [ADDED], **COMPLETED, **changed})
    return {
        ("GET", "/api/calendar"): Response(events),
        ("POST", "/api/calendar"): Response(ended, 201),
        ("POST", "/api/calendar/remove"): Response(ended, 201),
        ("GET", "/api/goals/1/events"): Response(events=[("goal", ended)]),
        ("GET", "/api/calendars"): Response(CALENDARS),
        ("POST", "/api/calendars"): Response(CONNECTED, 201),
        ("POST", "/api/calendars/disconnect"): Response(status=204),
    }


UNCLEAR = refusal("unclear", 422, "When is it: dentist?", 'Say it like: "dentist friday 14:00"')
NO_CALENDAR = refusal("invalid_input", 422, "cloud.example.org answered with a web page, and not with a calendar.")

SCENES: Mapping[str, Scripted] = {
    "a full calendar": Scripted(_calendar(EVENTS_THERE)),
    "an empty calendar": Scripted(_calendar(NO_EVENTS)),
    "a calendar that asks": Scripted(
        _calendar(EVENTS_THERE) | {("POST", "/api/calendar"): UNCLEAR, ("POST", "/api/calendars"): NO_CALENDAR}
    ),
    "running": Scripted(RUNNING),
    "empty": Scripted(EMPTY),
    "failing": Scripted(FAILING),
    "stopped": Scripted(
        _goals(goal_body(TASK) | {"stopped": True}, goal_row(), stopped=True)
        | {
            ("POST", "/api/goals"): Response(NEW_AND_STOPPED, 201),
            ("GET", "/api/goals/1/events"): Response(events=[("goal", NEW_AND_STOPPED)]),
            ("GET", "/api/approvals"): Response({"approvals": []}),
        }
    ),
    "completed": Scripted(
        _goals(goal_body(TASK, **COMPLETED), goal_row(**COMPLETED), stopped=False)
        | {("GET", "/api/approvals"): Response({"approvals": []})}
    ),
    "short": Scripted(
        {("GET", "/api/audit"): Response(AUDIT | {"missing": ["2 goals are missing."], "notes": ["Note."]})}
    ),
    "refusing": Scripted(
        {BEGIN: refusal("invalid_input", 422, "The question has 120,000 characters; at most 100,000.")}
    ),
    "reminded": Scripted(
        {
            ("POST", "/api/schedule/jobs"): Response(REMINDER, 201),
            ("GET", "/api/notifications/targets"): Response(SILENT),
        }
    ),
    "open reminders": Scripted(
        {
            ("GET", "/api/schedule/jobs"): Response({"jobs": [DAILY, TIMER, TOLD], "total": 3, "zone": "UTC"}),
            ("POST", "/api/schedule/jobs/7/done"): Response({"job": DAILY, "zone": "UTC"}),
            ("POST", "/api/schedule/jobs/8/done"): Response({"job": TIMER, "zone": "UTC"}),
            ("POST", "/api/schedule/jobs/7/snooze"): Response({"job": SNOOZED, "zone": "UTC"}),
            ("POST", "/api/schedule/jobs/9/remove"): Response({"job": DAILY, "zone": "UTC"}),
            ("POST", "/api/schedule/jobs"): Response(
                {"job": TIMER | {"next_run": "2026-11-22T07:00:00Z"}, "zone": "UTC"}, 201
            ),
            ("GET", "/api/notifications/targets"): Response({"count": 1, "reason": ""}),
        }
    ),
    "no reminders": Scripted({("GET", "/api/schedule/jobs"): Response({"jobs": [], "total": 0, "zone": "UTC"})}),
    "undone": Scripted(_undo(**COMPLETED)),
    "not undone": Scripted(_undo(**NOT_UNDONE)),
    "given up": Scripted(control=_given_up),
    "disabled": Scripted(control=_disabled),
    "waiting": Scripted(
        {
            ("GET", "/api/result"): Response(UNDONE),
            ("GET", "/api/goals"): Response(
                {
                    "goals": [goal_row()],
                    "total": 1,
                    "approvals_waiting": 1,
                    "first_approval": WAITS_FOR_YOU,
                    "stopped": False,
                }
            ),
        },
        control=_waiting,
    ),
}
