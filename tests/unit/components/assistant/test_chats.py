"""Chats that programs keep themselves: answered by the assistant, stored nowhere."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.component import Component
from senter.component.spec import ComponentSettings
from senter.component.testing import run_component
from senter.components.assistant.chat_saying import spoken_of, spoken_of_together
from senter.components.assistant.settings import AssistantSettings
from senter.components.assistant.spec import SPEC
from senter.errors import BusFull, Cancelled, ModelUnavailable, SenterError, Unavailable
from senter.messages.acts import Thing, ThingKind
from senter.messages.conversations import ListConversations
from senter.messages.message import ComponentName
from senter.messages.model import AnswerOptions, ChatMessage, ModelRequest, ModelResponse
from senter.messages.query import CancelQuery, ContinueChat, QueryId
from tests.support.scripted_worker import ScriptedWorker

CALLER = Manifest(sends=(ContinueChat, CancelQuery, ListConversations))
HELLO = ModelRequest(
    messages=[ChatMessage(role="system", content="Be brief."), ChatMessage(role="user", content="Why?")],
    use_system_prompt=False,
    stream=False,
    temperature=0.5,
    options=AnswerOptions(seed=3),
)


@pytest.fixture
async def caller(broker: MemoryBroker) -> AsyncGenerator[Bus]:
    bus = broker.bus(ComponentName("api"), CALLER)
    yield bus
    await bus.close()


@pytest.fixture
async def assistant(
    broker: MemoryBroker, tmp_path: Path, worker: ScriptedWorker
) -> AsyncGenerator[Component[ComponentSettings]]:
    async with run_component(SPEC, tmp_path, settings=AssistantSettings(max_queries=1), broker=broker) as component:
        yield component


def going_on(caller: Bus, name: str = "chat-1", request: ModelRequest = HELLO) -> asyncio.Task[ModelResponse]:
    chat = ContinueChat(query_id=QueryId(name), request=request)
    return asyncio.ensure_future(caller.request(chat, timeout_seconds=20))


async def refusal(going: asyncio.Task[ModelResponse]) -> SenterError:
    with pytest.raises(SenterError) as refused:
        await going
    return refused.value


@pytest.mark.usefixtures("assistant")
async def test_a_chat_is_answered_as_a_question_is_and_not_stored(caller: Bus, worker: ScriptedWorker) -> None:
    answer = await going_on(caller)

    assert answer.text == "You said: Why?"
    (asked,) = worker.requests
    assert asked.use_system_prompt
    assert (asked.messages, asked.temperature, asked.options) == (HELLO.messages, 0.5, HELLO.options)
    assert worker.correlations == ["chat-1"]
    listed = await caller.request(ListConversations(), timeout_seconds=5)
    assert listed.conversations == []


@pytest.mark.usefixtures("assistant")
async def test_a_chat_that_is_asked_twice_is_answered_once(caller: Bus, worker: ScriptedWorker) -> None:
    worker.hold()
    both = [going_on(caller), going_on(caller)]
    await worker.until_asked(1)
    worker.go()

    assert [answer.text for answer in await asyncio.gather(*both)] == ["You said: Why?"] * 2
    assert len(worker.requests) == 1


@pytest.mark.usefixtures("assistant")
async def test_a_chat_that_begins_again_is_numbered_on(caller: Bus, worker: ScriptedWorker) -> None:
    await going_on(caller, request=HELLO.model_copy(update={"first_attempt": 4, "stream": True}))

    assert worker.requests[0].first_attempt == 4


@pytest.mark.usefixtures("assistant")
async def test_a_withdrawn_chat_ends_and_the_model_is_told(caller: Bus, worker: ScriptedWorker) -> None:
    worker.hold()
    going = going_on(caller)
    await worker.until_asked(1)
    await caller.request(CancelQuery(query_id=QueryId("chat-1")), timeout_seconds=5)

    assert isinstance(await refusal(going), Cancelled)
    await worker.until(lambda: worker.cancelled == [worker.requests[0].request_id])


@pytest.mark.usefixtures("assistant")
async def test_one_chat_too_many_is_refused(caller: Bus, worker: ScriptedWorker) -> None:
    worker.hold()
    first = going_on(caller)
    await worker.until_asked(1)

    assert isinstance(await refusal(going_on(caller, "chat-2")), BusFull)
    worker.go()
    assert (await first).text == "You said: Why?"


@pytest.mark.usefixtures("assistant")
async def test_why_the_model_failed_is_told(caller: Bus, worker: ScriptedWorker) -> None:
    worker.failure = ModelUnavailable("No model answers.")

    assert (await refusal(going_on(caller))).message == "No model answers."


async def test_an_assistant_that_stops_says_so(
    caller: Bus, worker: ScriptedWorker, assistant: Component[ComponentSettings]
) -> None:
    worker.hold()
    going = going_on(caller)
    await worker.until_asked(1)
    await assistant.finish(0.0)

    assert isinstance(await refusal(going), Unavailable)
    assert isinstance(await refusal(going_on(caller, "chat-2")), Unavailable)


def test_what_the_last_answers_name_was_spoken_of_and_what_one_names_together() -> None:
    reminders = [Thing(kind=ThingKind.REMINDER, id=number, title=number) for number in ("4", "5")]
    dentist = Thing(kind=ThingKind.EVENT, id="be4f75a5c1@senter", title="dentist")
    answers = (
        "Reminder 4: call mom, Tue 1 Dec 2026.",
        "- Reminder 5: call dad, Tue 1 Dec 2026.\n- Event be4f75a5: dentist, Mon 14 Dec 2026.",
        "You are welcome.",
    )
    messages = [ChatMessage(role="assistant", content=text) for text in answers]
    things = (*reminders, dentist)
    assert [thing.id for thing in spoken_of(messages, things)] == ["5", dentist.id, "4"]
    assert spoken_of_together(messages, things) == 2
    assert spoken_of_together(messages[2:], things) == 0
