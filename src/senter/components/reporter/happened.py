"""What the record says of a period: goals that ended, each with what came of it, and what was skipped or told. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pydantic import JsonValue, TypeAdapter

from senter.messages.activity import REMINDER
from senter.sentences import phrase, told
from senter.text import one_line

SENTENCES = TypeAdapter(tuple[str, ...])
MOST_SAID = 10
GOAL_CHARACTERS = 80
FOUND_CHARACTERS = 200
FAILED = ("failed", "quarantined")
FIRST_SENTENCE = re.compile(r".{15,}?[.!?](?=\s)")
NEVER_SAID = "\n"
ROUTINE = ("learning", "insight_learned", "maintenance", "health")
"""Kinds of what Senter does for itself."""


@dataclass(frozen=True, slots=True)
class EndedGoal:
    """A goal that ended, and what came of it."""

    number: int
    """0 where nobody said it."""
    what: str
    status: str
    done: str
    """What was done, by its receipt, which says all there is to say; empty where there is none."""
    found: str
    """What was found, or why it failed; empty where nobody said it."""
    only_set: int = 0
    """Whether it did no more than set or change something: nothing that somebody achieved."""
    own: int = 0
    """Whether it was the person's own doing, which they said is done."""
    each: str = "[]"
    """What it set or changed, a sentence each, as JSON."""
    runs: int = 1
    """How often the same was done in the period; this is the last time."""

    @property
    def name(self) -> str:
        return phrase("Goal {id}", id=self.number) if self.number else phrase("A goal")

    @property
    def told(self) -> tuple[str, ...]:
        """A line for each thing that it set or changed."""
        return SENTENCES.validate_json(self.each) or (self.said,)

    @property
    def said(self) -> str:
        """What it was, and what came of it."""
        found = f": {one_line(self.found, FOUND_CHARACTERS)}" if self.found else ""
        return one_line(self.done, FOUND_CHARACTERS) or f"{one_line(self.what, GOAL_CHARACTERS)}{found}"

    @property
    def finding(self) -> str:
        """What came of it; what was wanted, where that is not known."""
        return one_line(self.found or self.done or self.what, FOUND_CHARACTERS)

    @property
    def why(self) -> str:
        """Why it failed, in one sentence and without the goal's own words, which stand beside it."""
        before, _, after = self.found.partition(self.what.rstrip(".") or NEVER_SAID)
        bare = after.lstrip(". ") if before and after.strip(". ") else self.found
        first = FIRST_SENTENCE.match(bare)
        return one_line(told(first[0] if first else bare), FOUND_CHARACTERS).rstrip(".")

    @property
    def failed(self) -> str:
        """What was wanted, and why it failed."""
        reason = f": {self.why}" if self.why else ""
        return f"{one_line(self.what, GOAL_CHARACTERS).rstrip('.')}{reason}"

    @property
    def line(self) -> str:
        """What came of it, with its number."""
        if self.own:
            what = one_line(self.what, GOAL_CHARACTERS)
            return phrase("{goal} is done, as you said: {what}", goal=self.name, what=what)
        if not (self.found or self.done):
            what = one_line(self.what, FOUND_CHARACTERS)
            return phrase("{goal} is done: {what}", goal=self.name, what=what)
        times = f" ({phrase('done')}{self.times})" if self.runs > 1 else ""
        return f"{self.name}{times}: {self.finding}"

    @property
    def times(self) -> str:
        """How often it was, where that is more than once."""
        return f" {phrase('{count} times', count=self.runs)}" if self.runs > 1 else ""


def ended_goal(details: Mapping[str, JsonValue], what: str) -> EndedGoal:
    """As an activity names it."""
    number = details.get("goal_id")
    return EndedGoal(
        number=number if isinstance(number, int) else 0,
        what=what,
        status=str(details.get("status") or "completed"),
        done=str(details.get("done") or ""),
        found=str(details.get("found") or ""),
        only_set=bool(details.get("only_set")),
        own=bool(details.get("own")),
    )


