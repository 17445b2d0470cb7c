"""Turns what a person says into an answer: understood, then done, asked back, looked up, or put to a model.

What is to be done is stored before it is done. No model answers about Senter, and about the user's own affairs only a
capable one, with its sources.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from senter.components.assistant.acting import DOING, Acting, Errand
from senter.components.assistant.citing import AskModel, Citing
from senter.components.assistant.context import PromptContext
from senter.components.assistant.continued import continued
from senter.components.assistant.entries import listed
from senter.components.assistant.inventory import Inventory, Snapshot
from senter.components.assistant.mine.question import (
    asks_for_advice,
    asks_for_figure,
    asks_on,
    may_be_own,
    questions_in,
)
from senter.components.assistant.outcomes import sentence, together
from senter.components.assistant.own_things import FoundThings, OwnThings
from senter.components.assistant.saying import Kept, Notes, Saying
from senter.components.assistant.senter_facts import SenterFacts
from senter.components.assistant.turn_outcome import TurnOutcome, joined, written_by_model
from senter.components.assistant.wanted_texts import WantedText, wanted_text
from senter.components.assistant.words import PLAN, english
from senter.errors import ModelUnavailable, SenterError
from senter.messages.acts import Act, ActKind, Clarification, Missing, Receipt, Subject, Thing
from senter.messages.model import Capability, ModelResponse
from senter.messages.query import QueryId
from senter.messages.understanding import Understanding
from senter.understanding.interpreter import Interpreter
from senter.understanding.known import Known
from senter.understanding.references import may_be_reported

WRITTEN = frozenset({ActKind.QUESTION, ActKind.WORK, ActKind.TALK})
"""Acts that may be answered by what is written here, and change nothing."""
WRITTEN_DOWN = WRITTEN | {ActKind.NOTE}
"""What may be answered by a text that is wanted: `jot me down a packing list`."""
LISTED = frozenset({"goals", "reminders", "timers", "jobs", "agenda", "waiting"})
"""Topics of which a list is wanted: `make a list of my open goals`."""
LEAST_SURE = 0.5
"""Of an act; one that is less sure is talk: nothing is done by a guess."""
FIRST_LOOK_SECONDS = 0.03
SURE_LOOK_SECONDS = 0.2
"""What a question about the world waits for what may be one's own all the same."""
RESTARTED = "Senter was restarted in between; this was done once."
SAID_BEFORE = "You said this a moment ago; it is done once."
ONLY_OPENING = "Only the beginning of the text was taken for something to do."
LEFT_OPEN = "All right, nothing was done."
ONLY_ENGLISH = "(Say what I am to do in English, for now: I did nothing beyond this answer.)"
FOUND_NOTHING = "I found nothing about {about} in your documents, calendar, goals or earlier talk."
ADD_FOLDER = "No folder of yours is indexed. Add one with: senter documents add FOLDER"


@dataclass(frozen=True, slots=True)
class _Reading:
    """What a saying means, and whether that was known before."""

    kept: Kept
    remark: str = ""
    is_new: bool = True


