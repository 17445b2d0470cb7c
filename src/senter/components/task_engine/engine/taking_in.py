"""Takes in what was understood: goals of the person's own are kept, each by itself; the rest becomes one goal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from senter.components.task_engine.engine.engine import Engine
from senter.components.task_engine.engine.services import EngineServices
from senter.components.task_engine.journal.goals import NewGoal
from senter.components.task_engine.journal.journal import EngineJournal
from senter.components.task_engine.journal.records import GoalRecord
from senter.components.task_engine.offline.door import likeness, same_goal
from senter.components.task_engine.work.act_times import ActTimes
from senter.errors import Busy, InvalidInput
from senter.messages.acts import Act, ActKind, Receipt, Thing, ThingKind
from senter.messages.goals import GoalId, GoalKind, GoalReply
from senter.moments.shown import shown_when
from senter.moments.zones import user_zone
from senter.sentences import phrase
from senter.store.stamps import from_stamp
from senter.text import cut, one_line
from senter.understanding.gists import is_put_on_list

MAX_OPEN_GOALS = 10_000
LEAST_LIKENESS = 0.5
SEE_GOALS = "See them with: senter goals"
TITLE_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class _Kept:
    """A goal of the person's own, and what is said of it."""

    goal_id: GoalId
    receipt: Receipt


class TakingIn:
    """From acts to goals. The same request makes the same goals, however often it comes."""

    def __init__(self, journal: EngineJournal, engine: Engine, services: EngineServices) -> None:
        self._journal = journal
        self._engine = engine
        self._services = services

    def take_in(self, new: NewGoal, acts: Sequence[Act]) -> GoalReply:
        """What was understood, as goals. Raises `InvalidInput` for a completion of what is not there, and `Busy`."""
        known = self._journal.goals.find(new.request_id, new.text)
        if known is not None:
            return self._journal.views.goal(known)
        self._check_room()
        settled = [self._settled(act) for act in acts]
        own = [act for act in settled if act.kind is ActKind.GOAL]
        rest = [act for act in settled if act.kind is not ActKind.GOAL]
        kept = [self._keep(new, act, place, alone=len(own) == 1 and not rest) for place, act in enumerate(own, 1)]
        if rest or not kept:
            goal_id = self._add(new, rest, [one.goal_id for one in kept])
            reply = self._journal.views.goal(goal_id)
        else:
            reply = self._told(kept)
        self._engine.wake()
        return reply

    def _add(self, new: NewGoal, acts: Sequence[Act], parts: Sequence[GoalId]) -> GoalId:
        """What is Senter's to do, beside the goals that are kept."""
        whole = replace(new, acts=tuple(acts))
        if parts:
            whole = replace(whole, said=new.text, text=_words_of(acts, new.text))
        return self._journal.goals.add_with_parts(whole, parts)

    def _told(self, kept: Sequence[_Kept]) -> GoalReply:
        """The first, with what is said of all."""
        reply = self._journal.views.goal(kept[0].goal_id)
        receipts = tuple(one.receipt for one in kept)
        return reply.model_copy(update={"goal": reply.goal.model_copy(update={"receipts": receipts})})

    def _keep(self, new: NewGoal, act: Act, place: int, *, alone: bool) -> _Kept:
        """A goal that is open already is not kept twice; a new deadline is its own."""
        zone = user_zone(self._services.settings.timezone)
        times = ActTimes(act, zone)
        said = new.text if alone else _words_of([act], new.text)
        text = _gist(act, said) if is_put_on_list(said) else said
        own = replace(
            new,
            request_id=new.request_id if alone else f"{new.request_id} goal {place}",
            text=text,
            said=said if said != text else new.said,
            kind=GoalKind.OWN,
            acts=(act,),
            deadline=new.deadline or times.deadline,
        )
        words = times.words() if new.deadline is None else _in_full(new.deadline, zone)
        if same := self._same(own, act):
            return self._merged(same, own.deadline, words, zone)
        title, due = _gist(act, text), _due(words)

        def receipt(goal_id: GoalId) -> Receipt:
            return _receipt(goal_id, title, phrase("Goal {id} is kept: {title}", id=goal_id, title=title) + due)

        goal_id = self._journal.verdicts.keep(own, receipt)
        return _Kept(goal_id, receipt(goal_id))

    def _same(self, own: NewGoal, act: Act) -> GoalRecord | None:
        """An open one that is the same, and was not made of this very request."""
        gist = _gist(act, own.text)
        open_ones = self._journal.verdicts.own_goals()
        return next(
            (goal for goal in open_ones if goal.request_id != own.request_id and same_goal(goal.gist, gist)), None
        )

    def _merged(self, same: GoalRecord, deadline: datetime | None, words: str, zone: ZoneInfo) -> _Kept:
        if deadline is None and same.deadline:
            words = _in_full(from_stamp(same.deadline), zone)
        done = phrase("Goal {id} is kept already: {title}", id=same.id, title=same.gist) + _due(words)
        told = _receipt(same.id, same.gist, done)
        if deadline is not None:
            self._journal.verdicts.move(same.id, deadline, told=told)
        return _Kept(same.id, told)

    def _settled(self, act: Act) -> Act:
        """A completion that names no goal is of the open goal of the person's own that is most like it."""
        if act.kind is not ActKind.COMPLETION or act.things:
            return act
        candidates = {goal: likeness(act.gist, goal.gist) for goal in self._journal.verdicts.own_goals()}
        best = max(candidates, key=lambda goal: candidates[goal], default=None)
        if best is None or candidates[best] < LEAST_LIKENESS:
            what = one_line(act.gist, TITLE_CHARACTERS)
            raise InvalidInput(phrase("No open goal of yours is about this: {what}.", what=what), phrase(SEE_GOALS))
        thing = Thing(kind=ThingKind.GOAL, id=str(best.id), title=best.gist)
        return act.model_copy(update={"things": (thing,)})

    def _check_room(self) -> None:
        if self._journal.goals.open_count() >= MAX_OPEN_GOALS:
            raise Busy(f"{MAX_OPEN_GOALS:,} goals are open.", "Cancel some with: senter goal cancel N")


def _gist(act: Act, text: str) -> str:
    return cut(one_line(act.gist) or one_line(text), TITLE_CHARACTERS)


def _due(words: str) -> str:
    return phrase(", due {due}", due=words) if words else ""


def _words_of(acts: Sequence[Act], text: str) -> str:
    """Where the sentence says them."""
    return "; ".join(text[act.span[0] : act.span[1]].strip() or act.gist for act in acts) or text


def _receipt(goal_id: GoalId, title: str, done: str) -> Receipt:
    return Receipt(kind=ThingKind.GOAL, id=str(goal_id), title=title, done=done, goal_id=goal_id, undoable=True)


def _in_full(moment: datetime, zone: ZoneInfo) -> str:
    return shown_when(moment.astimezone(zone), zone)
