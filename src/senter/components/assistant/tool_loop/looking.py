"""What a model may look at within a conversation: what is the user's, and nothing else. Nothing is changed by it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePath
from typing import Generic, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import BaseModel, Field, JsonValue, ValidationError

from senter.bus.bus import Bus
from senter.component.tokens import fitting_beginning
from senter.component.tool_talk.arguments import sentence
from senter.components.assistant.entries import asked_time
from senter.components.assistant.own_things import FoundThings, OwnThings
from senter.components.assistant.saying import Saying
from senter.components.assistant.senter_facts import SenterFacts
from senter.components.assistant.tool_loop.observed import Observed
from senter.errors import SenterError
from senter.messages.acts import Act, ActKind, Subject
from senter.messages.documents import ReadDocument
from senter.messages.fields import MAX_NUMBER
from senter.messages.goals import GetResult, GoalId
from senter.messages.model import OfferedTool
from senter.messages.query import Quoted
from senter.quoting.source_text import SourceText

TIMEOUT_SECONDS = 5.0
LONGEST_QUESTION = 500

Listed = Literal["calendar", "reminders", "jobs", "goals", "folders", "waiting", "done"]
TOPICS: Mapping[Listed, str] = {
    "calendar": "agenda",
    "reminders": "reminders",
    "jobs": "jobs",
    "goals": "goals",
    "folders": "folders",
    "waiting": "waiting",
    "done": "did",
}
OWN_WORDS: frozenset[Listed] = frozenset({"reminders", "jobs", "folders"})
"""Lists of what the user said or allowed. Entries of a calendar may be anybody's, and a goal may be what a model wanted
that had read anything."""


class LookUp(BaseModel):
    question: str = Field(min_length=1, max_length=LONGEST_QUESTION, description="A whole question, or words.")


class ListThings(BaseModel):
    what: Listed = Field(description="calendar has reminders and deadlines, too; done is what Senter did.")
    when: str = Field(default="", max_length=100, description="A time in words: tomorrow, next week, 14 December.")


class ReadFile(BaseModel):
    path: str = Field(min_length=1, max_length=4_096, description="As look_up named it.")
    offset: int = Field(default=0, ge=0, description="From which character on.")


class ReadResult(BaseModel):
    goal: int = Field(ge=1, le=MAX_NUMBER, description="The goal's number.")


ArgumentsT = TypeVar("ArgumentsT", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Look(Generic[ArgumentsT]):
    """One tool."""

    description: str
    arguments: type[ArgumentsT]
    progress: Callable[[ArgumentsT], str]
    """What is said while it is looked at."""
    run: Callable[[ArgumentsT, Saying, int], Awaitable[Observed]]
    """With how many tokens there is room for."""

    def offered(self, name: str) -> OfferedTool:
        return offered(name, self.description, self.arguments)

    async def look(
        self, given: Mapping[str, JsonValue], saying: Saying, tokens: int, say: Callable[[str], Awaitable[None]]
    ) -> Observed:
        """What went wrong is for the model to read."""
        try:
            arguments = self.arguments.model_validate(given)
        except ValidationError as error:
            return Observed(f"These arguments are wrong: {sentence(error)}.", looked=False)
        await say(self.progress(arguments))
        try:
            return await self.run(arguments, saying, tokens)
        except SenterError as error:
            return Observed(f"That failed: {error.message}", trusted=False)


class Looking:
    """The tools by name."""

    def __init__(self, bus: Bus, own_things: OwnThings, facts: SenterFacts, zone: ZoneInfo) -> None:
        self._bus = bus
        self._own_things = own_things
        self._facts = facts
        self._zone = zone
        self.tools: Mapping[str, Look[LookUp] | Look[ListThings] | Look[ReadFile] | Look[ReadResult]] = {
            "look_up": Look(
                "Find what answers a question in the user's documents, calendar, reminders, goals, results, notes and "
                "earlier talk.",
                LookUp,
                lambda _: "Looking in your documents, calendar and notes ...",
                self._look_up,
            ),
            "list": Look(
                "List what the user has, all of it or at a time.",
                ListThings,
                lambda arguments: (
                    f"Looking at your {arguments.what} ..."
                    if arguments.what not in ("waiting", "done")
                    else "Looking at what was done ..."
                ),
                self._list,
            ),
            "read_document": Look(
                "Read a document of the user's, a long one in several pieces.",
                ReadFile,
                lambda arguments: f"Reading {PurePath(arguments.path).name} ...",
                self._read,
            ),
            "read_result": Look(
                "Read what came of a goal.",
                ReadResult,
                lambda arguments: f"Reading the result of goal {arguments.goal} ...",
                self._result,
            ),
        }

    async def _look_up(self, asked: LookUp, saying: Saying, _: int) -> Observed:
        text = asked.question
        whole = Act(kind=ActKind.QUESTION, gist=text, span=(0, len(text)), confidence=1.0, subject=Subject.MINE)
        found = await self._own_things.find(text, whole, saying.at, self._zone)
        return Observed(_beside(found), _passages(found), trusted=False)

    async def _list(self, asked: ListThings, saying: Saying, _: int) -> Observed:
        if asked.when and asked_time(asked.when, saying.at, self._zone)[0] is None:
            return Observed(f'"{asked.when}" is read as no time. Say it like: tomorrow, next week, 14 December.')
        told = await self._facts.tell(TOPICS[asked.what], asked.when)
        passages = tuple(map(_passage, told.sources))
        return Observed("" if passages else told.text, passages, trusted=asked.what in OWN_WORDS)

    async def _read(self, asked: ReadFile, _: Saying, tokens: int) -> Observed:
        command = ReadDocument(path=asked.path, offset=asked.offset)
        read = await self._bus.request(command, timeout_seconds=TIMEOUT_SECONDS)
        piece = fitting_beginning(read.text, tokens)
        is_more = read.truncated or len(piece) < len(read.text)
        more = f"(It goes on at offset {asked.offset + len(piece)}.)" if is_more else ""
        return Observed(more, (SourceText(title=read.title, address=read.path, text=piece),), trusted=False)

    async def _result(self, asked: ReadResult, _: Saying, tokens: int) -> Observed:
        found = await self._bus.request(GetResult(goal_id=GoalId(asked.goal)), timeout_seconds=TIMEOUT_SECONDS)
        if not found.text:
            return Observed(f"Goal {asked.goal} has no result: it is {found.goal.state}.")
        text, address = fitting_beginning(found.text, tokens), f"goal {asked.goal}"
        return Observed(passages=(SourceText(title=found.goal.text, address=address, text=text),), trusted=False)


def offered(name: str, description: str, arguments: type[BaseModel]) -> OfferedTool:
    """As a model may call it."""
    schema = arguments.model_json_schema()
    return OfferedTool(name=name, description=description, parameters={**schema, "additionalProperties": False})


def _passages(found: FoundThings) -> tuple[SourceText, ...]:
    """What a capable model may read to answer; else the answers themselves, or what comes nearest."""
    return found.passages or tuple(map(_passage, found.answers or found.nearest))


def _passage(quoted: Quoted) -> SourceText:
    return SourceText(title=quoted.source, address=quoted.address, text=quoted.quote)


def _beside(found: FoundThings) -> str:
    missing = (f"{each} could not be looked at." for each in found.unknown)
    nothing = "" if found.answers or found.passages else found.nothing or "Nothing was found that answers this."
    return " ".join(filter(None, (nothing, found.total, *missing)))
