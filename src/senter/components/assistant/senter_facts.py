"""Answers questions about Senter, and about what it keeps for its user, from facts: no model is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from senter.bus.bus import Bus
from senter.clock import Clock
from senter.components.assistant.entries import (
    Entry,
    Span,
    asked_time,
    days,
    entries_of,
    entry_of_goal,
    entry_of_job,
    entry_of_timer,
    hours_asked,
    in_order,
    listed,
    shown_span,
)
from senter.components.assistant.inventory import CALENDAR, GOALS, JOBS, NOTES, Inventory, title_of_job
from senter.components.assistant.mine.places import shown_path
from senter.components.assistant.outcomes import bullets, not_looked_at, sentence
from senter.components.assistant.planned_days import free_in, planned_days
from senter.components.assistant.turn_outcome import TurnOutcome
from senter.components.assistant.words import BRIEFING, CLOCK, FINDINGS, PLAN, words
from senter.errors import SenterError
from senter.messages.acts import Receipt, ThingKind
from senter.messages.control import GetDaemonStatus, State
from senter.messages.goals import GetGoal, GoalKind, ListGoals
from senter.messages.message import Command, Reply
from senter.messages.query import Quoted
from senter.messages.reports import GetDigest, GetProgress
from senter.messages.undo import ListActions
from senter.messages.written import WrittenText
from senter.moments.shown import shown_when
from senter.sentences import phrase
from senter.text import one_line
from senter.understanding.references import content, is_alarm, is_timer, names_alarms

ReplyT = TypeVar("ReplyT", bound=Reply)
Answer = Callable[[str], Awaitable[TurnOutcome]]

TIMEOUT_SECONDS = 5.0
DIGEST_SECONDS = 15.0
"""A digest asks several others, and waits for a calendar server."""
DAYS_OF_AN_AGENDA = 7
MOST_LISTED = 20
LONGEST_NOTE = 200
HOURS_OF_A_WEEK = 168.0

ABILITIES = """\
I am Senter, your assistant on this machine. Say it in your own words:
- Remind me to call mom tomorrow at 9. Set a timer for ten minutes.
- Dentist on 14 December from 10:30 to 11:30. What is in my calendar next week?
- I need to finish my presentation by Friday. What do I have to do?
- Research bread ovens and write a report. Organise ~/Downloads.
- Every Monday at 8, send me the news about bread.
- What does my contract say about notice? What did you do yesterday?
- Move it to 5. Cancel the dentist. Undo.
I do what you ask or ask back, and say each thing that I did with its number."""
STATUS = "Senter is {state}, health score {score} of 100. Open goals: {goals}. Reminders: {reminders}."
WELCOME = "You are welcome."
NOTHING_DONE = "Nothing was done, set or found."
NOT_KNOWN = "I have no facts to answer that with."


class SenterFacts:
    """One method for each topic of the words file."""

    def __init__(self, bus: Bus, inventory: Inventory, clock: Clock, zone: ZoneInfo) -> None:
        self._bus = bus
        self._inventory = inventory
        self._clock = clock
        self._zone = zone
        self._answers: dict[str, Answer] = {
            "abilities": self._abilities,
            CLOCK: self._now,
            "did": self._did,
            BRIEFING: self._briefing,
            FINDINGS: self._findings,
            "waiting": self._waiting,
            PLAN: self._plan,
            "agenda": self._agenda,
            "free": self._free,
            "reminders": self._reminders,
            "timers": self._timers,
            "goals": self._goals,
            "jobs": self._jobs,
            "folders": self._folders,
            "notes": self._notes,
            "made": self._undoable,
            "undoable": self._undoable,
            "status": self._status,
            "thanks": self._welcome,
        }

    async def tell(self, topic: str, text: str, receipts: Sequence[Receipt] = ()) -> TurnOutcome:
        """The answer to a question about that topic; about an unknown one, what can be asked. `receipts` are of what
        the conversation made lately, the last turn first."""
        if topic == "made" and receipts:
            return self._made(receipts)
        if topic == "going":
            return await self._going({each.id for each in receipts if each.kind is ThingKind.GOAL})
        try:
            return await self._answers.get(topic, self._unknown)(text)
        except SenterError as error:
            return TurnOutcome(text=phrase("I cannot look that up now: {why}", why=sentence(error.message)))

    async def _abilities(self, text: str) -> TurnOutcome:
        return TurnOutcome(text=phrase(ABILITIES))

    async def _now(self, text: str) -> TurnOutcome:
        return TurnOutcome(text=phrase("It is {when}.", when=shown_when(self._clock.now(), self._zone)))

    async def _welcome(self, text: str) -> TurnOutcome:
        return TurnOutcome(text=phrase(WELCOME))

    async def _unknown(self, text: str) -> TurnOutcome:
        return TurnOutcome(text=f"{phrase(NOT_KNOWN)}\n\n{phrase(ABILITIES)}")

    async def _did(self, text: str) -> TurnOutcome:
        span = self._time_in(text)
        day = span.start.date().isoformat() if span else ""
        if span and span.end - span.start > timedelta(days=2):
            progress = await self._ask(GetProgress(hours=HOURS_OF_A_WEEK, limit=MOST_LISTED))
            lines = bullets(activity.summary for activity in progress.activities)
            opening = phrase("In the last seven days ({count} activities):", count=progress.total)
            return TurnOutcome(text=f"{opening}\n\n{lines}")
        digest = await self._ask(GetDigest(day=day), DIGEST_SECONDS)
        when = phrase("On {when}:", when=shown_span(span, self._zone)) if span else phrase("In the last 24 hours:")
        return TurnOutcome(text=f"{when}\n\n{bullets(digest.lines or (phrase(NOTHING_DONE),))}")

    async def _briefing(self, text: str) -> TurnOutcome:
        return TurnOutcome(text=(await self._ask(GetDigest(), DIGEST_SECONDS)).summary)

    async def _findings(self, text: str) -> TurnOutcome:
        """Of the last 24 hours, or of the day that is named."""
        span = self._time_in(text)
        day = span.start.date().isoformat() if span else ""
        return TurnOutcome(text=(await self._ask(GetDigest(day=day, parts="found"), DIGEST_SECONDS)).summary)

    async def _waiting(self, text: str) -> TurnOutcome:
        """What of each goal waits for the person, and how it is settled; and reminders that were told."""
        goals = (await self._ask(ListGoals(limit=MOST_LISTED))).goals
        replies = await asyncio.gather(*(self._ask(GetGoal(goal_id=goal.id)) for goal in goals))
        lines = [
            phrase("Goal {id}: {title}", id=reply.goal.id, title=sentence(each))
            for reply in replies
            for each in reply.waits
        ]
        told = [job for job in (await self._inventory.now()).reminders if job.told_at and not job.snoozed_until]
        lines += [entry_of_job(job, self._zone).quoted.quote for job in told]
        return TurnOutcome(text=bullets(lines) or phrase("Nothing waits for you."))

    async def _agenda(self, text: str) -> TurnOutcome:
        """What is to be done and what takes place; of goals without a deadline only where no time is named."""
        snapshot = await self._inventory.now()
        span = self._time_in(text)
        entries = entries_of(snapshot, self._zone, span)
        found = [entry for entry in entries if self._is_on_agenda(entry, span)]
        empty = phrase("Nothing is planned in the next {days} days.", days=DAYS_OF_AN_AGENDA)
        if span:
            empty = phrase("Nothing is planned on {when}.", when=shown_span(span, self._zone))
        return self._list((entry.quoted for entry in found), empty, snapshot.unknown_of(GOALS, JOBS, CALENDAR))

    async def _plan(self, text: str) -> TurnOutcome:
        """Days in a row with what is free; a week from today where none are named."""
        snapshot = await self._inventory.now()
        own = tuple(goal for goal in snapshot.goals if goal.kind is GoalKind.OWN)
        span = self._time_in(words().with_this(text)) or self._week(text)
        found = planned_days(
            entries_of(replace(snapshot, goals=own), self._zone, span),
            span,
            self._clock.now(),
            self._zone,
        )
        missing = not_looked_at(snapshot.unknown_of(GOALS, JOBS, CALENDAR))
        return TurnOutcome(text="\n\n".join((found.text, *missing)), sources=found.sources)

    async def _free(self, text: str) -> TurnOutcome:
        """What is free of a day or of hours that are named, after what stands in them; of several days a plan."""
        span = hours_asked(text, self._clock.now(), self._zone)
        if span is None or span.end - span.start > timedelta(hours=25):
            return await self._plan(text)
        snapshot = await self._inventory.now()
        entries = entries_of(replace(snapshot, goals=()), self._zone, span)
        taken = [entry for entry in entries if entry.is_in(span)]
        missing = not_looked_at(snapshot.unknown_of(JOBS, CALENDAR))
        lines = (listed([entry.quoted for entry in taken]), free_in(taken, span, self._clock.now(), self._zone))
        return TurnOutcome(
            text="\n\n".join(filter(None, (*lines, *missing))), sources=tuple(entry.quoted for entry in taken)
        )

    def _week(self, text: str) -> Span:
        """Seven days from today on; of a text that speaks of a day alone, today."""
        today = self._clock.now().astimezone(self._zone).date()
        return days(today, today if words().is_one_day(text) else today + timedelta(days=6), self._zone)

    def _is_on_agenda(self, entry: Entry, span: Span | None) -> bool:
        if span:
            return entry.is_in(span)
        is_goal = entry.quoted.address.startswith("goal")
        overdue_or_open = is_goal and (entry.start is None or entry.start < self._clock.now())
        return overdue_or_open or entry.is_in(self._coming_days())

    def _coming_days(self) -> Span:
        now = self._clock.now()
        last = now.astimezone(self._zone).date() + timedelta(days=DAYS_OF_AN_AGENDA)
        return Span(now, days(last, last, self._zone).end)

    async def _reminders(self, text: str) -> TurnOutcome:
        snapshot = await self._inventory.now()
        jobs = [job for job in snapshot.reminders if names_alarms(text) and is_alarm(title_of_job(job))]
        entries = in_order(entry_of_job(job, self._zone) for job in jobs or snapshot.reminders)
        return self._list(_of(entries, self._time_in(text)), phrase("No reminder is set."), snapshot.unknown_of(JOBS))

    async def _timers(self, text: str) -> TurnOutcome:
        """What is left of each that runs, and those that rang and wait."""
        snapshot, now = await self._inventory.now(), self._clock.now()
        jobs = [job for job in snapshot.reminders if is_timer(title_of_job(job))]
        named = [job for job in jobs if content(title_of_job(job)) & content(text)]
        timers = (entry_of_timer(job, now, self._zone) for job in named or jobs)
        return self._list((each.quoted for each in in_order(timers)), "No timer runs.", snapshot.unknown_of(JOBS))

    async def _jobs(self, text: str) -> TurnOutcome:
        snapshot = await self._inventory.now()
        entries = in_order(entry_of_job(job, self._zone) for job in snapshot.jobs)
        return self._list(_of(entries, self._time_in(text)), phrase("Nothing is scheduled."), snapshot.unknown_of(JOBS))

    async def _goals(self, text: str) -> TurnOutcome:
        snapshot = await self._inventory.now()
        entries = [entry_of_goal(goal, self._zone) for goal in snapshot.goals]
        return self._list(_of(entries, self._time_in(text)), phrase("No goal is open."), snapshot.unknown_of(GOALS))

    async def _going(self, spoken_of: Collection[str]) -> TurnOutcome:
        """How far the goals are that the conversation spoke of, else all that are open."""
        snapshot = await self._inventory.now()
        goals = [goal for goal in snapshot.goals if str(goal.id) in spoken_of] or snapshot.goals
        entries = in_order(entry_of_goal(goal, self._zone) for goal in goals)
        return self._list((entry.quoted for entry in entries), phrase("No goal is open."), snapshot.unknown_of(GOALS))

    async def _folders(self, text: str) -> TurnOutcome:
        snapshot = await self._inventory.now()
        return TurnOutcome(text=bullets(snapshot.folders) or phrase("No folder is indexed."))

    async def _notes(self, text: str) -> TurnOutcome:
        """All that was noted; of long ones the beginning."""
        snapshot = await self._inventory.now()
        return self._list(map(_quoted_note, snapshot.notes), phrase("Nothing is noted."), snapshot.unknown_of(NOTES))

    async def _undoable(self, text: str) -> TurnOutcome:
        actions = (await self._ask(ListActions())).actions
        lines = [f"{each.number}: {each.receipt.done}" for each in actions if not each.undone and not each.refusal]
        return TurnOutcome(text=bullets(lines) or phrase("There is nothing to take back."))

    def _made(self, receipts: Sequence[Receipt]) -> TurnOutcome:
        """How each thing stood when it was made or changed last."""
        last = {(each.kind, each.id): each for each in reversed(receipts)}
        return TurnOutcome(text=bullets(sentence(each.done) for each in last.values()))

    async def _status(self, text: str) -> TurnOutcome:
        status = await self._ask(GetDaemonStatus())
        snapshot = await self._inventory.now()
        away = [
            phrase("{name} is {state}", name=name, state=phrase(row.state))
            for name, row in status.components.items()
            if row.state not in (State.RUNNING, State.DISABLED)
        ]
        first = phrase(
            STATUS,
            state=phrase(status.state),
            score=status.health_score,
            goals=len(snapshot.goals),
            reminders=len(snapshot.reminders),
        )
        return TurnOutcome(text="\n\n".join(filter(None, (first, bullets(map(sentence, away))))))

    def _time_in(self, text: str) -> Span | None:
        return asked_time(text, self._clock.now(), self._zone)[0]

    def _list(self, quotes: Iterable[Quoted], empty: str, unknown: tuple[str, ...]) -> TurnOutcome:
        """`empty` is said where that is known."""
        found = tuple(quotes)
        shown_ones = found[:MOST_LISTED]
        left = len(found) - MOST_LISTED
        more = [phrase("... and {count} more.", count=left)] if left > 0 else []
        missing = not_looked_at(unknown)
        first = listed(shown_ones) if shown_ones else "" if unknown else empty
        return TurnOutcome(text="\n\n".join(filter(None, (first, *more, *missing))), sources=shown_ones)

    async def _ask(self, command: Command[ReplyT], seconds: float = TIMEOUT_SECONDS) -> ReplyT:
        return await self._bus.request(command, timeout_seconds=seconds)


def _quoted_note(note: WrittenText) -> Quoted:
    said = one_line(note.text, LONGEST_NOTE) or note.title
    return Quoted(
        source=note.title,
        address=f"note {note.path}",
        quote=phrase('"{words}" (note, {path})', words=said, path=shown_path(note.path)),
    )


def _of(entries: Iterable[Entry], span: Span | None) -> Iterable[Quoted]:
    return (entry.quoted for entry in entries if span is None or entry.is_in(span))
