"""When exams are held, and what becomes of what they show: a worker on a bus, over scripted endpoints."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random

import pytest

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import run_component
from senter.components.models.component import ModelWorker
from senter.components.models.exam.examiner import (
    IDLE_SECONDS,
    LOOK_SECONDS,
    MOST_BROKEN_OFF,
    PEOPLES_IDLE_SECONDS,
    REST_SECONDS,
)
from senter.components.models.exam.sitting import Limits
from senter.components.models.retries import RetryPolicy
from senter.components.models.settings import PrimarySettings, ResearchSettings
from senter.components.models.spec import PRIMARY, RESEARCH
from senter.errors import Conflict, NotFound
from senter.messages.message import ComponentName
from senter.messages.model import (
    Capability,
    ChatMessage,
    EndExam,
    EndpointStatus,
    ExamineModel,
    GetModelStatus,
    ModelExamined,
    ModelLoad,
    ModelRequest,
    ModelResponse,
)
from tests.hand_clock import HandClock
from tests.scripted_model import Behaviour, Exchange, ScriptedModel, resetting_midway, scripted_model
from tests.support.exam_student import Student
from tests.waiting import until

SEED = 7
ASKER = Manifest(sends=(ModelRequest, GetModelStatus, ExamineModel, EndExam, ModelLoad, ModelExamined))


@dataclass
class Scene:
    worker: ModelWorker
    model: ScriptedModel
    bus: Bus
    clock: HandClock

    async def row(self) -> EndpointStatus:
        found = await self.bus.request(GetModelStatus(), timeout_seconds=5, to=self.worker.context.name)
        return found.endpoints[0]

    async def ask(self) -> ModelResponse:
        question = ModelRequest(messages=[ChatMessage(role="user", content="What is Python?")], stream=False)
        return await self.bus.request(question, timeout_seconds=10, to=self.worker.context.name)

    async def command(self, command: ExamineModel | EndExam) -> None:
        await self.bus.request(command, timeout_seconds=5, to=self.worker.context.name)

    async def examined(self) -> EndpointStatus:
        """How the model stands once no exam goes on any more."""
        await until(lambda: not self.worker.examiner.is_running(self.worker.examiner.links[0]))
        return await self.row()

    async def be_idle(self, seconds: float = IDLE_SECONDS + 1) -> None:
        """Let time pass in which nobody asks anything."""
        await until(lambda: self.worker.examiner.waits)
        self.clock.pass_time(seconds)

    async def begun(self) -> None:
        await until(lambda: self.worker.examiner.is_running(self.worker.examiner.links[0]))


@asynccontextmanager
async def scene(
    home: Path,
    *script: Behaviour,
    research: bool = True,
    models: Sequence[str] = ("scripted",),
    chosen: Mapping[str, object] | None = None,
) -> AsyncGenerator[Scene]:
    clock = HandClock()
    broker = MemoryBroker()
    async with AsyncExitStack() as stack:
        model = await stack.enter_async_context(scripted_model(*script, models=models))
        settings = (ResearchSettings if research else PrimarySettings).model_validate(
            {"url": model.url, "use_ollama": False, "embedded": False, **(chosen or {})}
        )
        bus = broker.bus(ComponentName("asker"), ASKER)
        stack.push_async_callback(bus.close)
        spec = RESEARCH if research else PRIMARY
        worker = await stack.enter_async_context(
            run_component(spec, home, settings=settings, broker=broker, clock=clock)
        )
        assert isinstance(worker, ModelWorker)
        worker.examiner.retries = RetryPolicy(waits_seconds=(), total_seconds=0)
        worker.examiner.random = lambda: Random(SEED)  # noqa: S311
        await until(lambda: worker.examiner.links[0].identified)
        yield Scene(worker, model, bus, clock)


async def test_an_unknown_model_is_examined_once_nobody_asks_anything(tmp_path: Path) -> None:
    async with scene(tmp_path, Student(SEED)) as it:
        before = await it.row()
        assert (before.capability, before.known_by) == ("structured", "assumed")
        await it.be_idle(IDLE_SECONDS - 5)
        assert not it.model.asked
        await it.be_idle()
        await it.begun()
        found = await it.examined()
        assert (found.capability, found.known_by, found.exam) == ("capable", "measured", "")
        assert (found.native_tools, found.json_schema, found.streaming) == (True, True, True)
        assert (await it.ask()).capability == "capable"
        assert it.worker.health().facts["planner"] == "scripted"


async def test_a_model_that_lies_about_its_name_is_found_out(tmp_path: Path) -> None:
    async with scene(tmp_path, Student(SEED, constant="yes"), models=["gpt-5"]) as it:
        before = await it.row()
        assert (before.capability, before.known_by) == ("capable", "family")
        await it.command(ExamineModel(kind="settings"))
        found = await it.examined()
        assert (found.capability, found.known_by) == ("basic", "measured")
        assert it.worker.health().facts["planner"] == "rules"


async def test_what_was_found_holds_after_a_restart_and_is_not_asked_again(tmp_path: Path) -> None:
    student = Student(SEED)
    async with scene(tmp_path, student) as it:
        await it.command(ExamineModel(kind="settings"))
        await it.examined()
        url = it.model.url
        asked = student.asked
        settings = PrimarySettings(url=url, use_ollama=False, embedded=False)
        clock = HandClock()
        async with run_component(PRIMARY, tmp_path, settings=settings, clock=clock) as other:
            assert isinstance(other, ModelWorker)
            await until(lambda: other.examiner.links[0].identified and other.examiner.waits)
            assert other.examiner.links[0].standing.known_by == "measured"
            clock.pass_time(IDLE_SECONDS + 1)
            await until(lambda: other.examiner.waits)
    assert student.asked == asked


async def test_a_model_that_changes_behind_its_name_is_examined_anew(tmp_path: Path) -> None:
    async with scene(tmp_path, Student(SEED)) as it:
        await it.command(ExamineModel(kind="settings"))
        assert (await it.examined()).known_by == "measured"
        it.model.facts["root"] = "another-model"
        it.model.script[:] = [Student(SEED, constant="yes")]
        await it.be_idle(REST_SECONDS + LOOK_SECONDS)
        await until(lambda: it.worker.examiner.links[0].standing.level is Capability.BASIC)
        assert (await it.examined()).known_by == "measured"


async def test_a_model_that_changes_during_its_exam_gets_no_level(tmp_path: Path) -> None:
    student = Student(SEED)

    async def changing(exchange: Exchange) -> None:
        it.model.facts["root"] = f"model {student.asked // 10}"
        await student(exchange)

    async with scene(tmp_path, changing) as it:
        await it.command(ExamineModel(kind="settings"))
        found = await it.examined()
        assert found.known_by == "assumed"
        assert "changed its model" in found.exam


async def test_a_question_breaks_in_at_once_and_the_exam_goes_on_after_it(tmp_path: Path) -> None:
    student, hung = Student(SEED), asyncio.Event()

    async def behave(exchange: Exchange) -> None:
        if exchange.asked.messages[-1]["content"] == "What is Python?":
            await student(exchange)
        elif student.asked == 3 and not hung.is_set():
            hung.set()
            await asyncio.Event().wait()
        else:
            await student(exchange)

    async with scene(tmp_path, behave) as it:
        await it.command(ExamineModel(kind="settings"))
        await hung.wait()
        assert (await it.ask()).text
        await until(lambda: it.model.hung_up == 1)
        it.clock.pass_time(1)
        assert (await it.examined()).capability == "capable"


async def test_no_exam_is_held_while_the_other_worker_has_work(tmp_path: Path) -> None:
    async with scene(tmp_path, Student(SEED)) as it:
        primary = it.worker.context.bus
        it.worker.examiner.quiet.heard(ComponentName("model_primary"), ModelLoad(active=1, waiting=0))
        await it.command(ExamineModel(kind="settings"))
        await it.begun()
        assert primary is it.worker.bus
        assert not it.model.asked
        it.worker.examiner.quiet.heard(ComponentName("model_primary"), ModelLoad(active=0, waiting=0))
        it.clock.pass_time(1)
        assert (await it.examined()).known_by == "measured"


@pytest.mark.parametrize(
    ("chosen", "examined"),
    [({"api_key": "secret"}, False), ({"api_key": "secret", "exam": "always"}, True), ({"exam": "never"}, False)],
)
async def test_what_may_cost_money_is_examined_only_when_wanted(
    tmp_path: Path, chosen: dict[str, object], examined: bool
) -> None:
    async with scene(tmp_path, Student(SEED), chosen=chosen) as it:
        assert it.worker.examiner.links[0].may_be_examined_unasked is examined
        await it.be_idle()
        await until(lambda: bool(it.model.asked) is examined and it.worker.examiner.waits)
        await it.command(ExamineModel(kind="settings"))
        assert (await it.examined()).known_by == "measured"


async def test_an_exam_that_ends_early_gives_no_level_says_so_and_is_not_begun_again(tmp_path: Path) -> None:
    student = Student(SEED)
    async with scene(tmp_path, student) as it:
        it.worker.examiner.limits = Limits(tokens=500)
        await it.command(ExamineModel(kind="settings"))
        found = await it.examined()
        assert found.known_by == "assumed"
        assert "ended early" in found.exam
        asked = student.asked
        await it.be_idle(REST_SECONDS + LOOK_SECONDS)
        await until(lambda: it.worker.examiner.waits)
        assert student.asked == asked


async def test_an_exam_that_ends_early_takes_nothing_from_an_earlier_one(tmp_path: Path) -> None:
    async with scene(tmp_path, Student(SEED)) as it:
        await it.command(ExamineModel(kind="settings"))
        await it.examined()
        it.worker.examiner.limits = Limits(tokens=500)
        await it.command(ExamineModel(kind="settings"))
        found = await it.examined()
        assert (found.capability, found.known_by) == ("capable", "measured")
        assert "ended early" in found.exam


async def test_an_endpoint_that_dies_in_the_middle_gives_no_level_and_says_why(tmp_path: Path) -> None:
    async with scene(tmp_path, *[Student(SEED)] * 5, resetting_midway) as it:
        await it.command(ExamineModel(kind="settings"))
        found = await it.examined()
        assert found.known_by == "assumed"
        assert "closed the connection" in found.exam
        assert (await it.row()).breaker == "closed"


async def test_an_exam_can_be_ended_and_only_one_goes_on(tmp_path: Path) -> None:
    hung = asyncio.Event()

    async def never(exchange: Exchange) -> None:
        hung.set()
        await asyncio.Event().wait()

    async with scene(tmp_path, never, chosen={"embedded": True, "embedded_model": "/nowhere.gguf"}) as it:
        await it.command(ExamineModel(kind="settings"))
        await hung.wait()
        assert (await it.row()).exam_running
        await it.command(ExamineModel(kind="settings"))
        with pytest.raises(Conflict):
            await it.command(ExamineModel(kind="embedded"))
        with pytest.raises(NotFound):
            await it.command(ExamineModel(kind="ollama"))
        await it.command(EndExam())
        await until(lambda: it.model.hung_up == 1)
        assert not (await it.row()).exam_running


async def test_two_workers_do_not_examine_at_the_same_time(tmp_path: Path) -> None:
    hung = asyncio.Event()

    async def never(exchange: Exchange) -> None:
        hung.set()
        await asyncio.Event().wait()

    async with scene(tmp_path, never) as one, scene(tmp_path, Student(SEED), research=False) as other:
        await one.command(ExamineModel(kind="settings"))
        await hung.wait()
        await other.command(ExamineModel(kind="settings"))
        found = await other.examined()
        assert "Another exam" in found.exam
        assert not other.model.asked


async def test_the_worker_for_background_work_examines_before_the_one_for_people(tmp_path: Path) -> None:
    async with scene(tmp_path, Student(SEED), research=False) as it:
        await it.be_idle()
        await until(lambda: it.worker.examiner.waits)
        assert not it.model.asked
        await it.be_idle(PEOPLES_IDLE_SECONDS - IDLE_SECONDS)
        await until(lambda: it.worker.examiner.links[0].standing.known_by == "measured")


async def test_a_worker_hears_of_what_another_found_out(tmp_path: Path) -> None:
    async with scene(tmp_path, Student(SEED)) as it:
        link = it.worker.examiner.links[0]
        record = it.worker.examiner.results.begin(link.identity)
        it.worker.examiner.results.keep(record.model_copy(update={"level": Capability.CAPABLE}))
        await it.bus.send(ModelExamined())
        await until(lambda: link.standing.known_by == "measured")


async def test_an_exam_that_ends_its_process_each_time_is_left_alone(tmp_path: Path) -> None:
    async with scene(tmp_path, Student(SEED)) as it:
        for _ in range(MOST_BROKEN_OFF):
            it.worker.examiner.results.begin(it.worker.examiner.links[0].identity)
        await it.be_idle()
        await until(lambda: it.worker.examiner.waits)
        assert not it.model.asked


async def test_a_result_that_cannot_be_read_is_none(tmp_path: Path) -> None:
    async with scene(tmp_path, Student(SEED)) as it:
        await it.command(ExamineModel(kind="settings"))
        await it.examined()
        (file,) = it.worker.paths.exams.glob("*.json")
        file.write_text("half a fi")
        await it.bus.send(ModelExamined())
        await until(lambda: it.worker.examiner.links[0].standing.known_by == "assumed")


@pytest.mark.process
async def test_a_worker_killed_in_the_middle_of_an_exam_leaves_nothing_half_and_the_next_one_can(
    tmp_path: Path,
) -> None:
    student, hung = Student(SEED), asyncio.Event()

    async def behave(exchange: Exchange) -> None:
        if student.asked == 4 and not hung.is_set():
            hung.set()
            await asyncio.Event().wait()
        await student(exchange)

    async with scripted_model(behave) as model:
        worker = await asyncio.create_subprocess_exec(sys.executable, "-P", "-c", _WORKER, str(tmp_path), model.url)
        await hung.wait()
        worker.send_signal(signal.SIGKILL)
        assert await worker.wait() == -signal.SIGKILL
    assert [path.name for path in (tmp_path / "data/exams").iterdir() if path.name.endswith(".part")] == []
    async with scene(tmp_path, Student(SEED)) as it:
        await it.command(ExamineModel(kind="settings"))
        assert (await it.examined()).capability == "capable"


_WORKER = f"""
import asyncio, sys
from pathlib import Path
from random import Random
from senter.component.testing import run_component
from senter.components.models.retries import RetryPolicy
from senter.components.models.settings import ResearchSettings
from senter.components.models.spec import RESEARCH

async def main():
    settings = ResearchSettings(url=sys.argv[2], use_ollama=False, embedded=False)
    async with run_component(RESEARCH, Path(sys.argv[1]), settings=settings) as worker:
        worker.examiner.retries = RetryPolicy(waits_seconds=(), total_seconds=0)
        worker.examiner.random = lambda: Random({SEED})
        worker.examiner.want(worker.examiner.links[0])
        await asyncio.Event().wait()

asyncio.run(main())
"""