class Answering:
    """The one way from a sentence to an answer, for turns and for chats."""

    def __init__(
        self,
        interpreter: Interpreter,
        inventory: Inventory,
        acting: Acting,
        facts: SenterFacts,
        own_things: OwnThings,
        citing: Citing,
        context: PromptContext,
        zone: ZoneInfo,
    ) -> None:
        self._interpreter = interpreter
        self._inventory = inventory
        self._acting = acting
        self._facts = facts
        self._own_things = own_things
        self._citing = citing
        self._context = context
        self._zone = zone

    async def answer(self, saying: Saying, notes: Notes, ask: AskModel) -> TurnOutcome:
        """Raises what the model, where it is asked, fails with."""
        if english().is_plan(saying.said):
            return await self._facts.tell(PLAN, saying.said)
        reading = await self._read(saying, notes)
        understanding = reading.kept.understanding
        if at_once := await self._at_once(understanding, saying, ask):
            return at_once
        if asked := await self._asked_on(understanding, saying, ask):
            return asked
        if understanding.question:
            return await self._ask_back(understanding.question, saying, ask)
        if _leaves_open(understanding, saying) and not english().topic_alone(saying.said):
            return TurnOutcome(text=LEFT_OPEN)
        acts = understanding.acts
        sums = {number: found for number, act in enumerate(acts) if (found := await self._summed(act, saying, ask))}
        doing = tuple(act for number, act in enumerate(acts) if _does(act, saying) and number not in sums)
        done = await self._do(reading, doing, saying, notes) if doing else None
        others = [act for number, act in enumerate(acts) if act not in doing and number not in sums]
        told = await self._told(others, saying, ask, done) if others or not (done or sums) else []
        return joined([*([done] if done else []), *sums.values(), *told])

    async def _at_once(self, found: Understanding, saying: Saying, ask: AskModel) -> TurnOutcome | None:
        """Where the whole of what is said wants a text that needs nothing but its own words; or where it is open what
        is wanted, and that is a figure."""
        lacks = found.question.lacks if found.question else None
        is_torn = lacks is Missing.KIND
        does = [act for act in found.acts if act.kind not in WRITTEN_DOWN or _does(act, saying)]
        is_written = all(act.kind is ActKind.NOTE for act in does)
        wanted = wanted_text(saying.said, self._context.user_name)
        is_open = is_torn and not english().tools.search(saying.said)
        if wanted and (is_open or (lacks in (None, Missing.WHAT) and is_written)):
            return await self._text(wanted, saying, ask)
        whole = Act(kind=ActKind.QUESTION, span=(0, len(saying.said)), confidence=1.0, subject=Subject.MINE)
        return await self._summed(whole, saying, ask) if is_torn else None

    async def _asked_on(self, found: Understanding, saying: Saying, ask: AskModel) -> TurnOutcome | None:
        """A question that leaves out what was asked before it, as a whole one."""
        if found.question or any(act.kind not in WRITTEN for act in found.acts):
            return None
        whole = continued(saying.text, saying.earlier, saying.at, self._zone)
        if not whole:
            return None
        act = Act(kind=ActKind.QUESTION, span=(0, len(whole)), confidence=1.0, subject=Subject.MINE)
        return await self._looked_up(act, replace(saying, text=whole, asked=None), ask)

    async def _summed(self, act: Act, saying: Saying, ask: AskModel) -> TurnOutcome | None:
        """A sum or a count of what stands in a table of the user's own; whoever wants it written down wants work."""
        clause = saying.clause(act)
        if act.kind not in WRITTEN or not asks_for_figure(clause):
            return None
        found = await self._own_things.find(clause, act, saying.at, self._zone, saying.quoted)
        return (await self._citing.answer(clause, found, ask) or quoted(found)) if found.is_figure else None

    async def _text(self, wanted: WantedText, saying: Saying, ask: AskModel) -> TurnOutcome:
        """By a capable model, with what it is said below it; plainly where none can, or where it left out what was
        said. A lesser one invents what it does not know."""
        plain = TurnOutcome(text=_paragraphs(wanted.plain(), wanted.words.closing))
        if not await self._citing.has_capable_model():
            return plain
        try:
            response = await ask(None, saying.receipts, Capability.CAPABLE, wanted.words.instructions.strip())
        except SenterError:
            return plain
        made = written_by_model(response)
        is_whole = response.capability is Capability.CAPABLE and not made.cut_off
        if not is_whole or not wanted.holds(made.text):
            return plain
        return replace(made, text=_paragraphs(made.text.strip(), wanted.words.closing))

    async def look_up(self, saying: Saying) -> TurnOutcome:
        """What answers questions about the user's own affairs, without a model; nothing where it is something else."""
        acts = (await self.understand(saying)).acts
        if not acts or not all(_asks_for_own(act, saying) for act in acts):
            return TurnOutcome(text="")
        found = joined([await self._looked_up(act, saying, ask_nobody) for act in acts])
        return TurnOutcome(text="") if found.text.startswith(FOUND_NOTHING.partition("{")[0]) else found

    async def withdraw(self, name: QueryId) -> None:
        """A person withdrew what they said: what of it is being done is cancelled; what is done stays."""
        await self._acting.withdraw(name)

    async def context(self) -> str:
        """What a prompt says of the user."""
        return self._context.words(await self._inventory.at_hand(0.0))

    async def things(self) -> tuple[Thing, ...]:
        """What exists, as far as it is known at hand."""
        return (await self._inventory.at_hand(FIRST_LOOK_SECONDS)).things(self._zone)

    async def understand(self, saying: Saying, zone: ZoneInfo | None = None) -> Understanding:
        """With what is at hand; and again with what exists now, unless a model is to answer whatever exists.

        Of a text with something to read, only what is to be done is understood: a model answers about the text.
        """
        zone = zone or self._zone
        if not saying.said:
            return Understanding(acts=(), now=saying.at, zone=zone.key)
        found = await self._interpret(saying, zone, await self._inventory.at_hand(FIRST_LOOK_SECONDS))
        if found.question or may_be_reported(saying.said) or not all(_is_for_model(act, saying) for act in found.acts):
            found = await self._interpret(saying, zone, await self._inventory.now())
        return found if saying.said == saying.text else _orders_in(found, saying)

    async def _interpret(self, saying: Saying, zone: ZoneInfo, snapshot: Snapshot) -> Understanding:
        known = Known(
            things=snapshot.things(zone),
            folders=snapshot.folders,
            calendars=snapshot.calendars,
            latest=saying.latest,
            asked=saying.asked,
        )
        return await self._interpreter.interpret(saying.said, saying.at, zone, known)

    async def _read(self, saying: Saying, notes: Notes) -> _Reading:
        """As it was read before, where it was: never anew at another moment."""
        if kept := notes.kept():
            return _Reading(kept, RESTARTED, is_new=False)
        before = notes.said_before()
        if before and not await self._acting.taken_back(before.receipts):
            return _Reading(before, SAID_BEFORE)
        return _Reading(Kept(await self.understand(saying), saying.id))

    async def _do(self, reading: _Reading, acts: tuple[Act, ...], saying: Saying, notes: Notes) -> TurnOutcome:
        kept = reading.kept
        if reading.is_new:
            notes.keep(kept)
        errand = Errand(saying, acts, kept.understanding.now, kept.origin)
        self._inventory.forget()
        outcomes = await self._acting.carry_out(errand, notes)
        self._inventory.forget()
        opening = ONLY_OPENING if saying.has_text_to_read else ""
        return TurnOutcome(
            text=together(outcomes, acts, " ".join(filter(None, (reading.remark, opening)))),
            receipts=tuple(receipt for outcome in outcomes for receipt in outcome.receipts),
            focus=outcomes[0].focus,
        )

    async def _told(
        self, acts: list[Act], saying: Saying, ask: AskModel, done: TurnOutcome | None
    ) -> list[TurnOutcome]:
        """What nothing is to be done for: looked up, each; what is for a model, in one."""
        acts = _asked_on(acts, saying)
        for_model = [act for act in acts if _is_for_model(act, saying) and (not done or act.kind is not ActKind.TALK)]
        parts = [await self._looked_up(act, saying, ask) for act in acts if not _is_for_model(act, saying)]
        if not done and not parts:
            if own := await self._surely_own(for_model, saying, ask):
                return [own]
            return [written_by_model(await ask(None, saying.receipts))]
        if for_model:
            receipts = (*(done.receipts if done else ()), *saying.receipts)
            parts.append(await _written(" ".join(map(saying.clause, for_model)), receipts, ask))
        return parts

    async def _looked_up(self, act: Act, saying: Saying, ask: AskModel) -> TurnOutcome:
        clause = saying.clause(act)
        if act.kind in (ActKind.CHANGE, ActKind.COMPLETION):
            return await self._nothing_to_change(act, clause)
        topic = english().topic_of(clause)
        if topic or act.subject is Subject.SENTER:
            return await self._facts.tell(topic, clause, saying.receipts)
        return joined([await self._own(question, act, saying, ask) for question in questions_in(clause)])

    async def _own(self, question: str, act: Act, saying: Saying, ask: AskModel) -> TurnOutcome:
        found = await self._own_things.find(question, act, saying.at, self._zone, saying.quoted)
        if not found.answers and asks_for_advice(question):
            return await _written(question, saying.receipts, ask)
        return await self._citing.answer(question, found, ask) or quoted(found)

    async def _surely_own(self, acts: list[Act], saying: Saying, ask: AskModel) -> TurnOutcome | None:
        """A question that was taken to be about the world, or a list that is wanted, where the user's own things have
        all that it says: of what was just quoted, whatever it asks."""
        if [act.kind for act in acts] not in ([ActKind.QUESTION], [ActKind.WORK]):
            return None
        clause = saying.clause(acts[0])
        if not may_be_own(clause) and (not saying.quoted or asks_for_advice(clause)):
            return None
        try:
            async with asyncio.timeout(SURE_LOOK_SECONDS):
                found = await self._own_things.find(clause, acts[0], saying.at, self._zone, saying.quoted)
        except TimeoutError:
            return None
        is_about_it = may_be_own(clause) or any(answer.address in saying.quoted for answer in found.answers)
        return (
            (await self._citing.answer(clause, found, ask) or quoted(found)) if found.is_sure and is_about_it else None
        )

    async def _nothing_to_change(self, act: Act, clause: str) -> TurnOutcome:
        unknown = (await self._inventory.now()).unknown
        what = f'I found nothing open that fits "{act.gist or clause}". Nothing was changed.'
        return TurnOutcome(text=" ".join((what, *(f"I could not look at {each}." for each in unknown))))

    async def _ask_back(self, question: Clarification, saying: Saying, ask: AskModel) -> TurnOutcome:
        """A question in a language that no acts are read in may still be answered: claims are not seen in it either."""
        if question.lacks is Missing.LANGUAGE and saying.text.rstrip().endswith("?"):
            written = written_by_model(await ask(None, saying.receipts))
            return joined([written, TurnOutcome(text=ONLY_ENGLISH)])
        return TurnOutcome(text=question_text(question), asks=question)


