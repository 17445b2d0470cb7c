"""The log of what was done: added to once for each event, counted and read by time."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from pydantic import JsonValue

from senter.clock import Clock
from senter.components.reporter import queries
from senter.components.reporter.days import LocalDays
from senter.components.reporter.happened import FAILED, EndedGoal, Happened, SkippedJob, ended_goal
from senter.messages.activity import APPROVAL_CHARACTERS, APPROVAL_WAITING, REMINDER, ActivityLogged
from senter.messages.reports import Activity
from senter.moments.shown import shown_when
from senter.sentences import phrase, told
from senter.store.database import Database, Transaction, Value
from senter.store.stamps import from_stamp, stamp
from senter.text import one_line

FORGET_AT_ONCE = 5_000
MOST_READ, MOST_BEFORE = 500, 2_000
KNOWN_FOR = timedelta(days=8)
"""What was found so long ago is not new when it is found again: a weekly job is among that."""
DETAILS_CHARACTERS = 20_000
SENTENCE_CHARACTERS = 200
IN_TIME = timedelta(minutes=2)
"""A reminder later than that says when it was due."""
SAID_OF = {
    "plan_created": ("Created plan for", "description"),
    "task_completed": ("Completed", "description"),
    "task_failed": ("Failed", "description"),
    "goal_completed": ("", "description"),
    "goal_overdue": ("Overdue", "description"),
    "research_complete": ("Researched", "topic"),
    "learning": ("Learned", "insight"),
    "insight_learned": ("Learned", "insight"),
}
GOALS_END = {
    "completed": "Goal achieved",
    "failed": "Goal failed",
    "cancelled": "Goal cancelled",
    "quarantined": "Goal quarantined",
    "please_look": "Done, please look",
}


class Activities:
    """Owns the table of activities."""

    def __init__(self, database: Database, clock: Clock, days: LocalDays) -> None:
        self._database = database
        self._clock = clock
        self._days = days

    def add(self, tx: Transaction, event: ActivityLogged, at: datetime) -> str:
        """Put it on record; returns its sentence."""
        text = sentence(event.kind, event.details, event.summary)
        if event.kind == REMINDER and (late := self._lateness(event.details.get("due_at"))):
            text = one_line(text, SENTENCE_CHARACTERS - len(late)) + late
        details = json.dumps(event.details, ensure_ascii=False)
        if len(details) > DETAILS_CHARACTERS:
            details = json.dumps({"left_out": f"{len(details)} characters"})
        values = (stamp(at), event.kind, text, details, event.importance)
        tx.execute(queries.ADD_ACTIVITY, values)
        return text

    def _lateness(self, due_at: JsonValue) -> str:
        """What is said of a reminder whose time is over for a while; empty where it comes in time."""
        due = datetime.fromisoformat(due_at) if isinstance(due_at, str) else self._clock.now()
        is_late = self._clock.now() - due > IN_TIME
        return phrase(" (late: it was due {when})", when=shown_when(due, self._days.zone)) if is_late else ""

    def newest(self, since: datetime, limit: int) -> list[Activity]:
        return self._database.rows(queries.NEWEST_SINCE, (stamp(since), limit), activity)

    def newest_id(self) -> int:
        return self._database.row(queries.NEWEST_ID, (), int) or 0

    def count_between(self, after_id: int, until_id: int) -> int:
        """Counting the rows would read them all; numbers have gaps only among the oldest, which are forgotten next."""
        oldest = self._database.row(queries.OLDEST_ID, (), int) or 1
        return max(until_id - max(after_id, oldest - 1), 0)

    def last_between(self, after_id: int, until_id: int, limit: int) -> list[Activity]:
        """The newest first."""
        return self._database.rows(queries.LAST_AFTER, (after_id, until_id, limit), activity)

    def page_of_day(self, day: date, after: Activity | None, limit: int) -> list[Activity]:
        """The activities of a local day, in order, from behind `after`."""
        begin, end = self._days.span(day)
        place = (stamp(after.at), after.id) if after else ("", 0)
        values = {"begin": stamp(begin), "end": stamp(end), "after_time": place[0], "after_id": place[1]}
        return self._database.rows(queries.OF_DAY, values | {"limit": limit}, activity)

    def days_between(self, after_id: int, until_id: int) -> list[date]:
        """The local days that these activities are of."""
        hours = self._database.rows(queries.HOURS_AFTER, (after_id, until_id), str)
        # A zone may begin its days at half past or a quarter past an hour of UTC.
        moments = [from_stamp(f"{hour}:{minutes}:00+00:00") for hour in hours for minutes in ("00", "59")]
        return sorted({self._days.of(moment) for moment in moments})

    def by_kind(self, begin: datetime, end: datetime) -> dict[str, int]:
        return self._database.pairs(queries.BY_KIND, (stamp(begin), stamp(end)), str, int)

    def happened(self, begin: datetime, end: datetime) -> Happened:
        """All that a digest of the period says."""
        span = (stamp(begin), stamp(end))
        before = (stamp(begin - KNOWN_FOR), stamp(begin), MOST_BEFORE)
        reasons = self._database.pairs(queries.REASONS, (*span, MOST_READ), int, str)
        ended = self._database.rows(queries.GOALS_ENDED, (*span, MOST_READ), EndedGoal)
        return Happened(
            by_kind=self.by_kind(begin, end),
            ended=[_with_reason(goal, reasons) for goal in ended],
            earlier=frozenset(self._database.rows(queries.FOUND_BEFORE, before, _what_and_found))
            if ended
            else frozenset(),
            skipped=self._database.rows(queries.SKIPPED, (*span, MOST_READ), SkippedJob),
            reminded=self._database.rows(queries.SUMMARIES, (*span, REMINDER, MOST_READ), str),
        )

    def forget_older(self, days: int) -> bool:
        """Forget some of what is older; true while there is more."""
        oldest = stamp(self._clock.now() - timedelta(days=days))
        with self._database.transaction(durable=False) as tx:
            return tx.execute(queries.FORGET_ACTIVITIES, (oldest, FORGET_AT_ONCE)) == FORGET_AT_ONCE


def activity(at: str, details: str, **columns: Value) -> Activity:
    return Activity.model_validate({**columns, "at": from_stamp(at), "details": json.loads(details)})


def characters_of(kind: str) -> int:
    """How long the sentence of a kind may be: of what waits it is the exact call."""
    return APPROVAL_CHARACTERS if kind == APPROVAL_WAITING else SENTENCE_CHARACTERS


def sentence(kind: str, details: Mapping[str, JsonValue], summary: str) -> str:
    """The sentence of its kind; what it says of itself where it names nothing."""
    beginning, name = SAID_OF.get(kind, ("", ""))
    named = details.get(name)
    if not isinstance(named, str) or not named.strip():
        return one_line(told(summary), characters_of(kind))
    if kind == "goal_completed":
        return _of_goal(ended_goal(details, named))
    why = details.get("error") if kind == "task_failed" else None
    reason = f" - {one_line(why, SENTENCE_CHARACTERS)}" if isinstance(why, str) and why.strip() else ""
    return f"{phrase(beginning)}: {one_line(named, SENTENCE_CHARACTERS)}{reason}"


def _of_goal(goal: EndedGoal) -> str:
    """What came of it, where that is known."""
    if goal.only_set:
        return one_line(goal.done, SENTENCE_CHARACTERS)
    if goal.status == "completed" and (goal.found or goal.own):
        return one_line(goal.line, SENTENCE_CHARACTERS)
    if goal.status == "please_look" and goal.found:
        told = phrase("{goal} is done, please look: {came}", goal=goal.name, came=goal.finding)
        return one_line(told, SENTENCE_CHARACTERS)
    why = f" - {goal.finding}" if goal.status in FAILED and goal.found else ""
    return f"{phrase(GOALS_END.get(goal.status, 'Goal ended'))}: {one_line(goal.what, SENTENCE_CHARACTERS)}{why}"


def _what_and_found(what: str, found: str) -> tuple[str, str]:
    return what, found


def _with_reason(goal: EndedGoal, reasons: Mapping[int, str]) -> EndedGoal:
    """A goal that failed, with why its last task did where it does not say so itself."""
    if goal.status not in FAILED or goal.found:
        return goal
    return replace(goal, found=reasons.get(goal.number, ""))
