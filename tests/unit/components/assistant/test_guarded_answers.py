"""What is shown, kept and told of an answer claims nothing that did not happen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.client.continuation import Continuation
from senter.components.assistant.guarded_answer import READ_AT_ONCE, GuardedAnswer
from senter.messages.conversations import GetConversation
from senter.messages.message import ComponentName
from senter.messages.model import LENGTH, ChatMessage, ModelDelta, ModelRequest, ModelResponse
from senter.messages.query import MAX_ANSWER_CHARACTERS, AnswerDelta, ContinueChat, QueryId
from senter.messages.turns import AwaitTurn, BeginTurn, GetTurn, TurnReply
from tests.support.assistants import assistant
from tests.support.scripted_worker import ScriptedWorker

READER = Manifest(receives=(AnswerDelta,), sends=(AwaitTurn, BeginTurn, ContinueChat, GetConversation, GetTurn))
LIE = ("Canberra", " is the capital. I", "'ve booked you", " a flight. It is", " warm there.")


class Reader:
    """Begins a turn and reads its answer as it comes."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.heard: list[AnswerDelta] = []
        self.shown = Continuation()
        self._changed = asyncio.Condition()

    async def begin(self, text: str) -> None:
        await self.listen("t1")
        await self.bus.request(BeginTurn(request_id="t1", text=text), timeout_seconds=10)

    async def listen(self, key: str) -> None:
        await self.bus.listen(AnswerDelta, self._hear, key=key)

    async def turn(self) -> TurnReply:
        return await self.bus.request(GetTurn(turn_id=QueryId("t1")), timeout_seconds=10)

    async def ended(self) -> TurnReply:
        return await self.bus.request(AwaitTurn(turn_id=QueryId("t1")), timeout_seconds=10)

    async def until_shown(self, text: str) -> None:
        """Wait until what is shown ends so."""
        async with asyncio.timeout(20), self._changed:
            await self._changed.wait_for(lambda: self.shown.text.endswith(text))

    async def _hear(self, delta: AnswerDelta) -> None:
        async with self._changed:
            self.heard.append(delta)
            self.shown.take(delta.offset, delta.text, delta.attempt)
            self._changed.notify_all()


@pytest.fixture
async def reader(broker: MemoryBroker) -> AsyncGenerator[Reader]:
    reader = Reader(broker.bus(ComponentName("api"), READER))
    yield reader
    await reader.bus.close()


async def test_no_claim_is_shown_kept_or_told(
    broker: MemoryBroker, worker: ScriptedWorker, reader: Reader, tmp_path: Path
) -> None:
    worker.hold()
    worker.pieces = LIE
    worker.answer = lambda request: "".join(LIE)
    async with assistant(broker, tmp_path):
        await reader.begin("What is the capital of Australia?")
        await worker.until_asked(1)
        await reader.until_shown("Senter can remind you of it.")
        assert (await reader.turn()).response == reader.shown.text
        worker.go()
        ended = await reader.ended()
    assert ended.response.startswith("Canberra is the capital. Nothing was booked")
    assert ended.response.endswith("It is warm there.")
    assert "I've booked" not in ended.response
    assert ended.response.startswith(reader.shown.text)


async def test_a_worker_that_dies_in_the_middle_of_a_claim_leaves_nothing_of_it(
    broker: MemoryBroker, worker: ScriptedWorker, reader: Reader, tmp_path: Path
) -> None:
    worker.hold()
    worker.pieces = LIE[:3]
    worker.answer = lambda request: "Paris it is."
    async with assistant(broker, tmp_path):
        await reader.begin("What is the capital of Australia?")
        await worker.until_asked(1)
        await reader.until_shown("Canberra is the capital.")
        assert (await reader.turn()).response == "Canberra is the capital."
        await worker.send_piece("t1", 0, "Paris", attempt=2)
        await reader.until_shown("Paris")
        now = await reader.turn()
        assert (now.attempt, now.response) == (2, "Paris")
        worker.go()
        assert (await reader.ended()).response == "Paris it is."
    assert [(delta.offset, delta.attempt) for delta in reader.heard][-1] == (0, 2)


async def test_a_chat_of_a_program_is_guarded_as_well(
    broker: MemoryBroker, worker: ScriptedWorker, reader: Reader, tmp_path: Path
) -> None:
    worker.answer = lambda request: "".join(LIE)
    request = ModelRequest(messages=[ChatMessage(role="user", content="Where is Canberra?")])
    async with assistant(broker, tmp_path):
        chat = ContinueChat(query_id=QueryId("c1"), request=request)
        answer = await reader.bus.request(chat, timeout_seconds=10)
    assert "I've booked" not in answer.text
    assert answer.text.startswith("Canberra is the capital. Nothing was booked")