async def ask_nobody(
    only: str | None, receipts: tuple[Receipt, ...], least: Capability = Capability.BASIC, beside: str = ""
) -> ModelResponse:
    """For who wants what stands there, and no model's words. Raises `ModelUnavailable`."""
    raise ModelUnavailable("No model is asked here.")


async def _written(clauses: str, receipts: tuple[Receipt, ...], ask: AskModel) -> TurnOutcome:
    """A part of an answer; that no model can write it takes nothing from the other parts."""
    try:
        return written_by_model(await ask(clauses, receipts))
    except SenterError as error:
        return TurnOutcome(text=f'No answer to "{clauses}": {sentence(error.message)} {error.hint}'.strip())


def _asked_on(acts: Sequence[Act], saying: Saying) -> list[Act]:
    """Questions, each with what asks on about it: `which did we choose, and why`."""
    asked: list[Act] = []
    for act in acts:
        goes_on = asked and {asked[-1].kind, act.kind} == {ActKind.QUESTION} and asks_on(saying.clause(act))
        if goes_on:
            asked[-1] = asked[-1].model_copy(update={"span": (asked[-1].span[0], act.span[1])})
        else:
            asked.append(act)
    return asked


def question_text(question: Clarification) -> str:
    choices = (f"{number}. {each.label}" for number, each in enumerate(question.alternatives, 1))
    return "\n".join((question.question, *choices))


