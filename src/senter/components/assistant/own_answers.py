"""Answers from what is the user's own: what they surely ask about, and what may be where others could answer, too.

What is taken for a question about the world must have all its telling words there. Of what may as well be about the
user's own affairs no small model writes: what is there of it is quoted.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from senter.components.assistant.ask_model import AskModel, PutQuestion
from senter.components.assistant.citing import Citing
from senter.components.assistant.entries import listed
from senter.components.assistant.mine.asking import (
    asks,
    asks_for_advice,
    asks_for_figure,
    asks_for_meaning,
    asks_for_name,
    asks_in_general,
    asks_on,
    may_be_own,
    names_something,
    says_own,
)
from senter.components.assistant.outcomes import not_looked_at, sentence
from senter.components.assistant.own_things import FoundThings, OwnThings
from senter.components.assistant.saying import Notes, Saying
from senter.components.assistant.saying_reader import LEAST_SURE
from senter.components.assistant.tool_loop.loop import ToolLoop, WantedAnswer
from senter.components.assistant.turn_outcome import TurnOutcome, written_by_model
from senter.components.assistant.words import words
from senter.errors import SenterError
from senter.messages.acts import Act, ActKind, Receipt, Subject
from senter.sentences import phrase

WRITTEN = frozenset({ActKind.QUESTION, ActKind.WORK, ActKind.TALK})
"""Acts that may be answered by what is written here, and change nothing."""
ASKED = frozenset({ActKind.QUESTION, ActKind.WORK})
SURE_LOOK_SECONDS = 0.2
"""What a question that anybody may answer waits for what the user owns."""
FOUND_NOTHING = "I found nothing about {about} in your documents, calendar, goals or earlier talk."
ADD_FOLDER = "No folder of yours is indexed. Add one with: senter documents add FOLDER"


@dataclass(frozen=True, slots=True)
class _LastLook:
    """What was found for a question, of what was said."""

    saying: Saying
    question: str
    things: FoundThings


class OwnAnswers:
    """Looks up, and has a capable model say it where one is there."""

    def __init__(self, own_things: OwnThings, citing: Citing, tools: ToolLoop, zone: ZoneInfo) -> None:
        self._own_things = own_things
        self._citing = citing
        self._tools = tools
        self._zone = zone
        self._last: _LastLook | None = None

    async def answer(self, question: str, act: Act, saying: Saying, notes: Notes | None, ask: AskModel) -> TurnOutcome:
        """To what is surely about the user's own; that nothing was found is an answer. Without notes nothing can be
        done for it on the way."""
        found = await self._find(question, act, saying)
        if not found.answers and asks_for_advice(question):
            return await written_part(question, saying.receipts, ask)
        if found.answers or found.nothing or notes is None:
            return await self._told(question, found, ask)
        wanted = WantedAnswer(saying, question, must_cite=True, instead=quoted(found))
        return await self._tools.answer(wanted, notes, ask) or quoted(found)

    async def figure(self, act: Act, saying: Saying, ask: AskModel) -> TurnOutcome | None:
        """A sum or a count of what stands in a table of the user's own; whoever wants it written down wants work."""
        clause = saying.clause(act)
        wants = asks_for_figure(clause) or names_something(clause)
        if act.kind not in WRITTEN or not wants or _is_in_general(act, clause):
            return None
        look = self._found_soon if _is_of_world(act) else self._find
        found = await look(clause, act, saying)
        return await self._told(clause, found, ask) if found.is_figure else None

    async def perhaps(
        self, act: Act, saying: Saying, notes: Notes, ask: AskModel, *, is_alone: bool
    ) -> TurnOutcome | None:
        """What the user's own things say of a question that others may answer, too, of a list that is wanted, or of a
        few words; they must have all that it says, unless it is likely to be about them: of what was just quoted,
        whatever it asks."""
        clause = saying.clause(act)
        if saying.own_before and act.kind is ActKind.QUESTION and asks_on(clause):
            return await self.answer(f"{clause} {saying.own_before}", act, saying, notes, ask)
        if _names_only_a_day(act):
            return await self.answer(clause, act, saying, notes, ask)
        may_be = act.subject_is_open and not asks_for_advice(clause)
        may_be = may_be or (is_alone and _may_be_own(act, clause))
        asks_of_quoted = is_alone and saying.quoted and act.kind in ASKED and not _is_of_others(clause)
        names_own = is_alone and act.kind is ActKind.QUESTION and not _is_of_others(clause)
        if not may_be and not asks_of_quoted and not names_own:
            return None
        found = await self.sure(clause, act, saying, ask, must_name=not may_be and not asks_of_quoted)
        is_about_it = found and (may_be or names_own or any(each.address in saying.quoted for each in found.sources))
        return found if is_about_it else None

    async def sure(
        self, clause: str, act: Act, saying: Saying, ask: AskModel, *, must_name: bool = False
    ) -> TurnOutcome | None:
        """From the user's own things, where they have all that is asked; where nothing says that it is about these they
        must name at least two things that it names."""
        found = await self._found_soon(clause, act, saying)
        if not found.answers:
            return None
        if must_name:
            is_answered = found.is_sure and found.names_most and (found.says_all or not _is_in_general(act, clause))
        else:
            is_named = found.names_all or (found.names_most and not asks_in_general(clause))
            is_answered = found.is_sure or is_named or await self._is_for_no_model(act, clause)
        return await self._told(clause, found, ask) if is_answered else None

    async def _is_for_no_model(self, act: Act, clause: str) -> bool:
        """Whether no model that is there may write about it."""
        if act.subject is Subject.MINE:
            return True
        is_unsure = act.kind is ActKind.QUESTION and act.confidence < LEAST_SURE
        is_open = (act.subject_is_open or is_unsure) and not asks_in_general(clause)
        return is_open and not await self._citing.has_capable_model()

    async def named(self, saying: Saying, ask: AskModel) -> TurnOutcome | None:
        """Of the whole text, what names all that it names."""
        whole = Act(kind=ActKind.QUESTION, span=(0, len(saying.said)), confidence=1.0)
        found = await self._found_soon(saying.said, whole, saying)
        return await self._told(saying.said, found, ask) if found.answers and found.names_all else None

    async def named_in_any_language(self, saying: Saying, ask: AskModel) -> TurnOutcome | None:
        """Of a text in a language that no acts are read in, what has all its telling words."""
        whole = Act(kind=ActKind.QUESTION, span=(0, len(saying.said)), confidence=1.0)
        found = await self._found_soon(saying.said, whole, saying)
        return await self._told(saying.said, found, ask) if found.answers and found.is_sure else None

    async def _found_soon(self, clause: str, act: Act, saying: Saying) -> FoundThings:
        """Nothing where it takes longer than others may wait, and no second look."""
        try:
            async with asyncio.timeout(SURE_LOOK_SECONDS):
                return await self._find(clause, act, saying)
        except TimeoutError:
            self._last = _LastLook(saying, clause, FoundThings())
            return FoundThings()

    async def _find(self, question: str, act: Act, saying: Saying) -> FoundThings:
        """Once for one question of one saying, however often it is asked whether it is answered."""
        last = self._last
        if last and last.saying is saying and last.question == question:
            return last.things
        found = await self._own_things.find(question, act, saying.at, self._zone, saying.quoted)
        self._last = _LastLook(saying, question, found)
        return found

    async def _told(self, question: str, found: FoundThings, ask: AskModel) -> TurnOutcome:
        return await self._citing.answer(question, found, ask) or quoted(found)


