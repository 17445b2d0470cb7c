from __future__ import annotations

from collections.abc import AsyncGenerator

import pytest

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import FakeClock
from senter.components.assistant.ask_model import PutQuestion
from senter.components.assistant.capable_model import BELIEVED_SECONDS, CapableModel
from senter.components.assistant.citing import Citing
from senter.components.assistant.guarded_answer import GuardedAnswer
from senter.components.assistant.own_things import FoundThings
from senter.errors import ModelUnavailable
from senter.messages.message import ComponentName
from senter.messages.model import Capability, EndpointStatus, GetModelStatus, ModelResponse, ModelStatus
from senter.messages.query import Quoted
from senter.quoting.source_text import SourceText
from tests.support.scripted import Scripted
from tests.support.worker_status import worker_status

RENT = '"The rent is 985 euros." (~/flat.md)'
NOTICE = '"The notice period is three months." (~/flat.md)'
FOUND = FoundThings(
    answers=(Quoted(source="flat.md", address="/home/flat.md", quote=RENT),),
    passages=(
        SourceText(title="rent.md", address="/home/rent.md", text=RENT),
        SourceText(title="flat.md", address="/home/flat.md", text=NOTICE),
    ),
)


class Worker:
    """A model worker that says what its model may be trusted with, and a model that says what it is told to."""

    def __init__(self) -> None:
        self.capability = Capability.CAPABLE
        self.breaker = "closed"
        self.says = "The rent is 985 euros [1]."
        self.finish_reason = "stop"
        self.fails = False
        self.asked: list[tuple[str | None, Capability]] = []
        self.looks = 0

    async def status(self, _: GetModelStatus) -> ModelStatus:
        self.looks += 1
        endpoint = EndpointStatus(
            kind="settings", url="", model="large", breaker=self.breaker, capability=self.capability
        )
        return worker_status([endpoint])

    async def ask(self, put: PutQuestion) -> ModelResponse:
        assert (put.receipts, put.beside, put.tool_round) == ((), "", None)
        self.asked.append((put.only, put.least))
        if self.fails:
            raise ModelUnavailable("It is down.")
        response = ModelResponse(
            text=self.says,
            model="large",
            endpoint="settings",
            prompt_tokens=1,
            completion_tokens=1,
            finish_reason=self.finish_reason,
            capability=self.capability,
        )
        return await GuardedAnswer(put.only or "", put).finish(response)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def worker() -> Worker:
    return Worker()


@pytest.fixture
async def citing(broker: MemoryBroker, worker: Worker, clock: FakeClock) -> AsyncGenerator[Citing]:
    serving = broker.bus(ComponentName("model_primary"), Manifest(receives=(GetModelStatus,)))
    await Scripted(serving, {GetModelStatus: worker.status}).start()
    bus = broker.bus(ComponentName("assistant"), Manifest(sends=(GetModelStatus,)))
    yield Citing(CapableModel(bus, clock))
    await bus.close()
    await serving.close()


async def test_a_capable_model_answers_from_numbered_passages_with_its_sources(citing: Citing, worker: Worker) -> None:
    made = await citing.answer("How much is my rent?", FOUND, worker.ask)

    assert made
    assert made.text == f"The rent is 985 euros [1].\n\n1. {RENT}"
    assert (made.model, [source.address for source in made.sources]) == ("large", ["/home/rent.md"])
    [(only, least)] = worker.asked
    assert least is Capability.CAPABLE
    assert only
    assert f"[1] rent.md: {RENT}\n[2] flat.md: {NOTICE}" in only


@pytest.mark.parametrize(
    "says",
    [
        "The rent is 999 euros [1].",
        "The rent is 985 euros [7].",
        "The rent is 985 euros.",
        "",
    ],
)
async def test_what_has_no_ground_in_the_passages_is_not_shown(citing: Citing, worker: Worker, says: str) -> None:
    worker.says = says
    assert await citing.answer("How much is my rent?", FOUND, worker.ask) is None


async def test_what_is_cut_off_or_fails_is_not_shown(citing: Citing, worker: Worker) -> None:
    worker.finish_reason = "length"
    assert await citing.answer("How much is my rent?", FOUND, worker.ask) is None
    worker.fails = True
    assert await citing.answer("How much is my rent?", FOUND, worker.ask) is None


@pytest.mark.parametrize("level", [Capability.BASIC, Capability.STRUCTURED])
async def test_no_lesser_model_is_asked(citing: Citing, worker: Worker, level: Capability) -> None:
    worker.capability = level
    assert await citing.answer("How much is my rent?", FOUND, worker.ask) is None
    assert worker.asked == []


async def test_whether_there_is_one_is_looked_at_now_and_then(citing: Citing, worker: Worker, clock: FakeClock) -> None:
    worker.breaker = "open"
    await citing.answer("How much is my rent?", FOUND, worker.ask)
    worker.breaker = "closed"
    assert await citing.answer("How much is my rent?", FOUND, worker.ask) is None
    assert worker.looks == 1
    await clock.advance(BELIEVED_SECONDS)
    assert await citing.answer("How much is my rent?", FOUND, worker.ask)


async def test_where_nothing_was_found_nobody_is_asked(citing: Citing, worker: Worker) -> None:
    assert await citing.answer("How much is my rent?", FoundThings(), worker.ask) is None
    assert (worker.asked, worker.looks) == ([], 0)
