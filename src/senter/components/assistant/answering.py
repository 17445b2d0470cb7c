"""Turns what a person says into an answer: understood, then done, asked back, looked up, or put to a model.

What is to be done is stored before it is done. No model answers about Senter, and about the user's own affairs only a
capable one, with its sources.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from zoneinfo import ZoneInfo

from senter.components.assistant.acting import Acting, Errand, ends
from senter.components.assistant.ask_model import AskModel, PutQuestion
from senter.components.assistant.citing import Citing
from senter.components.assistant.context import PromptContext
from senter.components.assistant.continued import continued
from senter.components.assistant.inventory import Inventory
from senter.components.assistant.mine.asking import asks_on, questions_in
from senter.components.assistant.outcomes import not_looked_at, question_text, together
from senter.components.assistant.own_answers import FOUND_NOTHING, WRITTEN, OwnAnswers, paragraphs, written_part
from senter.components.assistant.reckoning.facts import simple_fact
from senter.components.assistant.saying import Kept, Notes, Saying
from senter.components.assistant.saying_reader import FIRST_LOOK_SECONDS, SayingReader, does, is_for_model
from senter.components.assistant.senter_facts import SenterFacts
from senter.components.assistant.tool_loop.loop import ToolLoop, WantedAnswer
from senter.components.assistant.tool_loop.orders import Orders
from senter.components.assistant.turn_outcome import TurnOutcome, joined, written_by_model
from senter.components.assistant.use.answers import UseAnswers
from senter.components.assistant.wanted_texts import WantedText, wanted_text
from senter.components.assistant.words import PLAN, words
from senter.errors import ModelUnavailable, SenterError
from senter.messages.acts import Act, ActKind, Clarification, Missing, Subject, Thing
from senter.messages.model import Capability, ModelResponse
from senter.messages.query import QueryId
from senter.messages.understanding import Understanding
from senter.sentences import phrase, speaking
from senter.understanding.gists import is_put_on_list
from senter.understanding.languages import language_of

WRITTEN_DOWN = WRITTEN | {ActKind.NOTE}
"""What may be answered by a text that is wanted: `jot me down a packing list`."""
RESTARTED = "Senter was restarted in between; this was done once."
SAID_BEFORE = "You said this a moment ago; it is done once."
ONLY_OPENING = "Only the beginning of the text was taken for something to do."
LEFT_OPEN = "All right, nothing was done."
ONLY_ANSWERED = "(Say what I am to do in English or German, for now: I did nothing beyond this answer.)"
NOTHING_FITS = 'I found nothing open that fits "{what}". Nothing was changed.'


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
        use: UseAnswers,
        own: OwnAnswers,
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
        self._use = use
        self._own = own
        self._citing = citing
        self._orders = orders
        self._tools = tools
        self._context = context
        self._zone = zone

    async def answer(self, saying: Saying, notes: Notes, ask: AskModel) -> TurnOutcome:
        """Raises what the model, where it is asked, fails with."""
        try:
            with speaking(language_of(saying.said, saying.language) or saying.language):
                made = await self._made(saying, notes, ask)
        except SenterError:
            self._acting.forget(saying.id)
            raise
        self._acting.forget(saying.id)
        return made

    async def _made(self, saying: Saying, notes: Notes, ask: AskModel) -> TurnOutcome:
        if certain := await self._certain(saying):
            return certain
        topic = words().topic_of_all(saying.said)
        if (
            topic and not is_put_on_list(saying.said) and (topic == PLAN or saying.asked is None)
        ):  # else it may name what was asked back about
            return await self._facts.tell(topic, saying.said)
        reading = await self._read(saying, notes)
        understanding = reading.kept.understanding
        if reading.kept.orders:
            return await self._again(reading, saying, notes)
        if at_once := await self._at_once(understanding, saying, ask):
            return at_once
        if asked := await self._asked_on(understanding, saying, notes, ask):
            return asked
        if understanding.question:
            return await self._ask_back(understanding.question, saying, ask)
        if _leaves_open(understanding, saying) and not words().topic_alone(saying.said):
            return TurnOutcome(text=phrase(LEFT_OPEN))
        acts = understanding.acts
        if _takes_back(acts) and reading.is_new and (back := await self._use.taken_back(saying.before)):
            return back
        sums = {number: found for number, act in enumerate(acts) if (found := await self._own.figure(act, saying, ask))}
        doing = tuple(act for number, act in enumerate(acts) if does(act, saying) and number not in sums)
        done = await self._do(reading, doing, saying, notes) if doing else None
        others = [act for number, act in enumerate(acts) if act not in doing and number not in sums]
        told = await self._told(others, saying, notes, ask, done) if others or not (done or sums) else []
        return joined([*([done] if done else []), *sums.values(), *told])

    async def _certain(self, saying: Saying) -> TurnOutcome | None:
        """What the whole of it is without doubt: about the use of Senter, or a fact that is worked out. After something
        was asked back, a number may be the answer to that."""
        if saying.said != saying.text:
            return None
        if told := await self._use.answer(saying.said, was_asked=saying.asked is not None):
            return told
        fact = "" if saying.asked else simple_fact(saying.said, saying.at, self._zone)
        return TurnOutcome(text=fact) if fact else None

    async def _at_once(self, found: Understanding, saying: Saying, ask: AskModel) -> TurnOutcome | None:
        """Where the whole of what is said wants a text that needs nothing but its own words; or where it is open what
        is wanted, and that is a figure."""
        lacks = found.question.lacks if found.question else None
        is_torn = lacks is Missing.KIND
        done = [act for act in found.acts if act.kind not in WRITTEN_DOWN or does(act, saying)]
        is_written = all(act.kind is ActKind.NOTE for act in done)
        wanted = wanted_text(saying.said, self._context.user_name)
        is_open = is_torn and not words().tools.search(saying.said)
        if wanted and (is_open or (lacks in (None, Missing.WHAT) and is_written)):
            asks = bool(found.acts) and all(act.kind is ActKind.QUESTION for act in found.acts)
            return (await self._own.named(saying, ask) if asks else None) or await self._text(wanted, saying, ask)
        whole = Act(kind=ActKind.QUESTION, span=(0, len(saying.said)), confidence=1.0, subject=Subject.MINE)
        return await self._own.figure(whole, saying, ask) if is_torn else None

    async def _asked_on(self, found: Understanding, saying: Saying, notes: Notes, ask: AskModel) -> TurnOutcome | None:
        """A question that leaves out what was asked before it, as a whole one."""
        if found.question or any(act.kind not in WRITTEN for act in found.acts):
            return None
        whole = continued(saying.text, saying.earlier, saying.at, self._zone)
        if not whole:
            return None
        act = Act(kind=ActKind.QUESTION, span=(0, len(whole)), confidence=1.0, subject=Subject.MINE)
        return await self._looked_up(act, replace(saying, text=whole, asked=None), notes, ask)

    async def _text(self, wanted: WantedText, saying: Saying, ask: AskModel) -> TurnOutcome:
        """By a capable model, with what it is said below it; plainly where none can, or where it left out what was
        said. A lesser one invents what it does not know."""
        plain = TurnOutcome(text=paragraphs(wanted.plain(), wanted.words.closing))
        if not await self._citing.has_capable_model():
            return plain
        try:
            beside = wanted.words.instructions.strip()
            response = await ask(PutQuestion(receipts=saying.receipts, least=Capability.CAPABLE, beside=beside))
        except SenterError:
            return plain
        made = written_by_model(response)
        is_whole = response.capability is Capability.CAPABLE and not made.cut_off
        if not is_whole or not wanted.holds(made.text):
            return plain
        return replace(made, text=paragraphs(made.text.strip(), wanted.words.closing))

    async def look_up(self, saying: Saying) -> TurnOutcome:
        """What answers questions about the user's own affairs, without a model; nothing where it is something else."""
        acts = (await self.understand(saying)).acts
        if not acts or not all(_asks_for_own(act, saying) for act in acts):
            return TurnOutcome(text="")
        found = joined([await self._looked_up(act, saying, None, ask_nobody) for act in acts])
        return (
            TurnOutcome(text="") if found.text.startswith(phrase(FOUND_NOTHING, about="{").partition("{")[0]) else found
        )

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
            return _Reading(kept, phrase(RESTARTED), is_new=False)
        before = notes.said_before()
        if before and not _did_nothing(before) and not await self._acting.taken_back(before.receipts):
            return _Reading(before, phrase(SAID_BEFORE))
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
        is_new = reading.is_new and kept.origin == saying.id
        errand = Errand(saying, acts, kept.understanding.now, kept.origin, is_new=is_new)
        self._inventory.forget()
        outcomes = await self._acting.carry_out(errand, notes)
        self._inventory.forget()
        opening = phrase(ONLY_OPENING) if saying.has_text_to_read else ""
        return TurnOutcome(
            text=together(outcomes, acts, " ".join(filter(None, (reading.remark, opening)))),
            receipts=tuple(receipt for outcome in outcomes for receipt in outcome.receipts),
            focus=outcomes[0].focus,
        )

    async def _told(
        self, acts: list[Act], saying: Saying, notes: Notes, ask: AskModel, done: TurnOutcome | None
    ) -> list[TurnOutcome]:
        """What nothing is to be done for: looked up, each; what is for a model, in one."""
        acts, parts, for_model = _asked_on(acts, saying), list[TurnOutcome](), list[Act]()
        is_alone = len(acts) == 1 and not done
        for act in acts:
            if not is_for_model(act, saying):
                parts.append(await self._looked_up(act, saying, notes, ask))
            elif own := await self._own.perhaps(act, saying, notes, ask, is_alone=is_alone):
                parts.append(own)
            elif not done or act.kind is not ActKind.TALK:
                for_model.append(act)
        if not done and not parts:
            return [await self._by_model(saying, notes, ask)]
        if for_model:
            receipts = (*(done.receipts if done else ()), *saying.receipts)
            parts.append(await written_part(" ".join(map(saying.clause, for_model)), receipts, ask))
        return parts

    async def _by_model(self, saying: Saying, notes: Notes, ask: AskModel) -> TurnOutcome:
        """Of the whole text, as it streams; with tools where a capable model is there."""
        made = await self._tools.answer(WantedAnswer(saying), notes, ask)
        return made or written_by_model(await ask(PutQuestion(receipts=saying.receipts)))

    async def _looked_up(self, act: Act, saying: Saying, notes: Notes | None, ask: AskModel) -> TurnOutcome:
        """Without notes nothing can be done for it on the way."""
        clause = saying.clause(act)
        if act.kind in (ActKind.CHANGE, ActKind.COMPLETION):
            return await self._nothing_to_change(act, clause)
        topic = words().topic_of(clause)
        if not topic and act.subject is Subject.SENTER and (own := await self._own.sure(clause, act, saying, ask)):
            return own  # `what do you know about Nora?`
        if topic or act.subject is Subject.SENTER:
            return await self._facts.tell(topic, clause, saying.receipts)
        return joined([await self._own.answer(question, act, saying, notes, ask) for question in questions_in(clause)])

    async def _nothing_to_change(self, act: Act, clause: str) -> TurnOutcome:
        unknown = (await self._inventory.now()).unknown
        what = phrase(NOTHING_FITS, what=act.gist or clause)
        return TurnOutcome(text=" ".join((what, *not_looked_at(unknown))))

    async def _ask_back(self, question: Clarification, saying: Saying, ask: AskModel) -> TurnOutcome:
        """A question in a language that no acts are read in may still be answered: claims are not seen in it either.
        What the user's own papers say of a few words stands above the question what is to be done with them."""
        if question.lacks is Missing.LANGUAGE and (own := await self._own.named_in_any_language(saying, ask)):
            return own
        if question.lacks is Missing.LANGUAGE and saying.text.rstrip().endswith("?"):
            written = written_by_model(await ask(PutQuestion(receipts=saying.receipts)))
            return joined([written, TurnOutcome(text=phrase(ONLY_ANSWERED))])
        asked = TurnOutcome(text=question_text(question), asks=question)
        own = await self._own.named(saying, ask) if question.lacks is Missing.KIND else None
        return replace(asked, text=paragraphs(own.text, asked.text), sources=own.sources) if own else asked


async def ask_nobody(put: PutQuestion) -> ModelResponse:
    """For who wants what stands there, and no model's words. Raises `ModelUnavailable`."""
    raise ModelUnavailable("No model is asked here.")


def _did_nothing(kept: Kept) -> bool:
    """Whether it was to take something back or to end it, and nothing could be."""
    return not kept.receipts and all(act.kind is ActKind.UNDO or ends(act) for act in kept.understanding.acts)


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


def _takes_back(acts: Sequence[Act]) -> bool:
    """Whether it says no more than that what was done last is to be taken back."""
    return len(acts) == 1 and acts[0].kind is ActKind.UNDO and not acts[0].things


def _leaves_open(understanding: Understanding, saying: Saying) -> bool:
    """Whether it says no more than that what was asked back is not wanted."""
    acts = understanding.acts
    return saying.asked is not None and bool(acts) and all(act.kind is ActKind.TALK and not act.gist for act in acts)


def _asks_for_own(act: Act, saying: Saying) -> bool:
    """Whether what is the user's answers it: a question, or a list that is wanted of it."""
    if act.kind is ActKind.WORK:
        return words().asked_to_list.search(saying.clause(act)) is not None
    return act.kind is ActKind.QUESTION and not is_for_model(act, saying)
