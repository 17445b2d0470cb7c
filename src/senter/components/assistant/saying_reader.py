"""Understands what is said, with what exists in view; and tells what is to be done from what is to be answered."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from senter.components.assistant.acting import DOING
from senter.components.assistant.inventory import Inventory, Snapshot
from senter.components.assistant.saying import Saying
from senter.components.assistant.words import words
from senter.messages.acts import Act, ActKind, Subject
from senter.messages.understanding import Understanding
from senter.sentences import speaking
from senter.understanding.interpreter import Interpreter
from senter.understanding.known import Known
from senter.understanding.references import may_be_reported
from senter.understanding.told import may_be_about_things

LEAST_SURE = 0.5
"""Of an act; one that is less sure is talk: nothing is done by a guess."""
LISTED = frozenset({"goals", "reminders", "timers", "jobs", "agenda", "waiting"})
"""Topics of which a list is wanted: `make a list of my open goals`."""
FIRST_LOOK_SECONDS = 0.03


class SayingReader:
    """From a saying to its acts."""

    def __init__(self, interpreter: Interpreter, inventory: Inventory, zone: ZoneInfo) -> None:
        self._interpreter = interpreter
        self._inventory = inventory
        self._zone = zone

    async def understand(self, saying: Saying, zone: ZoneInfo | None = None) -> Understanding:
        """With what is at hand; and again with what exists now, unless a model is to answer whatever exists.

        Of a text with something to read, only what is to be done is understood: a model answers about the text.
        """
        zone = zone or self._zone
        if not saying.said:
            return Understanding(acts=(), now=saying.at, zone=zone.key)
        found = await self._interpret(saying, zone, await self._inventory.at_hand(FIRST_LOOK_SECONDS))
        with speaking(found.language):
            is_report = may_be_reported(saying.said) or may_be_about_things(saying.said)
        if found.question or is_report or not all(is_for_model(act, saying) for act in found.acts):
            found = await self._interpret(saying, zone, await self._inventory.now())
        return found if saying.said == saying.text else _orders_in(found, saying)

    async def _interpret(self, saying: Saying, zone: ZoneInfo, snapshot: Snapshot) -> Understanding:
        known = Known(
            things=snapshot.things(zone),
            folders=snapshot.folders,
            calendars=snapshot.calendars,
            latest=saying.latest,
            together=saying.together,
            is_fresh=saying.is_fresh,
            asked=saying.asked,
            language=saying.language,
        )
        return await self._interpreter.interpret(saying.said, saying.at, zone, known)


def does(act: Act, saying: Saying) -> bool:
    """Whether it is for the task engine; what there is nothing to do to is not."""
    named = act.things or act.kind not in (ActKind.CHANGE, ActKind.COMPLETION)
    is_told = is_listed(act, saying.clause(act)) or is_for_model(act, saying)
    return bool(named) and act.kind in DOING and not is_told


def is_listed(act: Act, clause: str) -> bool:
    """Whether it wants a list of what Senter keeps: it is told at once."""
    known = words()
    is_wanted = act.kind is ActKind.WORK and known.asked_to_list.search(clause) is not None
    return is_wanted and known.topic_of(clause) in LISTED


def is_for_model(act: Act, saying: Saying) -> bool:
    """What nobody's own affairs answer, and what is done by writing it down here."""
    clause = saying.clause(act)
    match act.kind:
        case ActKind.TALK:
            return not words().topic_alone(clause)
        case ActKind.QUESTION:
            return _may_be_of_the_world(act, clause) or _is_about_what_was_written(clause, saying)
        case ActKind.WORK:
            return not words().tools.search(clause) and not is_listed(act, clause)
        case _:
            return act.confidence < LEAST_SURE


def _is_about_what_was_written(clause: str, saying: Saying) -> bool:
    """`Who made it?` after what a model said: about nothing else."""
    return saying.follows_model and words().about_it.search(clause) is not None


def _may_be_of_the_world(act: Act, clause: str) -> bool:
    known = words()
    if act.subject is Subject.SENTER and not known.topic_of(clause):
        return bool(known.asked_to_write.search(clause))
    is_others = act.subject in (None, Subject.WORLD) or act.subject_is_open
    return is_others and not known.topic_alone(clause)


def _orders_in(found: Understanding, saying: Saying) -> Understanding:
    acts = tuple(act for act in found.acts if does(act, saying))
    return found.model_copy(update={"acts": acts, "question": found.question if acts else None})