@dataclass(frozen=True, slots=True)
class SkippedJob:
    """A job whose time came to nothing."""

    job: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What was done in a period."""

    by_kind: Mapping[str, int]
    ended: Sequence[EndedGoal] = ()
    """As they ended; a goal that was tried again is among them each time."""
    earlier: frozenset[tuple[str, str]] = frozenset()
    """What was found before the period, beside what was wanted."""
    skipped: Sequence[SkippedJob] = ()
    reminded: Sequence[str] = ()
    """What was told at its time."""

    @property
    def count(self) -> int:
        return sum(self.by_kind.values())

    def of(self, *kinds: str) -> int:
        return sum(self.by_kind.get(kind, 0) for kind in kinds)


@dataclass(frozen=True, slots=True)
class SortedGoals:
    """Goals by what their end means to a person."""

    found: list[EndedGoal] = field(default_factory=list["EndedGoal"])
    """Achieved, with something to say that was not known before."""
    looks: list[EndedGoal] = field(default_factory=list["EndedGoal"])
    """Done as far as a machine can tell: not achieved."""
    deeds: list[EndedGoal] = field(default_factory=list["EndedGoal"])
    """Those that only set or changed something."""
    failures: list[EndedGoal] = field(default_factory=list["EndedGoal"])
    routine_runs: int = 0
    """Runs that found nothing new."""


def sort_goals(happened: Happened) -> SortedGoals:
    """Each goal as it ended last; of the same that was done or failed several times the last time, if what it found is
    new."""
    found: dict[str, EndedGoal] = {}
    failures: dict[str, EndedGoal] = {}
    goals = SortedGoals()
    repeated = 0
    for goal in last_ends(happened.ended):
        if goal.status == "please_look":
            goals.looks.append(goal)
        elif goal.status in FAILED:
            _add(failures, goal)
        elif goal.status == "completed" and goal.only_set:
            goals.deeds.append(goal)
        elif goal.status == "completed" and goal.found and (goal.what, goal.found) in happened.earlier:
            repeated += 1
        elif goal.status == "completed":
            _add(found, goal)
    return replace(goals, found=list(found.values()), failures=list(failures.values()), routine_runs=repeated)


def _add(goals: dict[str, EndedGoal], goal: EndedGoal) -> None:
    """In the place of an earlier run of the same."""
    before = goals.pop(goal.what, None)
    goals[goal.what] = replace(goal, runs=before.runs + 1) if before else goal


def last_ends(ended: Iterable[EndedGoal]) -> list[EndedGoal]:
    """Of a goal that ended more than once, how it ended last."""
    last: dict[int, EndedGoal] = {}
    nameless: list[EndedGoal] = []
    for goal in ended:
        if goal.number:
            last.pop(goal.number, None)
            last[goal.number] = goal
        else:
            nameless.append(goal)
    return [*nameless, *last.values()]


def lines_of(happened: Happened) -> tuple[str, ...]:
    """A line for each thing that was done, made, found or told, and for what failed."""
    goals = sort_goals(replace(happened, earlier=frozenset()))
    listed = (goals.deeds, goals.found, goals.looks, happened.reminded, goals.failures)
    told = [
        *(line for each in goals.deeds[:MOST_SAID] for line in each.told),
        *(f"{each.name}: {each.said}" for each in goals.found[:MOST_SAID]),
        *(f"{each.name} ({phrase('done, please look')}): {each.said}" for each in goals.looks[:MOST_SAID]),
        *happened.reminded[:MOST_SAID],
        *(f"{phrase('{goal} failed', goal=each.name)}: {each.failed}" for each in goals.failures[:MOST_SAID]),
    ]
    unknown = max(happened.of(REMINDER) - len(happened.reminded), 0)
    more = sum(max(len(each) - MOST_SAID, 0) for each in listed) + unknown
    return (*told, phrase("{more:,} more: senter digest --length long", more=more)) if more else tuple(told)


def plural(count: int, one: str, many: str = "") -> str:
    return f"{count:,} {one if count == 1 else many or f'{one}s'}"
