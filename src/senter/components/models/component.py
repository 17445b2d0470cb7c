"""A model worker: takes requests, waits its turn, asks its provider chain and streams what comes."""

from __future__ import annotations

import asyncio
import logging
import math
from contextlib import AsyncExitStack, suppress
from datetime import datetime

from senter.component.component import Component, Context
from senter.components.models.arrival import BrainArrival
from senter.components.models.calls import call_for, declined, response_to
from senter.components.models.chain import Answered
from senter.components.models.deltas import DeltaSender
from senter.components.models.exam.examiner import PEOPLES_IDLE_SECONDS, Examiner
from senter.components.models.exam.quiet import Quiet
from senter.components.models.exam.results import ExamResults
from senter.components.models.foreground import ForegroundPriority
from senter.components.models.gguf import wants_brain
from senter.components.models.idle import IdleModel
from senter.components.models.provider_link import LinkKind
from senter.components.models.providers import chain_for, embedded_model
from senter.components.models.queue import Queue
from senter.components.models.report import Statistics, health_of, status_of
from senter.components.models.requests_in_hand import RequestsInHand
from senter.components.models.settings import ModelSettings, ResearchSettings
from senter.components.models.wire import ChatRequest
from senter.errors import ModelError, NotCapable, NotFound
from senter.messages.envelope import current
from senter.messages.health import ComponentDied, Health
from senter.messages.message import ComponentName, Done
from senter.messages.model import (
    CancelModelRequest,
    Capability,
    EndExam,
    ExamineModel,
    GetModelStatus,
    ModelExamined,
    ModelLoad,
    ModelRequest,
    ModelResponse,
    ModelStatus,
)
from senter.messages.person import PersonBegins
from senter.messages.weights import BrainOutlook, WantBrain, WeightsArrived
from senter.moments.zones import user_zone

PRIMARY_WORKER = ComponentName("model_primary")
RESEARCH_WORKER = ComponentName("model_research")
ANNOUNCE_SECONDS = 5.0
WANT_SECONDS = 5.0
WANT_TIMES = 10


