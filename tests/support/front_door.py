"""Questions typed at the front door, with a model behind it that knows nothing: what is answered from the papers."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import run_component
from senter.components.assistant.settings import AssistantSettings
from senter.components.assistant.spec import SPEC as ASSISTANT
from senter.messages.message import ComponentName
from senter.messages.query import Quoted
from senter.messages.turns import AwaitTurn, BeginTurn, TurnReply
from tests.support.household import PaperQuestion, write_papers
from tests.support.own_home import NOW, ZONE
from tests.support.papers_room import nothing_but_papers
from tests.support.scripted_worker import ScriptedWorker
from tests.support.whole_senter import MovedClock

VISITOR = Manifest(sends=(BeginTurn, AwaitTurn))
TURN_SECONDS = 30.0
MODEL_SAYS = "That is not known."
NOTHING = "I found nothing"


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a question, and how long it took."""

    turn: TurnReply
    milliseconds: float

    @property
    def quotes(self) -> tuple[Quoted, ...]:
        """What is quoted as an answer, or as what comes nearest."""
        return self.turn.sources

    @property
    def beside(self) -> str:
        """What is said beside the quotations."""
        said = self.turn.response
        for quoted in self.quotes:
            said = said.replace(quoted.quote, " ")
        return said

    @property
    def declines(self) -> bool:
        """Whether it quotes nothing as an answer, and is not asked back."""
        return self.turn.asks is None and (not self.quotes or NOTHING in self.beside)

    def is_right_first(self, question: PaperQuestion) -> bool:
        return self.declines if question.declines else question.is_right_first(self.quotes)

    def is_shown(self, question: PaperQuestion) -> bool:
        return self.declines if question.declines else question.is_shown(self.quotes, self.beside)


class FrontDoor:
    """Each question begins a conversation of its own."""

    def __init__(self, person: Bus) -> None:
        self._person = person

    async def ask(self, text: str) -> Answered:
        begun_at = time.perf_counter()
        begun = await self._person.request(BeginTurn(text=text), timeout_seconds=TURN_SECONDS)
        turn = await self._person.request(AwaitTurn(turn_id=begun.id), timeout_seconds=TURN_SECONDS)
        return Answered(turn, (time.perf_counter() - begun_at) * 1_000)


async def not_right(door: FrontDoor, questions: Sequence[PaperQuestion]) -> tuple[list[str], list[str]]:
    """The ids of those whose right source is not first, and of those whose right sentence is not shown."""
    pairs = [(await door.ask(question.text), question) for question in questions]
    not_first = [question.id for answer, question in pairs if not answer.is_right_first(question)]
    return not_first, [question.id for answer, question in pairs if not answer.is_shown(question)]


@asynccontextmanager
async def front_door(home: Path, write: Callable[[Path], None] = write_papers) -> AsyncGenerator[FrontDoor]:
    """Of an assistant with the papers of a household, and nothing in calendar, goals, notes or earlier talk."""
    broker, papers = MemoryBroker(clock=MovedClock(NOW)), home / "papers"
    write(papers)
    async with AsyncExitStack() as stack:
        worker = ScriptedWorker(broker)
        worker.answer = lambda _: MODEL_SAYS
        await worker.open()
        stack.push_async_callback(worker.close)
        await stack.enter_async_context(nothing_but_papers(broker, home / "senter", papers))
        settings = AssistantSettings(timezone=ZONE.key)
        clock = MovedClock(NOW)
        await stack.enter_async_context(
            run_component(ASSISTANT, home / "senter", settings=settings, broker=broker, clock=clock)
        )
        person = broker.bus(ComponentName("person"), VISITOR)
        stack.push_async_callback(person.close)
        yield FrontDoor(person)
