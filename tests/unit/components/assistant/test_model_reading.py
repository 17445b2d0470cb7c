"""A sentence of which the rules are unsure is read by a capable model, where one is there."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import pytest

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.models import MODEL_CLIENT_RECEIVES, MODEL_CLIENT_SENDS, ModelClient
from senter.component.testing import FakeClock
from senter.components.assistant.capable_model import CapableModel
from senter.components.assistant.model_reading import ModelReading
from senter.errors import ModelUnavailable
from senter.messages.acts import ActKind, Missing
from senter.messages.message import ComponentName
from senter.messages.model import Capability, GetModelStatus
from senter.understanding.interpreter import ByModel, Interpreter, Read
from senter.understanding.reading import understand
from tests.support.interpreters import (
    every_text_has_a_meaning_with_places_in_it,
    torn,
    what_is_certain_is_the_same_whoever_interprets,
)
from tests.support.scripted_worker import ScriptedWorker
from tests.support.tool_talk import in_turn
from tests.unit.understanding.said import NOW, ZONE

TORN = "rmd me thurs 3pm dentist forms"
EVENT = json.dumps({"acts": [{"kind": "event", "words": TORN}]})


@asynccontextmanager
async def reading(broker: MemoryBroker, read: Read = torn) -> AsyncGenerator[Interpreter]:
    sends = (*MODEL_CLIENT_SENDS, GetModelStatus)
    bus = broker.bus(ComponentName("assistant"), Manifest(sends=sends, receives=MODEL_CLIENT_RECEIVES))
    clock = FakeClock()
    async with ModelClient(bus, clock) as model:
        yield ByModel(ModelReading(CapableModel(bus, clock), model).ask, read=read)
    await bus.close()


async def test_a_capable_model_is_asked_once_and_held_to_a_schema(broker: MemoryBroker, worker: ScriptedWorker) -> None:
    worker.capable, worker.answer = True, in_turn(EVENT)
    async with reading(broker) as interpreter:
        found = [await interpreter.interpret(TORN, NOW, ZONE) for _ in range(2)]
    assert [act.kind for each in found for act in each.acts] == [ActKind.EVENT] * 2
    (request,) = worker.requests
    assert request.response_schema
    assert (request.least, request.stream) == (Capability.CAPABLE, False)


async def test_no_lesser_model_is_asked(broker: MemoryBroker, worker: ScriptedWorker) -> None:
    async with reading(broker) as interpreter:
        assert await interpreter.interpret(TORN, NOW, ZONE) == torn(TORN, NOW, ZONE)
    assert worker.requests == []


@pytest.mark.parametrize("answer", ["", "no JSON", "[]", '{"acts": [{"kind": "murder", "words": "rmd"}]}'])
async def test_what_is_no_reading_changes_nothing(broker: MemoryBroker, worker: ScriptedWorker, answer: str) -> None:
    worker.capable, worker.answer = True, in_turn(answer)
    async with reading(broker) as interpreter:
        found = await interpreter.interpret(TORN, NOW, ZONE)
    assert found.question and found.question.lacks is Missing.KIND


async def test_a_model_that_fails_changes_nothing(broker: MemoryBroker, worker: ScriptedWorker) -> None:
    worker.capable, worker.failure = True, ModelUnavailable("It is down.")
    async with reading(broker) as interpreter:
        assert await interpreter.interpret(TORN, NOW, ZONE) == torn(TORN, NOW, ZONE)


@pytest.mark.parametrize("capable", [False, True])
async def test_it_holds_to_the_contract(broker: MemoryBroker, worker: ScriptedWorker, capable: bool) -> None:
    worker.capable, worker.answer = capable, in_turn(EVENT)
    async with reading(broker, understand) as interpreter:
        await every_text_has_a_meaning_with_places_in_it(interpreter)
        await what_is_certain_is_the_same_whoever_interprets(interpreter)
