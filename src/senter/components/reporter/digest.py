"""The words of a digest. What is in the database is counted elsewhere; this only says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from senter.messages.activity import REMINDER
from senter.text import one_line

NAMED = 3
SENTENCES = TypeAdapter(tuple[str, ...])
MOST_GOALS = 10
GOAL_CHARACTERS = 80
FOUND_CHARACTERS = 200
NO_ACTIVITY = "No activity in the past 24 hours."


@dataclass(frozen=True, slots=True)
class FinishedGoal:
    """A goal that ended, and what came of it."""

    number: int
    """0 where nobody said it."""
    what: str
    done: str
    """What was done, by its receipt, which says all there is to say; empty where there is none."""
    found: str
    each: str = "[]"
    """What it set or changed, a sentence each, as JSON."""

    @property
    def line(self) -> str:
        return f"  - {f'{self.number} ' if self.number else ''}{self.said}"

    @property
    def told(self) -> tuple[str, ...]:
        """A line for each thing that it set or changed."""
        return SENTENCES.validate_json(self.each) or (self.said,)

    @property
    def said(self) -> str:
        found = f": {one_line(self.found, FOUND_CHARACTERS)}" if self.found else ""
        return one_line(self.done, FOUND_CHARACTERS) or f"{one_line(self.what, GOAL_CHARACTERS)}{found}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What was done in a period: how many of each kind, and the first of what is named."""

    by_kind: Mapping[str, int]
    achieved: int = 0
    only_set: int = 0
    """Goals that did no more than set or change something: not counted as achieved."""
    to_look_at: int = 0
    """Goals that are done as far as a machine can tell: not counted as achieved."""
    goals: Sequence[FinishedGoal] = ()
    looks: Sequence[FinishedGoal] = ()
    deeds: Sequence[FinishedGoal] = ()
    """Those that only set or changed something."""
    failures: Sequence[FinishedGoal] = ()
    reminded: Sequence[str] = ()
    """What was told at its time."""
    topics: Sequence[str] = ()
    insights: Sequence[str] = ()
    waiting_approvals: int = 0

    @property
    def count(self) -> int:
        return sum(self.by_kind.values())

    @property
    def not_achieved(self) -> int:
        return self.of("goal_completed") - self.achieved - self.to_look_at - self.only_set

    def of(self, *kinds: str) -> int:
        return sum(self.by_kind.get(kind, 0) for kind in kinds)


def text_of(happened: Happened, nothing: str = NO_ACTIVITY) -> str:
    """A line for each thing there is something to say about."""
    lines = [*_tasks(happened), *_goals(happened), *_names(happened)]
    for count, what, how in (
        (happened.not_achieved, "goal", "not achieved"),
        (happened.of("goal_overdue"), "goal", "overdue"),
        (happened.of("plan_created"), "plan", "created"),
        (happened.of("job_skipped"), "job", "skipped"),
    ):
        if count:
            lines.append(f"{plural(count, what)} {how}")
    if other := happened.count - _told(happened):
        lines.append(f"{plural(other, 'other activity', 'other activities')}")
    if not happened.count:
        lines.append(nothing)
    if happened.waiting_approvals:
        lines.append(f"{plural(happened.waiting_approvals, 'approval')} waiting: senter approvals")
    return "\n".join(lines)


def lines_of(happened: Happened) -> tuple[str, ...]:
    """A line for each thing that was done, made, found or told, and for what failed."""
    goals = happened.of("goal_completed")
    told = [
        *(line for each in happened.deeds for line in each.told),
        *(f"Goal {each.number}: {each.said}" for each in happened.goals),
        *(f"Goal {each.number} (done, please look): {each.said}" for each in happened.looks),
        *happened.reminded,
        *(f"Goal {each.number} failed: {each.said}" for each in happened.failures),
    ]
    listed = (happened.deeds, happened.goals, happened.looks, happened.reminded, happened.failures)
    more = goals + happened.of(REMINDER) - sum(map(len, listed))
    return (*told, f"{more:,} more: senter digest") if more > 0 else tuple(told)


def headline(happened: Happened) -> str:
    """One line, for a notification."""
    failed, skipped = happened.of("task_failed"), happened.of("job_skipped")
    said = [
        f"{plural(count, what)} {how}"
        for count, what, how in (
            (happened.of("research_complete"), "research task", "completed"),
            (happened.of("task_completed"), "task", "completed"),
            (failed, "task", "failed"),
            (happened.achieved, "goal", "achieved"),
            (happened.to_look_at, "goal", "done, please look"),
            (happened.only_set, "thing", "set or changed"),
            (happened.of("goal_overdue"), "goal", "overdue"),
            (happened.of("learning", "insight_learned"), "new learning", "noted"),
            (skipped, "job", "skipped"),
            (happened.waiting_approvals, "approval", "waiting"),
        )
        if count
    ]
    if not said:
        said = [plural(happened.count, "activity", "activities") if happened.count else NO_ACTIVITY]
    return f"Daily Digest: {', '.join(said)}"


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"


def _tasks(happened: Happened) -> list[str]:
    completed, failed = happened.of("task_completed"), happened.of("task_failed")
    if not completed and not failed:
        return []
    return [f"{plural(completed, 'task')} completed, {failed:,} failed"]


def _goals(happened: Happened) -> list[str]:
    """A line for each goal: what it found."""
    kinds = (
        ("Goals achieved:", happened.achieved, happened.goals),
        ("Set and changed:", happened.only_set, happened.deeds),
        ("Done, please look (senter result N, then senter goal accept N):", happened.to_look_at, happened.looks),
    )
    return [line for title, count, goals in kinds if count for line in _listed(title, count, goals)]


def _listed(title: str, count: int, goals: Sequence[FinishedGoal]) -> Iterator[str]:
    yield title
    yield from (goal.line for goal in goals)
    if count > len(goals):
        yield f"  and {count - len(goals):,} more"


def _names(happened: Happened) -> list[str]:
    named = (
        ("Topics researched", happened.of("research_complete"), happened.topics),
        ("New learnings", happened.of("learning", "insight_learned"), happened.insights),
    )
    return [f"{what}: {_first(count, names)}" for what, count, names in named if count]


def _first(count: int, names: Sequence[str]) -> str:
    shown = "; ".join(names[:NAMED])
    more = count - min(len(names), NAMED)
    return f"{shown}; and {more:,} more" if more and shown else shown or f"{count:,}"


def _told(happened: Happened) -> int:
    return happened.of(
        "task_completed",
        "task_failed",
        "goal_completed",
        "goal_overdue",
        "approval_waiting",
        "plan_created",
        "research_complete",
        "learning",
        "insight_learned",
        "job_skipped",
    )