async def test_a_chat_that_streams_is_guarded_as_it_is_written(
    broker: MemoryBroker, worker: ScriptedWorker, reader: Reader, tmp_path: Path
) -> None:
    worker.pieces = LIE
    worker.answer = lambda request: "".join(LIE)
    request = ModelRequest(messages=[ChatMessage(role="user", content="Where is Canberra?")], stream=True)
    async with assistant(broker, tmp_path):
        await reader.listen("c1")
        chat = ContinueChat(query_id=QueryId("c1"), request=request)
        answer = await reader.bus.request(chat, timeout_seconds=10)
        await reader.until_shown("Senter can remind you of it.")
    assert answer.text.startswith(reader.shown.text)
    assert not any("booked you" in delta.text for delta in reader.heard)


async def test_what_is_stored_and_said_again_to_a_model_holds_no_claim(
    broker: MemoryBroker, worker: ScriptedWorker, reader: Reader, tmp_path: Path
) -> None:
    worker.answer = lambda request: "".join(LIE)
    async with assistant(broker, tmp_path):
        await reader.begin("What is the capital of Australia?")
        conversation = (await reader.ended()).conversation_id
        stored = await reader.bus.request(GetConversation(conversation_id=conversation), timeout_seconds=10)
        again = BeginTurn(request_id="t2", text="Why is it so small?", conversation_id=conversation)
        await reader.bus.request(again, timeout_seconds=10)
        await worker.until_asked(2)
    said = [turn.response for turn in stored.turns] + [message.content for message in worker.requests[1].messages]
    assert sum("Nothing was booked" in text for text in said) == 2
    assert not any("booked you" in text for text in said)


@pytest.mark.parametrize(
    "changes",
    [
        {"response_schema": {"type": "object"}},
        {"messages": [ChatMessage(role="user", content="Light!"), ChatMessage(role="tool", content="on")]},
    ],
)
async def test_what_a_program_asks_for_itself_is_left_as_it_is(
    broker: MemoryBroker, worker: ScriptedWorker, reader: Reader, tmp_path: Path, changes: dict[str, object]
) -> None:
    worker.answer = lambda request: "I've turned on the lights."
    asked = ModelRequest(messages=[ChatMessage(role="user", content="Light!")]).model_copy(update=changes)
    async with assistant(broker, tmp_path):
        chat = ContinueChat(query_id=QueryId("c1"), request=asked)
        assert (await reader.bus.request(chat, timeout_seconds=10)).text == "I've turned on the lights."


def written(text: str, **changes: object) -> ModelResponse:
    usual: dict[str, object] = {
        "text": text,
        "model": "m",
        "endpoint": "settings",
        "prompt_tokens": 1,
        "completion_tokens": 1,
        "finish_reason": "stop",
    }
    return ModelResponse.model_validate(usual | changes)


def test_why_it_takes_long_is_passed_on() -> None:
    delta = GuardedAnswer("What?").take(ModelDelta(offset=0, progress="loading"))
    assert delta == AnswerDelta(offset=0, progress="loading")


def test_offsets_are_those_of_what_is_shown() -> None:
    answer = GuardedAnswer("What?")
    pieces = ("It rains. ", "I've set a reminder. ", "It pours. ")
    shown: list[AnswerDelta] = []
    offset = 0
    for piece in pieces:
        shown += filter(None, [answer.take(ModelDelta(offset=offset, text=piece))])
        offset += len(piece)
    together = Continuation()
    assert all(together.take(delta.offset, delta.text, delta.attempt) for delta in shown)
    assert together.text == answer.text


async def test_a_lost_piece_is_made_up_for_at_the_end() -> None:
    answer = GuardedAnswer("What?")
    assert answer.take(ModelDelta(offset=0, text="It rains. "))
    assert answer.take(ModelDelta(offset=20, text="dog")) is None
    assert (await answer.finish(written("It rains. Cats and dogs."))).text == "It rains. Cats and dogs."


async def test_an_answer_that_passes_is_told_as_the_model_told_it() -> None:
    response = written("It rains.", logprobs={"content": []})
    assert await GuardedAnswer("What?").finish(response) == response


async def test_probabilities_of_words_that_are_not_told_are_not_told_either() -> None:
    told = await GuardedAnswer("What?").finish(written("I've set a reminder.", logprobs={"content": []}))
    assert told.logprobs is None


async def test_an_endless_answer_is_cut_and_says_so() -> None:
    found = await GuardedAnswer("What?").finish(written("ah " * MAX_ANSWER_CHARACTERS))
    assert (len(found.text), found.finish_reason) == (MAX_ANSWER_CHARACTERS, LENGTH)


async def test_others_have_their_turn_while_a_long_answer_is_read() -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    other = asyncio.create_task(count())
    await GuardedAnswer("What?").finish(written("ah " * READ_AT_ONCE))
    other.cancel()
    assert turns >= 3