class ModelWorker(Component[ModelSettings]):
    """Answers `ModelRequest`s through the first link of its chain that can."""

    def __init__(self, context: Context[ModelSettings]) -> None:
        super().__init__(context)
        self._statistics = Statistics()
        self._model = embedded_model(context)
        self._chain = chain_for(context, self._model)
        self._load_changed = asyncio.Event()
        self._queue = Queue(context.name, self.settings.slots, self.settings.queue_limit, self._note_load)
        settings = context.settings
        self._zone = user_zone(settings.timezone)
        self._idle = self._model and IdleModel(self._model, self._queue, settings, context.clock, context.log)
        yields = isinstance(settings, ResearchSettings)
        self._foreground = ForegroundPriority(context.clock, settings.yield_seconds) if yields else None
        self._in_hand = RequestsInHand(context.name, self._answer)
        self._arrival = BrainArrival(self._want_brain, self.clock)
        self._looked = asyncio.Event()
        self._taking_up: asyncio.Task[None] | None = None
        results = ExamResults(context.paths.exams)
        for link in self._chain.links:
            link.recall = results.find
        quiet = Quiet(lambda: bool(self._queue.active or self._queue.waiting), context.clock)
        self.examiner = Examiner(self._chain.links, results, quiet, context.clock, context.log, self._tell_examined)
        self.examiner.unasked = context.name in (PRIMARY_WORKER, RESEARCH_WORKER)
        if settings.person_waits:
            self.examiner.idle_seconds = PEOPLES_IDLE_SECONDS

    def _note_load(self) -> None:
        self._load_changed.set()
        self.examiner.quiet.stir()

    async def open(self, stack: AsyncExitStack) -> None:
        # It would log a line for each request; the worker logs what became of them.
        logging.getLogger("httpx2").setLevel(logging.WARNING)
        for link in self._chain.links:
            stack.push_async_callback(link.close)
        warming = asyncio.create_task(self._warm_up(), name="find or load a model")
        stack.callback(warming.cancel)
        stack.callback(lambda: self._taking_up and self._taking_up.cancel())
        if self._idle:
            stack.push_async_callback(self._idle.close)

    async def _warm_up(self) -> None:
        try:
            link = await self._chain.warm_up()
            answers_people = self.settings.person_waits and link and link.kind is LinkKind.EMBEDDED
            if answers_people and wants_brain(self.settings):
                await self._arrival.look()
        finally:
            self._looked.set()
        for _ in range(WANT_TIMES):  # who fetches may not be ready yet
            if not self._arrival.unknown:
                return
            await self.clock.sleep(WANT_SECONDS)
            await self._arrival.look()

    async def expect_question(self, _: PersonBegins) -> None:
        """A person begins: by the time the question is typed, the model is loaded."""
        if self._idle:
            self._idle.disturb()
        link = await self._chain.warm_up()
        if self._model and link and link.kind is LinkKind.EMBEDDED:
            self._model.begin_loading()

    async def _want_brain(self) -> BrainOutlook:
        outlook = await self.bus.request(WantBrain(), timeout_seconds=WANT_SECONDS)
        if outlook.state == "here":
            self._begin_taking_up()
        return outlook

    async def take_up_file(self, _: WeightsArrived) -> None:
        """A model file has come: go over to it between two answers, where it is the one to use."""
        self._begin_taking_up()

    def _begin_taking_up(self) -> None:
        if self._taking_up is None or self._taking_up.done():
            self._taking_up = asyncio.create_task(self._take_up_file(), name="take up a model file")

    async def _take_up_file(self) -> None:
        await self.examiner.stop()
        async with self._queue.alone():
            for link in self._chain.links:
                await link.take_up_file()
        self._arrival.taken_up()

    async def run(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._announce_load(), name="announce the load")
            group.create_task(self.examiner.run(), name="hold exams")

    async def _announce_load(self) -> None:
        """Whenever it changes, and now and then for those who missed it."""
        while True:
            self._load_changed.clear()
            if self._idle and not self.examiner.running:
                self._idle.look()
            await self.bus.send(ModelLoad(active=self._queue.active, waiting=self._queue.waiting))
            with suppress(TimeoutError):
                async with asyncio.timeout(ANNOUNCE_SECONDS):
                    await self._load_changed.wait()

    async def finish(self, grace_seconds: float) -> None:
        self._in_hand.take_no_more()
        await self.examiner.stop()
        await self._in_hand.finish(grace_seconds)

    def health(self) -> Health:
        found = health_of(self._chain, self._queue)
        if self.settings.person_waits:
            return found
        return found.model_copy(update={"facts": {**found.facts, "planner": self._chain.planner}})

    async def take(self, request: ModelRequest) -> ModelResponse:
        return await self._in_hand.answer(request)

    async def withdraw(self, command: CancelModelRequest) -> Done:
        self._in_hand.withdraw(command.request_id)
        return Done()

    async def drop_requests_of(self, dead: ComponentDied) -> None:
        """Nobody is left to read the answers a dead component asked for."""
        self._in_hand.drop_of(dead.component)

    async def status(self, command: GetModelStatus) -> ModelStatus:
        if self._arrival.wanted:
            await self._arrival.look()
        return status_of(
            self.context.name,
            self._chain,
            self._queue,
            self._statistics,
            self.examiner,
            self._model,
            self._arrival.lesser,
        )

    async def _answer(self, request: ModelRequest) -> ModelResponse:
        if request.least is not Capability.BASIC and not await self._chain.has(request.least):
            return declined(NotCapable())
        began = self.clock.monotonic()
        deltas = DeltaSender(self.bus.send, self.clock, request)
        if self.settings.person_waits and not self.settings.url:
            await self._wait_for_brain(deltas)
        async with self._queue.turn(deltas):
            try:
                answered = await self._ask_chain(call_for(request, self.settings, self._now()), deltas)
            except NotCapable as error:
                return declined(error)
            except ModelError:
                self._statistics.failed()
                raise
        seconds = self.clock.monotonic() - began
        self._statistics.answered(answered.completion, seconds)
        self.log.info(
            "model_answered", endpoint=answered.link.kind, model=answered.model, duration_ms=round(seconds * 1_000, 1)
        )
        coming = self._arrival.lesser if answered.link.kind is LinkKind.EMBEDDED else ""
        return response_to(request, answered, answered.link.problem or coming)

    async def _ask_chain(self, call: ChatRequest, deltas: DeltaSender) -> Answered:
        """Ask at once for people; for background work while no person is answered."""

        async def ask() -> Answered:
            deltas.start_over()
            return await self._chain.answer(call, deltas)

        if self._foreground is None:
            return await ask()
        return await self._foreground.between(
            ask,
            waiting=lambda: deltas.waiting(lambda: "Letting people's requests go first ..."),
            in_the_way=self._uses_this_processor,
        )

    def _uses_this_processor(self) -> bool:
        link = self._chain.ready_link
        return link is not None and link.kind is LinkKind.EMBEDDED

    async def _wait_for_brain(self, deltas: DeltaSender) -> None:
        await self._looked.wait()
        if self._arrival.wanted:
            await self._arrival.wait(deltas, self._seconds_left() / 2)

    def _now(self) -> datetime:
        return self.clock.now().astimezone(self._zone)

    def _seconds_left(self) -> float:
        """Until nobody waits for the answer any more."""
        deadline = current().deadline
        return (deadline - self.clock.now()).total_seconds() if deadline else math.inf

    async def examine(self, command: ExamineModel) -> Done:
        """A person wants a model examined, whatever that costs."""
        link = next((link for link in self._chain.links if link.kind == command.kind), None)
        if link is None:
            raise NotFound(f"{self.context.name} has no such model.", "See: senter models")
        self.examiner.want(link)
        return Done()

    async def end_exam(self, command: EndExam) -> Done:
        await self.examiner.stop()
        return Done()

    async def look_up_exams(self, _: ModelExamined) -> None:
        for link in self._chain.links:
            link.look_up()

    async def _tell_examined(self) -> None:
        await self.bus.send(ModelExamined())

    async def heed(self, load: ModelLoad) -> None:
        """What people ask goes first; no exam is held while anybody asks anything."""
        if (worker := current().source) != self.context.name:
            self.examiner.quiet.heard(worker, load)
        if self._foreground and current().source == PRIMARY_WORKER:
            self._foreground.heard(load)