def _names_only_a_day(act: Act) -> bool:
    """`What is on tomorrow?`: the calendar answers, also where nothing is in it, and where it is slow or away."""
    is_open = act.kind is ActKind.QUESTION and act.subject_is_open
    return is_open and act.due is not None and not words().telling(act.gist)


def _may_be_own(act: Act, clause: str) -> bool:
    """Of a question that is taken for one about the world neither a name in it alone tells, nor that it is short."""
    if act.kind not in WRITTEN or _is_in_general(act, clause):
        return False
    if not _is_of_world(act):
        return names_something(clause) or ((act.kind in ASKED or asks(clause)) and may_be_own(clause))
    return may_be_own(clause, by_name=False) or (names_something(clause) and not asks(clause))


def _is_of_world(act: Act) -> bool:
    is_open = act.subject_is_open or act.confidence < LEAST_SURE
    return act.kind is ActKind.QUESTION and act.subject is Subject.WORLD and not is_open


def _is_in_general(act: Act, clause: str) -> bool:
    """`How much does a car cost?`"""
    return _is_of_world(act) and asks_in_general(clause)


def _is_of_others(clause: str) -> bool:
    """Whether it asks what anybody may know, or what to do where nothing is one's own in it."""
    is_advice = asks_for_advice(clause) and not says_own(clause)
    return is_advice or asks_for_name(clause) or asks_for_meaning(clause)


async def written_part(clauses: str, receipts: tuple[Receipt, ...], ask: AskModel) -> TurnOutcome:
    """A part of an answer; that no model can write it takes nothing from the other parts."""
    try:
        return written_by_model(await ask(PutQuestion(clauses, receipts)))
    except SenterError as error:
        why = f"{sentence(error.message)} {error.hint}".strip()
        return TurnOutcome(text=phrase('No answer to "{question}": {why}', question=clauses, why=why))


def quoted(found: FoundThings) -> TurnOutcome:
    """Sentences as they stand, a line each with its source; else what comes nearest, and that nothing was found."""
    missing = not_looked_at(found.unknown)
    if found.answers:
        more = phrase("... and {count} more.", count=found.more) if found.more else ""
        return TurnOutcome(text=paragraphs(listed(found.answers), more, found.total, *missing), sources=found.answers)
    nothing = found.nothing or phrase(FOUND_NOTHING, about=found.about or phrase("that"))
    if not found.nearest:
        looked = found.looked if not found.nothing else ""
        add = "" if found.has_folders else phrase(ADD_FOLDER)
        return TurnOutcome(text=paragraphs(nothing, looked, *missing, add))
    nearest = phrase("{nothing}; these come nearest:", nothing=nothing.rstrip("."))
    return TurnOutcome(text=paragraphs(nearest, listed(found.nearest), found.looked, *missing), sources=found.nearest)


def paragraphs(*texts: str) -> str:
    """Those that say something."""
    return "\n\n".join(filter(None, texts))
