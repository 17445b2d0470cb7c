"""What a digest says, part by part: the day and what waits first, then what came of things. Pure.

Words of others stand on one line, defused, and never at its beginning: neither a program nor a model that reads a
digest takes them for more than words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from senter.component.tool_talk.defusing import addresses_in, defused
from senter.components.reporter.days import LocalDays
from senter.components.reporter.happened import ROUTINE, EndedGoal, Happened, SkippedJob, SortedGoals, sort_goals
from senter.components.reporter.looking import Ahead
from senter.messages.activity import REMINDER, TIMER
from senter.messages.approvals import Approval
from senter.messages.calendar import EventView
from senter.messages.goals import ENDED, GoalView, Status
from senter.messages.needs import words_of
from senter.messages.reports import DigestPart, DigestSection
from senter.messages.schedule import JobView
from senter.moments.shown import shown_day
from senter.sentences import phrase, told
from senter.text import one_line

MOST_LINES = 50
NAMED, DEED_CHARACTERS = 4, 40
TITLE_CHARACTERS, WORDS_CHARACTERS, PLACE_CHARACTERS, ABOUT_CHARACTERS = 100, 200, 40, 60
DAYS_AHEAD = timedelta(days=7)
A_DAY = timedelta(days=1)
LAST_MINUTE = "23:59"
BUILT_IN_JOBS = frozenset({"background_research", "profile_update", "daily_digest"})
"""Senter's own, where the scheduler does not say which those are."""

