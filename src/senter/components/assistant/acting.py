"""Has the task engine do what a person asked for, waits a little for what comes of it, and tells what is so.

Each act is begun under an id made of its saying's, so that however often it is begun it is done once.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from zoneinfo import ZoneInfo

from senter.clock import Clock
from senter.component.asking import Asker
from senter.components.assistant.guarded_answer import Show
from senter.components.assistant.outcomes import ActOutcome, not_done, outcome_of, over_already
from senter.components.assistant.saying import Notes, Saying
from senter.components.assistant.words import words
from senter.errors import CommunicationError, DeadlineExceeded, InvalidInput, NotFound, SenterError
from senter.messages.acts import Act, ActKind, ChangeKind, Receipt, Thing, ThingKind
from senter.messages.fields import ID_PATTERN
from senter.messages.goals import (
    FINAL,
    MAX_GOAL_CHARACTERS,
    AwaitGoal,
    CarryOut,
    ChangeGoal,
    GetGoal,
    GetResult,
    GoalId,
    GoalReply,
    Status,
)
from senter.messages.query import AnswerDelta, QueryId
from senter.messages.schedule import GetJob
from senter.messages.undo import ActionView, ListActions, Undo
from senter.sentences import phrase

BEGIN_SECONDS = 20.0
LOOK_SECONDS = 3.0

DOING = frozenset(ActKind) - {ActKind.QUESTION, ActKind.TALK}
UNKNOWN = "It is not known whether this was done: {clause}. Say it again within a minute to find out: it is done once."


@dataclass(frozen=True, slots=True)
class Errand:
    """What is to be done: the acts of a saying, as they were read then, under an id."""

    saying: Saying
    acts: tuple[Act, ...]
    read_at: datetime
    origin: QueryId
    tainted: bool = False
    """Whether a model chose them that had read text of others."""
    is_new: bool = False
    """Whether none of it can have been begun before."""


class Acting:
    """Carries out acts, in their order."""

    def __init__(self, asker: Asker, show: Show, clock: Clock, zone: ZoneInfo, wait_seconds: float) -> None:
        self._asker = asker
        self._show = show
        self._clock = clock
        self._zone = zone
        self._wait_seconds = wait_seconds
        self._begun_goals: defaultdict[QueryId, list[GoalId]] = defaultdict(list)
        """Of what is not answered so far, by whose saying it is."""

    async def carry_out(self, errand: Errand, notes: Notes) -> list[ActOutcome]:
        """What became of each. What takes longer goes on by itself."""
        ends_at = self._clock.monotonic() + self._wait_seconds
        begun = [await self._begun(errand, number, ends_at) for number in range(len(errand.acts))]
        ended = [await self._ended(reply, ends_at) if isinstance(reply, GoalReply) else reply for reply in begun]
        outcomes = [await self._told(errand, *pair) for pair in zip(errand.acts, ended, strict=True)]
        notes.note(receipt for outcome in outcomes for receipt in outcome.receipts)
        return outcomes

    async def withdraw(self, name: QueryId) -> None:
        """A person does not want it any more: cancel the goals of that saying that are not done yet."""
        for goal_id in self._begun_goals.pop(name, ()):
            with suppress(SenterError):  # one that has ended meanwhile
                await self._asker.ask(ChangeGoal(goal_id=goal_id, action="cancel"), LOOK_SECONDS)

    def forget(self, name: QueryId) -> None:
        """The saying is answered: what was begun for it goes on, whoever hangs up."""
        self._begun_goals.pop(name, None)

    async def taken_back(self, receipts: Sequence[Receipt]) -> bool:
        """Whether something of it was taken back since."""
        made = {(receipt.kind, receipt.id) for receipt in receipts}
        try:
            reply = await self._asker.ask(ListActions(), LOOK_SECONDS)
        except SenterError:
            return False
        return any(each.undone and (each.receipt.kind, each.receipt.id) in made for each in reply.actions)

    async def _begun(self, errand: Errand, number: int, ends_at: float) -> GoalReply | ActOutcome | SenterError:
        """Begun; and ended, unless it is work, which may take long and which nothing after it depends on."""
        act = errand.acts[number]
        if errand.is_new and (told := await self._gone(act)):
            return told
        try:
            reply = await self._asker.ask(await self._command(errand, number), BEGIN_SECONDS, what="What you asked for")
        except SenterError as error:
            return error
        if not reply.goal.finished_at:
            self._begun_goals[errand.saying.id].append(reply.goal.id)
        return reply if act.kind is ActKind.WORK else await self._ended(reply, ends_at)

    async def _command(self, errand: Errand, number: int) -> CarryOut | Undo:
        act, request_id = errand.acts[number], request_id_of(errand.origin, number)
        if act.kind is ActKind.UNDO:
            action = await self._number_of(act, errand.saying.clause(act))
            return Undo(request_id=request_id, number=action)
        text = errand.saying.clause(act)[:MAX_GOAL_CHARACTERS]
        return CarryOut(
            request_id=request_id,
            text=text,
            acts=(act,),
            asked_at=errand.read_at,
            tainted=errand.tainted,
        )

    async def _number_of(self, act: Act, clause: str) -> int | None:
        """The action that has the number that is said, that made what is to be taken back, or that took back what is
        wanted again; none where nothing is named."""
        if numbered := words().undo_numbered.match(clause):
            return int(next(filter(None, numbered.groups())))
        if words().undo_several.search(clause):
            raise InvalidInput(
                phrase("One action is taken back at a time."), phrase("See what can be taken back: senter undo --list")
            )
        if words().undone.search(clause):
            actions = (await self._asker.ask(ListActions(), LOOK_SECONDS)).actions
            undone = [each.number for each in actions if each.is_undo and not each.undone]
            if undone:
                return undone[0]
            raise NotFound(
                phrase("There is no undo to take back."), phrase("See what can be taken back: senter undo --list")
            )
        if not act.things:
            return None
        named = {(thing.kind, thing.id) for thing in act.things}
        actions = (await self._asker.ask(ListActions(), LOOK_SECONDS)).actions
        found = [each for each in actions if (each.receipt.kind, each.receipt.id) in named and not each.undone]
        return found[0].number if found else None

    async def _ended(self, reply: GoalReply, ends_at: float) -> GoalReply:
        """As it is when it has ended, waits for a person, or the time is over."""
        left_seconds = ends_at - self._clock.monotonic()
        if reply.goal.finished_at or left_seconds <= 0:
            return reply
        await self._show(AnswerDelta(offset=0, progress=phrase("Working on goal {id} ...", id=reply.goal.id)))
        try:
            return await self._asker.ask(AwaitGoal(goal_id=reply.goal.id), left_seconds)
        except DeadlineExceeded:
            return await self._as_it_is(reply)
        except SenterError:
            return reply

    async def _as_it_is(self, reply: GoalReply) -> GoalReply:
        try:
            return await self._asker.ask(GetGoal(goal_id=reply.goal.id), LOOK_SECONDS)
        except SenterError:
            return reply

    async def _gone(self, act: Act) -> ActOutcome | None:
        """What became of what is to be ended, where all of it is ended already: no goal is made for that."""
        if not ends(act) or not act.things:
            return None
        try:
            actions = (await self._asker.ask(ListActions(), LOOK_SECONDS)).actions
            last = [newest_of(thing, actions) for thing in act.things if await self._is_gone(thing)]
        except SenterError:
            return None
        if len(last) < len(act.things):
            return None
        return ActOutcome(tuple(over_already(*pair) for pair in zip(act.things, last, strict=True)))

    async def _is_gone(self, thing: Thing) -> bool:
        match thing.kind:
            case ThingKind.REMINDER | ThingKind.JOB:
                command = GetJob(job=thing.id)
            case ThingKind.GOAL:
                goal = (await self._asker.ask(GetGoal(goal_id=GoalId(int(thing.id))), LOOK_SECONDS)).goal
                return goal.status in FINAL
            case _:
                return False
        try:
            return (await self._asker.ask(command, LOOK_SECONDS)).job.over
        except NotFound:
            return True

    async def _told(self, errand: Errand, act: Act, reply: GoalReply | ActOutcome | SenterError) -> ActOutcome:
        if isinstance(reply, ActOutcome):
            return reply
        if isinstance(reply, GoalReply):
            return outcome_of(reply, self._zone, await self._result(reply))
        if isinstance(reply, DeadlineExceeded):
            return ActOutcome((phrase(UNKNOWN, clause=errand.saying.clause(act)),))
        hint = "" if isinstance(reply, CommunicationError) else reply.hint
        return not_done(act, errand.saying.clause(act), reply.message, hint)

    async def _result(self, reply: GoalReply) -> str:
        """The text of what came of work that is done."""
        goal = reply.goal
        if goal.status not in (Status.COMPLETED, Status.PLEASE_LOOK) or goal.receipts or not goal.results:
            return ""
        try:
            return (await self._asker.ask(GetResult(goal_id=goal.id), LOOK_SECONDS)).text
        except SenterError:
            return ""


def ends(act: Act) -> bool:
    """Whether it ends what it is about."""
    return act.kind is ActKind.COMPLETION or (act.kind is ActKind.CHANGE and act.change is ChangeKind.CANCEL)


def newest_of(thing: Thing, actions: Sequence[ActionView]) -> ActionView | None:
    """What was done to it last."""
    named = (thing.kind, thing.id)
    return next((each for each in actions if (each.receipt.kind, each.receipt.id) == named and not each.undone), None)


def request_id_of(origin: QueryId, number: int) -> str:
    """The same for the same act, and no other's."""
    whole = f"{origin}-act{number}"
    return whole if re.match(ID_PATTERN, whole) else sha256(whole.encode()).hexdigest()
