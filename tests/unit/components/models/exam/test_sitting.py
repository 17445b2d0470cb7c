"""One exam over HTTP: what it finds out, also of servers that lie, and where it ends early."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from random import Random

import pytest

from senter.clock import Clock, SystemClock
from senter.components.models.endpoint import Endpoint, Timeouts
from senter.components.models.exam.features import Features
from senter.components.models.exam.sitting import EndedEarly, Limits, Outcome, Sitting, at_once
from senter.components.models.retries import RetryPolicy
from senter.errors import ModelRefused, ModelUnavailable
from senter.messages.model import Capability
from tests.hand_clock import HandClock
from tests.scripted_model import Behaviour, Exchange, answering, refusing, resetting_midway, scripted_model
from tests.support.exam_student import Student

SEED = 7


@dataclass
class Desk:
    endpoint: Endpoint
    seen: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])

    def sitting(self, *, told: int | None = None, limits: Limits | None = None, clock: Clock | None = None) -> Sitting:
        return Sitting(
            endpoint=self.endpoint,
            model="scripted",
            clock=clock or SystemClock(),
            asking=at_once,
            progress=lambda done, of: self.seen.append((done, of)),
            told_context=told,
            limits=limits or Limits(),
            random=Random(SEED),  # noqa: S311
            retries=RetryPolicy(waits_seconds=(0.01,), total_seconds=1),
        )


@asynccontextmanager
async def desk(*script: Behaviour) -> AsyncGenerator[Desk]:
    async with scripted_model(*script) as model:
        endpoint = Endpoint(model.url, title="The model", timeouts=Timeouts(connect=2, silence=5, answer=10))
        try:
            yield Desk(endpoint)
        finally:
            await endpoint.close()


async def outcome_of(student: Behaviour, told: int | None = None) -> Outcome:
    async with desk(student) as it:
        return await it.sitting(told=told).outcome()


async def test_a_model_that_can_do_all_is_capable_on_a_server_that_has_all() -> None:
    async with desk(Student(SEED)) as it:
        sitting = it.sitting(told=32_768)
        found = await sitting.outcome()
    assert found.level is Capability.CAPABLE
    assert found.features == Features(native_tools=True, json_schema=True, streaming=True, context_tokens=32_768)
    assert it.seen == [(done, len(found.marked)) for done in range(len(found.marked))]
    assert 0 < sitting.spent.tokens < 20_000


@pytest.mark.parametrize("level", [Capability.BASIC, Capability.STRUCTURED])
async def test_a_model_gets_the_level_it_can_do(level: Capability) -> None:
    assert (await outcome_of(Student(SEED, level=level))).level is level


@pytest.mark.parametrize("constant", ["yes", "Yes.", '{"yes": true}', '{"answer": "yes"}', "", "{}"])
async def test_who_always_says_the_same_is_trusted_with_nothing(constant: str) -> None:
    found = await outcome_of(Student(SEED, constant=constant))
    assert found.level is Capability.BASIC
    assert not found.features.json_schema
    assert not found.features.native_tools


async def test_a_server_that_takes_what_it_does_not_have_is_found_out() -> None:
    student = Student(SEED, holds_schema=False, calls_tools=False, streams=False, context_tokens=3_500)
    found = await outcome_of(student, told=128_000)
    assert found.level is Capability.CAPABLE
    assert found.features == Features(native_tools=False, json_schema=False, streaming=False, context_tokens=3_000)


async def test_a_server_that_refuses_schemas_and_tools_does_not_have_them() -> None:
    student = Student(SEED)

    async def behave(exchange: Exchange) -> None:
        if exchange.asked.tools or exchange.asked.response_format:
            await refusing(400, {"error": {"message": "unknown parameter"}})(exchange)
        else:
            await student(exchange)

    found = await outcome_of(behave)
    assert (found.features.json_schema, found.features.native_tools) == (False, False)
    assert found.level is Capability.CAPABLE


async def test_a_server_that_refuses_some_schemas_is_asked_without_them() -> None:
    student = Student(SEED)

    async def behave(exchange: Exchange) -> None:
        if "anyOf" in str(exchange.asked.response_format):
            await refusing(400, {"error": {"message": "the schema must be an object"}})(exchange)
        else:
            await student(exchange)

    found = await outcome_of(behave)
    assert (found.level, found.features.json_schema) == (Capability.CAPABLE, True)


async def test_a_wrong_key_is_no_lack_of_the_model() -> None:
    async with desk(refusing(401)) as it:
        with pytest.raises(ModelRefused):
            await it.sitting().outcome()


async def test_a_server_that_takes_no_limits_any_more_is_asked_without_them() -> None:
    student = Student(SEED)

    async def behave(exchange: Exchange) -> None:
        if not exchange.asked.stream and exchange.asked.max_tokens:
            await refusing(400, {"error": {"message": "use max_completion_tokens"}})(exchange)
        else:
            await student(exchange)

    found = await outcome_of(behave)
    assert (found.features.json_schema, found.features.native_tools) == (True, True)


async def test_a_model_that_thinks_first_gets_the_room_for_it() -> None:
    student = Student(SEED)

    async def behave(exchange: Exchange) -> None:
        if exchange.asked.stream and (exchange.asked.max_tokens or 0) < 1_000:
            await exchange.begin_stream()
            await exchange.piece("<think>Let me see")
            await exchange.end_stream("length")
        else:
            await student(exchange)

    assert (await outcome_of(behave)).level is Capability.CAPABLE


async def test_a_model_that_writes_too_much_ends_its_exam() -> None:
    async with desk(answering("words " * 50, usage=(10, 3_000))) as it:
        with pytest.raises(EndedEarly, match="20,000 tokens"):
            await it.sitting().outcome()


async def test_a_server_that_counts_no_tokens_is_counted_for() -> None:
    async with desk(answering("words " * 4_000, usage=(0, 0))) as it:
        with pytest.raises(EndedEarly, match="tokens"):
            await it.sitting().outcome()


async def test_a_slow_server_ends_its_exam() -> None:
    clock = HandClock()

    async def slow(exchange: Exchange) -> None:
        clock.pass_time(100)
        await answering("slow")(exchange)

    async with desk(slow) as it:
        with pytest.raises(EndedEarly, match="10 minutes"):
            await it.sitting(clock=clock).outcome()


async def test_a_server_that_hangs_ends_its_exam_within_the_limit() -> None:
    async def never(exchange: Exchange) -> None:
        await asyncio.Event().wait()

    async with desk(never) as it:
        with pytest.raises(EndedEarly):
            await it.sitting(limits=Limits(seconds=0.05)).outcome()


async def test_a_server_that_dies_in_the_middle_fails_its_exam() -> None:
    student = Student(SEED)
    async with desk(*[student] * 5, resetting_midway) as it:
        with pytest.raises(ModelUnavailable):
            await it.sitting().outcome()
    assert student.asked == 5


async def test_a_server_that_has_too_much_to_do_for_a_moment_is_asked_again() -> None:
    student = Student(SEED)
    async with desk(*[student] * 5, refusing(429), student) as it:
        assert (await it.sitting().outcome()).level is Capability.CAPABLE


async def test_a_server_that_never_ends_its_answer_is_cut_off_at_the_limit() -> None:
    async def for_ever(exchange: Exchange) -> None:
        if exchange.asked.stream:
            await exchange.begin_stream()
            while True:
                await exchange.piece("word " * 100)
        await answering("word")(exchange)

    async with desk(for_ever) as it:
        sitting = it.sitting()
        with pytest.raises(EndedEarly, match="tokens"):
            await sitting.outcome()
    assert sitting.spent.tokens < 20_000 + 10_000