QUARANTINED = "Goal {id} failed again and again: {why} Look: senter goal show {id}"
TOLD = "{reminder}, told for {when}. Done: senter remind done {id}"
ASKED_BACK = 'You said "{about}". {question} Answer: senter ask -c {name} "..."'
PERHAPS_DONE = "{tool} for goal {id} may have been carried out"
DECIDE = "Approval {id}: {what}. Decide: senter approvals approve {id} (or deny)"
TITLES: Mapping[DigestPart, str] = {
    "deadlines": "Deadlines",
    "waiting": "Waits for you",
    "found": "Found and done",
    "failed": "Failed or skipped",
    "routine": "Routine",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class DigestMaterial:
    """What a digest is made of. `ahead` is none for a day that is over."""

    day: date
    now: datetime
    happened: Happened
    ahead: Ahead | None
    goals: SortedGoals

    @classmethod
    def of(cls, day: date, now: datetime, happened: Happened, ahead: Ahead | None) -> DigestMaterial:
        return cls(day=day, now=now, happened=happened, ahead=ahead, goals=sort_goals(happened))


def sections_of(material: DigestMaterial, days: LocalDays, parts: Iterable[DigestPart]) -> tuple[DigestSection, ...]:
    """Those parts there is something to say about, in that order."""
    writer = SectionWriter(material, days)
    return tuple(section for part in parts if (section := writer.section(part)).lines)


class SectionWriter:
    """One method for each part."""

    def __init__(self, material: DigestMaterial, days: LocalDays) -> None:
        self._material = material
        self._ahead = material.ahead or Ahead()
        self._goals = material.goals
        self._days = days
        self._lines: Mapping[DigestPart, Callable[[], Iterator[str]]] = {
            "agenda": self._agenda,
            "deadlines": self._deadlines,
            "waiting": self._waiting,
            "found": self._found,
            "failed": self._failed,
            "routine": self._routine,
        }

    def section(self, part: DigestPart) -> DigestSection:
        lines = list(dict.fromkeys(self._lines[part]()))
        more = max(len(lines) - MOST_LINES, 0)
        shown = tuple(lines[:MOST_LINES])
        return DigestSection(part=part, title=self._title_of(part), lines=shown, more=more, see=self._command_of(part))

    def _title_of(self, part: DigestPart) -> str:
        if part == "agenda":
            return phrase("Today, {day}", day=shown_day(self._material.day))
        return phrase(TITLES[part])

    def _command_of(self, part: DigestPart) -> str:
        """What shows all of it."""
        day = "" if self._material.ahead else f" {self._material.day}"
        return f"senter digest{day} --part {part} --length long"

    def _agenda(self) -> Iterator[str]:
        """What takes whole days first, then all by its time."""
        begin, end = self._days.span(self._material.day)
        reply = self._ahead.events
        several = len(reply.calendars) > 1 if reply else False
        timed: list[tuple[datetime, str]] = []
        for event in reply.events if reply else ():
            where = _place(event, several=several)
            if event.all_day:
                if _covers(event, self._material.day):
                    yield phrase("All day: {what}", what=f"{_title(event.title)}{where}")
            elif (start := datetime.fromisoformat(event.start)) < end and self._is_on(event, begin):
                timed.append((max(start, begin), f"{self._hours(event, begin, end)} {_title(event.title)}{where}"))
        timed += [(due, f"{self._clock(due)} {_reminder(job)}") for due, job in self._reminders()]
        yield from (line for _, line in sorted(timed))

    def _is_on(self, event: EventView, begin: datetime) -> bool:
        start, last = datetime.fromisoformat(event.start), datetime.fromisoformat(event.end)
        return start >= begin or last > begin

    def _hours(self, event: EventView, begin: datetime, end: datetime) -> str:
        """From when to when, as far as that is on this day."""
        start, last = datetime.fromisoformat(event.start), datetime.fromisoformat(event.end)
        if start < begin:
            return phrase("until {when}", when=self._clock(last)) if last < end else phrase("all day")
        return f"{self._clock(start)}-{self._clock(last)}" if last > start else self._clock(start)

    def _reminders(self) -> Iterator[tuple[datetime, JobView]]:
        """Those that are told on this day, also because they were put off until then."""
        begin, end = self._days.span(self._material.day)
        for job in self._ahead.jobs:
            due = job.snoozed_until or (job.next_run if job.enabled else None)
            if _text(job) and due and begin <= due < end:
                yield due, job

    def _deadlines(self) -> Iterator[str]:
        """What is overdue first."""
        until = self._days.span(self._material.day)[1] + DAYS_AHEAD
        dated = [(goal.deadline, goal) for goal in self._ahead.goals if goal.deadline and goal.status not in ENDED]
        for deadline, goal in sorted(dated, key=lambda each: (each[0], each[1].id)):
            if deadline < until:
                yield f"{self._due(deadline)}: {phrase('Goal')} {goal.id}, {_words(goal.text)}"

    def _moment(self, moment: datetime) -> str:
        return f"{self._day_in_words(moment.astimezone(self._days.zone).date())} {self._clock(moment)}"

    def _due(self, deadline: datetime) -> str:
        local = deadline.astimezone(self._days.zone)
        clock = "" if f"{local:%H:%M}" == LAST_MINUTE else f" {local:%H:%M}"
        day = self._day_in_words(local.date())
        is_over = deadline < self._material.now
        said = phrase("overdue since {when}", when=f"{day}{clock}") if is_over else f"{day}{clock}"
        return said[0].upper() + said[1:]

    def _day_in_words(self, day: date) -> str:
        near = {self._material.day: phrase("today"), self._material.day + A_DAY: phrase("tomorrow")}
        return near.get(day) or shown_day(day).rpartition(" ")[0]

    def _waiting(self) -> Iterator[str]:
        """What others wait for first, what can wait last."""
        yield from map(_approval, self._ahead.approvals)
        yield from (_words(wait, WORDS_CHARACTERS) for wait in self._ahead.waits)
        for goal in self._of_status(Status.QUARANTINED):
            yield phrase(QUARANTINED, id=goal.id, why=_words(goal.error))
        for asked in self._ahead.asked_back:
            about, question = _words(asked.about, ABOUT_CHARACTERS), _words(asked.question)
            yield phrase(ASKED_BACK, about=about, question=question, name=asked.conversation[:8])
        for job in self._ahead.jobs:
            if job.told_due and not job.snoozed_until:
                yield phrase(TOLD, reminder=_reminder(job), when=self._moment(job.told_due), id=job.id)
        found = {goal.number: goal.finding for goal in self._goals.looks}
        for goal in self._of_status(Status.PLEASE_LOOK):
            came = _words(found.get(goal.id, goal.text))
            yield phrase("Goal {id} is done, please look (senter result {id}): {came}", id=goal.id, came=came)

    def _of_status(self, status: Status) -> list[GoalView]:
        return [goal for goal in self._ahead.goals if goal.status is status]

    def _found(self) -> Iterator[str]:
        """Findings first, then what was only set or changed."""
        waiting = {goal.id for goal in self._of_status(Status.PLEASE_LOOK)}
        yield from (_words(goal.line, WORDS_CHARACTERS) for goal in self._goals.found)
        for goal in self._goals.looks:
            if goal.number not in waiting:
                yield f"{goal.name} ({phrase('done, please look')}): {_words(goal.finding, WORDS_CHARACTERS)}"
        if deeds := _last_of_each(each for goal in self._goals.deeds for each in goal.told):
            yield _words(phrase("Set or changed: {deeds}", deeds=_deeds(deeds)))

    def _failed(self) -> Iterator[str]:
        """One line for all that failed for the same reason."""
        waiting = {goal.id for goal in self._of_status(Status.QUARANTINED)}
        alike: dict[str, list[EndedGoal]] = {}
        for goal in self._goals.failures:
            if goal.number not in waiting:
                alike.setdefault((goal.number and _why(goal)) or goal.what, []).append(goal)
        yield from (_failures(goals) if goals[1:] else _failure(goals[0]) for goals in alike.values())
        for skipped in self._skipped(of_senter=False):
            yield phrase(
                "Skipped {job}: {why}.", job=_words(skipped.job, TITLE_CHARACTERS), why=_words(told(skipped.reason))
            )

    def _routine(self) -> Iterator[str]:
        """One line for all that nobody needs to know."""
        runs = self._goals.routine_runs + self._material.happened.of(*ROUTINE)
        if runs:
            ran = "1 routine job ran; nothing new." if runs == 1 else "{count:,} routine jobs ran; nothing new."
            yield phrase(ran, count=runs)
        elif self._skipped(of_senter=True):
            yield phrase("Routine jobs had nothing to do.")

    def _skipped(self, *, of_senter: bool) -> list[SkippedJob]:
        """Each job once, with the last reason."""
        own = {job.name for job in self._ahead.jobs if job.built_in} or BUILT_IN_JOBS
        last = {skipped.job: skipped for skipped in self._material.happened.skipped}
        return [each for each in last.values() if (each.job in own) == of_senter]

    def _clock(self, moment: datetime) -> str:
        return f"{moment.astimezone(self._days.zone):%H:%M}"


def _failure(goal: EndedGoal) -> str:
    what, why = _words(goal.what, TITLE_CHARACTERS).rstrip("."), _why(goal)
    again = f" {phrase('Try again: senter goal retry {id}', id=goal.number)}" if goal.number else ""
    reason = f": {why}" if why else ""
    return f"{phrase('{goal} failed', goal=goal.name)}{goal.times}, {what}{reason}.{again}"


def _failures(goals: Sequence[EndedGoal]) -> str:
    numbers = ", ".join(str(goal.number) for goal in goals if goal.number)
    why, last = _why(goals[0]), goals[-1].number
    said = phrase(
        "{count} goals failed ({numbers}): {why}.",
        count=len(goals),
        numbers=one_line(numbers, PLACE_CHARACTERS),
        why=why,
    )
    return f"{said} {phrase('Try again: senter goal retry {id}', id=last)}"


def _why(goal: EndedGoal) -> str:
    return _words(goal.why)


def _reminder(job: JobView) -> str:
    """The user's own words; addresses in them stay."""
    text, name = _text(job), phrase("Timer") if TIMER in job.payload else phrase("Reminder")
    return f"{name} {job.id}: {one_line(defused(text, addresses_in(text)), TITLE_CHARACTERS)}"


def _text(job: JobView) -> str:
    text = job.payload.get(REMINDER)
    return text if isinstance(text, str) else ""


def _approval(approval: Approval) -> str:
    if approval.kind == "unknown_outcome":
        what = phrase(PERHAPS_DONE, tool=approval.tool, id=approval.goal_id)
    else:
        what = phrase("goal {id} wants to {needs}", id=approval.goal_id, needs=_words(words_of(approval.needs)))
    return phrase(DECIDE, id=approval.id, what=what)


def _last_of_each(told: Iterable[str]) -> list[str]:
    """Of one thing that was set and changed again, what became of it: two words name it, as `Reminder 4` does."""
    return list({" ".join(each.split()[:2]).rstrip(":"): each for each in told}.values())


def _deeds(told: Sequence[str]) -> str:
    """One in full; of several what they are, without when and where."""
    if len(told) == 1:
        return told[0]
    more = f"; {phrase('and {count} more', count=len(told) - NAMED)}" if len(told) > NAMED else ""
    return "; ".join(one_line(each.partition(", ")[0].rstrip("."), DEED_CHARACTERS) for each in told[:NAMED]) + more


def _covers(event: EventView, day: date) -> bool:
    first, after = date.fromisoformat(event.start[:10]), date.fromisoformat(event.end[:10])
    return first <= day < max(after, first + A_DAY)


def _place(event: EventView, *, several: bool) -> str:
    """Where it is, unless that is an address of the web or long; and whose calendar has it, where there are several."""
    place = one_line(event.location)
    where = f", {_words(place)}" if place and len(place) <= PLACE_CHARACTERS and "/" not in place else ""
    return f"{where} ({_words(event.calendar, PLACE_CHARACTERS)})" if several else where


def _title(title: str) -> str:
    return _words(title, TITLE_CHARACTERS) or phrase("(no title)")


def _words(text: str, most: int = WORDS_CHARACTERS) -> str:
    return one_line(defused(one_line(text, 2 * most)), most)


def nothing_more(sections: Sequence[DigestSection]) -> bool:
    """Whether all there is to say is that routine ran."""
    return all(section.part == "routine" for section in sections)
