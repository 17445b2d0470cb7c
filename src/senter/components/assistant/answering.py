"""Turns what a person says into an answer: understood, then done, asked back, looked up, or put to a model.

What is to be done is stored before it is done. No model answers about Senter, and about the user's own affairs only a
capable one, with its sources.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from senter.components.assistant.acting import Acting, Errand
from senter.components.assistant.ask_model import AskModel, PutQuestion
from senter.components.assistant.citing import Citing
from senter.components.assistant.context import PromptContext
from senter.components.assistant.entries import listed
from senter.components.assistant.inventory import Inventory
from senter.components.assistant.mine.question import (
    asks_for_advice,
    asks_for_figure,
    asks_on,
    may_be_own,
    questions_in,
)
from senter.components.assistant.outcomes import question_text, sentence, together
from senter.components.assistant.own_things import FoundThings, OwnThings
from senter.components.assistant.saying import Kept, Notes, Saying
from senter.components.assistant.saying_reader import FIRST_LOOK_SECONDS, SayingReader, does, is_for_model
from senter.components.assistant.senter_facts import SenterFacts
from senter.components.assistant.tool_loop.loop import ToolLoop, WantedAnswer
from senter.components.assistant.tool_loop.orders import Orders
from senter.components.assistant.turn_outcome import TurnOutcome, joined, written_by_model
from senter.components.assistant.wanted_texts import WantedText, wanted_text
from senter.components.assistant.words import PLAN, english
from senter.errors import SenterError
from senter.messages.acts import Act, ActKind, Clarification, Missing, Receipt, Subject, Thing
from senter.messages.query import QueryId
from senter.messages.understanding import Understanding

WRITTEN = frozenset({ActKind.QUESTION, ActKind.WORK, ActKind.TALK})
"""Acts that may be answered by what is written here, and change nothing."""
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
        reader: SayingReader,
        inventory: Inventory,
        acting: Acting,
        facts: SenterFacts,
        own_things: OwnThings,
        citing: Citing,
        orders: Orders,
        tools: ToolLoop,
        context: PromptContext,
        zone: ZoneInfo,
    ) -> None:
        self._reader = reader
        self._inventory = inventory
        self._acting = acting
        self._facts = facts
        self._own_things = own_things
        self._citing = citing
        self._orders = orders
        self._tools = tools
        self._context = context
        self._zone = zone

    async def answer(self, saying: Saying, notes: Notes, ask: AskModel) -> TurnOutcome:
        """Raises what the model, where it is asked, fails with."""
        try:
            made = await self._made(saying, notes, ask)
        except SenterError:
            self._acting.forget(saying.id)
            raise
        self._acting.forget(saying.id)
        return made

    async def _made(self, saying: Saying, notes: Notes, ask: AskModel) -> TurnOutcome:
        if english().is_plan(saying.said):
            return await self._facts.tell(PLAN, saying.said)
        reading = await self._read(saying, notes)
        understanding = reading.kept.understanding
        if reading.kept.orders:
            return await self._again(reading, saying, notes)
        if at_once := await self._at_once(understanding, saying, ask):
            return at_once
        if understanding.question:
            return await self._ask_back(understanding.question, saying, ask)
        if _leaves_open(understanding, saying):
            return TurnOutcome(text=LEFT_OPEN)
        acts = understanding.acts
        sums = {number: found for number, act in enumerate(acts) if (found := await self._summed(act, saying, ask))}
        doing = tuple(act for number, act in enumerate(acts) if does(act, saying) and number not in sums)
        done = await self._do(reading, doing, saying, notes) if doing else None
        others = [act for number, act in enumerate(acts) if act not in doing and number not in sums]
        told = await self._told(others, saying, notes, ask, done) if others or not (done or sums) else []
        return joined([*([done] if done else []), *sums.values(), *told])

    async def _at_once(self, found: Understanding, saying: Saying, ask: AskModel) -> TurnOutcome | None:
        """Where the whole of what is said wants a text that needs nothing but its own words; or where it is open what
        is wanted, and that is a figure."""
        is_torn = found.question is not None and found.question.lacks is Missing.KIND
        is_written = not any(act.kind not in WRITTEN or does(act, saying) for act in found.acts)
        wanted = wanted_text(saying.said)
        if wanted and (is_written if not found.question else is_torn and not english().tools.search(saying.said)):
            return await _text(wanted, saying, ask)
        whole = Act(kind=ActKind.QUESTION, span=(0, len(saying.said)), confidence=1.0, subject=Subject.MINE)
        return await self._summed(whole, saying, ask) if is_torn else None

    async def _summed(self, act: Act, saying: Saying, ask: AskModel) -> TurnOutcome | None:
        """A sum or a count of what stands in a table of the user's own; whoever wants it written down wants work."""
        clause = saying.clause(act)
        if act.kind not in WRITTEN or not asks_for_figure(clause):
            return None
        found = await self._own_things.find(clause, act, saying.at, self._zone)
        return (await self._citing.answer(clause, found, ask) or quoted(found)) if found.is_figure else None

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
        """What would be done for it; does nothing."""
        return await self._reader.understand(saying, zone)

    async def _read(self, saying: Saying, notes: Notes) -> _Reading:
        """As it was read before, where it was: never anew at another moment."""
        if kept := notes.kept():
            return _Reading(kept, RESTARTED, is_new=False)
        before = notes.said_before()
        if before and not await self._acting.taken_back(before.receipts):
            return _Reading(before, SAID_BEFORE)
        return _Reading(Kept(await self._reader.understand(saying), saying.id))

    async def _again(self, reading: _Reading, saying: Saying, notes: Notes) -> TurnOutcome:
        """What was done for it before, and what a model had done: no model is asked what is to be done now."""
        kept = reading.kept
        doing = tuple(act for act in kept.understanding.acts if does(act, saying))
        done = [await self._do(reading, doing, saying, notes)] if doing else []
        outcomes, acts = await self._orders.again(kept, saying, notes)
        ordered = TurnOutcome(
            text=together(outcomes, acts, "" if done else reading.remark),
            receipts=tuple(receipt for outcome in outcomes for receipt in outcome.receipts),
            focus=outcomes[0].focus,
        )
        return joined([*done, ordered])

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
        self, acts: list[Act], saying: Saying, notes: Notes, ask: AskModel, done: TurnOutcome | None
    ) -> list[TurnOutcome]:
        """What nothing is to be done for: looked up, each; what is for a model, in one."""
        acts = _asked_on(acts, saying)
        for_model = [act for act in acts if is_for_model(act, saying) and (not done or act.kind is not ActKind.TALK)]
        parts = [await self._looked_up(act, saying, notes, ask) for act in acts if not is_for_model(act, saying)]
        if not done and not parts:
            if own := await self._surely_own(for_model, saying, ask):
                return [own]
            return [await self._by_model(saying, notes, ask)]
        if for_model:
            receipts = (*(done.receipts if done else ()), *saying.receipts)
            parts.append(await _written(" ".join(map(saying.clause, for_model)), receipts, ask))
        return parts

    async def _by_model(self, saying: Saying, notes: Notes, ask: AskModel) -> TurnOutcome:
        """Of the whole text, as it streams; with tools where a capable model is there."""
        made = await self._tools.answer(WantedAnswer(saying), notes, ask)
        return made or written_by_model(await ask(PutQuestion(receipts=saying.receipts)))

    async def _looked_up(self, act: Act, saying: Saying, notes: Notes, ask: AskModel) -> TurnOutcome:
        clause = saying.clause(act)
        if act.kind in (ActKind.CHANGE, ActKind.COMPLETION):
            return await self._nothing_to_change(act, clause)
        topic = english().topic_of(clause)
        if topic or act.subject is Subject.SENTER:
            return await self._facts.tell(topic, clause, saying.receipts)
        return joined([await self._own(question, act, saying, notes, ask) for question in questions_in(clause)])

    async def _own(self, question: str, act: Act, saying: Saying, notes: Notes, ask: AskModel) -> TurnOutcome:
        found = await self._own_things.find(question, act, saying.at, self._zone)
        if not found.answers and asks_for_advice(question):
            return await _written(question, saying.receipts, ask)
        if found.answers or found.nothing:
            return await self._citing.answer(question, found, ask) or quoted(found)
        wanted = WantedAnswer(saying, question, must_cite=True, instead=quoted(found))
        return await self._tools.answer(wanted, notes, ask) or quoted(found)

    async def _surely_own(self, acts: list[Act], saying: Saying, ask: AskModel) -> TurnOutcome | None:
        """A question that was taken to be about the world, or a list that is wanted, where the user's own things have
        all that it says."""
        if [act.kind for act in acts] not in ([ActKind.QUESTION], [ActKind.WORK]) or not may_be_own(
            clause := saying.clause(acts[0])
        ):
            return None
        try:
            async with asyncio.timeout(SURE_LOOK_SECONDS):
                found = await self._own_things.find(clause, acts[0], saying.at, self._zone)
        except TimeoutError:
            return None
        return (await self._citing.answer(clause, found, ask) or quoted(found)) if found.is_sure else None

    async def _nothing_to_change(self, act: Act, clause: str) -> TurnOutcome:
        unknown = (await self._inventory.now()).unknown
        what = f'I found nothing open that fits "{act.gist or clause}". Nothing was changed.'
        return TurnOutcome(text=" ".join((what, *(f"I could not look at {each}." for each in unknown))))

    async def _ask_back(self, question: Clarification, saying: Saying, ask: AskModel) -> TurnOutcome:
        """A question in a language that no acts are read in may still be answered: claims are not seen in it either."""
        if question.lacks is Missing.LANGUAGE and saying.text.rstrip().endswith("?"):
            written = written_by_model(await ask(PutQuestion(receipts=saying.receipts)))
            return joined([written, TurnOutcome(text=ONLY_ENGLISH)])
        return TurnOutcome(text=question_text(question), asks=question)


async def _text(wanted: WantedText, saying: Saying, ask: AskModel) -> TurnOutcome:
    """By a model, with what it is said below it; plainly where none can, or where it left out what was said."""
    try:
        response = await ask(PutQuestion(receipts=saying.receipts, beside=wanted.words.instructions.strip()))
    except SenterError:
        return TurnOutcome(text=_paragraphs(wanted.plain(), wanted.words.closing))
    made = written_by_model(response)
    if made.cut_off or not wanted.holds(made.text):
        return TurnOutcome(text=_paragraphs(wanted.plain(), wanted.words.closing))
    return replace(made, text=_paragraphs(made.text.strip(), wanted.words.closing))


async def _written(clauses: str, receipts: tuple[Receipt, ...], ask: AskModel) -> TurnOutcome:
    """A part of an answer; that no model can write it takes nothing from the other parts."""
    try:
        return written_by_model(await ask(PutQuestion(clauses, receipts)))
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


def _leaves_open(understanding: Understanding, saying: Saying) -> bool:
    """Whether it says no more than that what was asked back is not wanted."""
    acts = understanding.acts
    return saying.asked is not None and bool(acts) and all(act.kind is ActKind.TALK and not act.gist for act in acts)


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