def _orders_in(found: Understanding, saying: Saying) -> Understanding:
    acts = tuple(act for act in found.acts if _does(act, saying))
    return found.model_copy(update={"acts": acts, "question": found.question if acts else None})


def _leaves_open(understanding: Understanding, saying: Saying) -> bool:
    """Whether it says no more than that what was asked back is not wanted."""
    acts = understanding.acts
    return saying.asked is not None and bool(acts) and all(act.kind is ActKind.TALK and not act.gist for act in acts)


def _does(act: Act, saying: Saying) -> bool:
    """Whether it is for the task engine; what there is nothing to do to is not."""
    named = act.things or act.kind not in (ActKind.CHANGE, ActKind.COMPLETION)
    is_told = _is_listed(act, saying.clause(act)) or _is_for_model(act, saying)
    return bool(named) and act.kind in DOING and not is_told


def _asks_for_own(act: Act, saying: Saying) -> bool:
    """Whether what is the user's answers it: a question, or a list that is wanted of it."""
    if act.kind is ActKind.WORK:
        return english().asked_to_list.search(saying.clause(act)) is not None
    return act.kind is ActKind.QUESTION and not _is_for_model(act, saying)


def _is_listed(act: Act, clause: str) -> bool:
    """Whether it wants a list of what Senter keeps: it is told at once."""
    words = english()
    is_wanted = act.kind is ActKind.WORK and words.asked_to_list.search(clause) is not None
    return is_wanted and words.topic_of(clause) in LISTED


def _is_for_model(act: Act, saying: Saying) -> bool:
    """What nobody's own affairs answer, and what is done by writing it down here."""
    clause = saying.clause(act)
    match act.kind:
        case ActKind.TALK:
            return not english().topic_alone(clause)
        case ActKind.QUESTION:
            return _is_about_the_world(act, clause) or _is_about_what_was_written(clause, saying)
        case ActKind.WORK:
            return not english().tools.search(clause) and not _is_listed(act, clause)
        case _:
            return act.confidence < LEAST_SURE


def _is_about_what_was_written(clause: str, saying: Saying) -> bool:
    """`Who made it?` after what a model said: about nothing else."""
    return saying.follows_model and english().about_it.search(clause) is not None


def _is_about_the_world(act: Act, clause: str) -> bool:
    words = english()
    if act.subject is Subject.SENTER and not words.topic_of(clause):
        return bool(words.asked_to_write.search(clause))
    return act.subject in (None, Subject.WORLD) and not words.topic_alone(clause)


def quoted(found: FoundThings) -> TurnOutcome:
    """Sentences as they stand, a line each with its source; else what comes nearest, and that nothing was found."""
    missing = [f"I could not look at {each}." for each in found.unknown]
    if found.answers:
        more = f"... and {found.more} more." if found.more else ""
        return TurnOutcome(text=_paragraphs(listed(found.answers), more, found.total, *missing), sources=found.answers)
    nothing = found.nothing or FOUND_NOTHING.format(about=found.about or "that")
    if not found.nearest:
        return TurnOutcome(text=_paragraphs(nothing, *missing, "" if found.has_folders else ADD_FOLDER))
    nearest = f"{nothing.rstrip('.')}; these come nearest:"
    return TurnOutcome(text=_paragraphs(nearest, listed(found.nearest), *missing), sources=found.nearest)


def _paragraphs(*texts: str) -> str:
    return "\n\n".join(filter(None, texts))
