"""One component in its own process on a real bus: how it ends, and what it leaves behind."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from senter.bus.manifest import Manifest
from senter.component.launch import ExitCode, LastWords, Launch
from senter.messages.control import Shutdown
from senter.messages.health import Heartbeat
from senter.messages.message import ComponentName
from senter.paths import Paths
from tests.support.nats_server import TestServer
from tests.support.supervision import ENVIRONMENT
from tests.support.troupe import REPOSITORY
from tests.waiting import until

pytestmark = pytest.mark.process

NAME = ComponentName("actor")
SUPERVISOR = ComponentName("supervisor")

ACTOR = """
import asyncio, sys
from senter.component.component import Component
from senter.component.launch import Launch
from senter.component.runner import run_process
from senter.component.spec import ComponentSettings, ComponentSpec
from senter.errors import NotReady, SettingsError

class Actor(Component[ComponentSettings]):
    async def open(self, stack):
        stack.callback(self.log.info, "released")
        {open}
    async def run(self):
        {run}
        await asyncio.Event().wait()
    async def finish(self, grace_seconds):
        {finish}

sys.modules["actor"] = sys.modules["__main__"]
spec = ComponentSpec(name="actor", summary="", entry="actor:Actor")
sys.exit(run_process(spec, Launch.model_validate_json(sys.stdin.readline())))
"""


class Stage:
    """A bus, and a process for each play."""

    def __init__(self, home: Path, server: TestServer) -> None:
        self.paths = Paths(home)
        self.paths.make_folders()
        self.server = server
        self.process: asyncio.subprocess.Process

    async def play(self, *, bus_url: str = "", **acts: str) -> None:
        code = ACTOR.format(**{"open": "pass", "run": "pass", "finish": "pass", **acts})
        self.process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-c",
            code,
            stdin=asyncio.subprocess.PIPE,
            env={**ENVIRONMENT, "PYTHONPATH": f"{ENVIRONMENT['PYTHONPATH']}{os.pathsep}{REPOSITORY}"},
        )
        access = self.server.server.access(NAME)
        launch = Launch(
            process=NAME,
            component=NAME,
            home=self.paths.home,
            settings={},
            bus=access.model_copy(update={"url": bus_url}) if bus_url else access,
            supervisor_pid=os.getpid(),
            heartbeat_seconds=0.1,
            finish_seconds=0.3,
        )
        assert self.process.stdin is not None
        self.process.stdin.write(launch.model_dump_json().encode() + b"\n")
        await self.process.stdin.drain()

    async def ended(self) -> int:
        async with asyncio.timeout(20):
            return await self.process.wait()

    def words(self) -> str:
        words = LastWords.take(self.paths.run, NAME, self.process.pid)
        return words.message if words else ""

    def logged(self, event: str) -> list[dict[str, object]]:
        try:
            lines = self.paths.log(NAME).read_text().splitlines()
        except FileNotFoundError:
            return []
        return [entry for entry in map(json.loads, lines) if entry["event"] == event]

    async def until_logged(self, event: str) -> None:
        await until(lambda: bool(self.logged(event)))


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncGenerator[Stage]:
    server = TestServer(tmp_path, {NAME: Manifest()})
    await server.start()
    yield Stage(tmp_path / "home", server)
    server.kill()


@pytest.mark.parametrize(
    ("act", "error", "code", "words"),
    [
        ("open", 'raise NotReady("The camera is away.")', ExitCode.NOT_READY, "The camera is away."),
        ("open", 'raise SettingsError("port: taken")', ExitCode.SETTINGS, "port: taken"),
        ("run", 'raise ValueError("a defect")', ExitCode.CRASHED, "ValueError: a defect"),
        ("run", "raise SystemExit(0)", ExitCode.CRASHED, "SystemExit: 0"),
    ],
)
async def test_the_failure_decides_the_exit_status_and_is_left_as_last_words(
    stage: Stage, act: str, error: str, code: ExitCode, words: str
) -> None:
    await stage.play(**{act: error})
    assert await stage.ended() == code
    assert stage.words() == words
    assert bool(stage.logged("crashed")) == (code is ExitCode.CRASHED)
    assert stage.logged("released")


async def test_an_error_in_a_task_group_is_taken_for_what_it_is(stage: Stage) -> None:
    await stage.play(run='raise ExceptionGroup("one task", [NotReady("The camera is away.")])')
    assert await stage.ended() == ExitCode.NOT_READY
    assert stage.words() == "The camera is away."


async def test_a_bus_that_is_away_is_no_failure_of_the_component(stage: Stage) -> None:
    await stage.play(bus_url="nats://127.0.0.1:1")
    assert await stage.ended() == ExitCode.NOT_READY


async def test_a_stop_cuts_a_long_opening_short_and_releases_what_it_acquired(stage: Stage) -> None:
    await stage.play(open='self.log.info("opening"); await asyncio.sleep(60)')
    await stage.until_logged("opening")
    stage.process.send_signal(signal.SIGTERM)
    assert await stage.ended() == ExitCode.DONE
    assert stage.logged("released")
    assert stage.logged("stopped")[0]["reason"] == "asked to, before it was ready"


async def test_a_stop_lets_work_in_flight_finish_within_the_grace(stage: Stage) -> None:
    await stage.play(run='self.log.info("running")', finish='await asyncio.sleep(0.05); self.log.info("finished")')
    await stage.until_logged("running")
    stage.process.send_signal(signal.SIGTERM)
    assert await stage.ended() == ExitCode.DONE
    assert stage.logged("finished")
    assert stage.logged("stopped")[0]["reason"] == "asked to"


async def test_work_that_does_not_finish_is_left_after_the_grace_and_that_is_said(stage: Stage) -> None:
    await stage.play(run='self.log.info("running")', finish="await asyncio.sleep(60)")
    await stage.until_logged("running")
    stage.process.send_signal(signal.SIGTERM)
    assert await stage.ended() == ExitCode.DONE
    assert stage.logged("unfinished_work_left")


async def test_a_component_whose_work_ends_by_itself_does_not_claim_that_it_was_asked_to(stage: Stage) -> None:
    await stage.play(run="return")
    assert await stage.ended() == ExitCode.DONE
    assert stage.logged("stopped")[0]["reason"] == "its work came to an end"


async def test_heartbeats_are_heard_and_a_shutdown_is_obeyed_though_nobody_follows_it_up(stage: Stage) -> None:
    heard: list[Heartbeat] = []

    async def hear(heartbeat: Heartbeat) -> None:
        heard.append(heartbeat)

    async with stage.server.bus(SUPERVISOR) as bus:
        await bus.listen(Heartbeat, hear)
        await stage.play()
        await until(lambda: len(heard) > 2)
        assert {heartbeat.pid for heartbeat in heard} == {stage.process.pid}
        answers = await bus.broadcast(Shutdown(grace_seconds=0.2), expected=[NAME], timeout_seconds=5)
        assert answers.missing == frozenset()
        assert await stage.ended() == ExitCode.DONE


async def test_a_signal_from_the_terminal_ends_no_component(stage: Stage) -> None:
    await stage.play(run='self.log.info("running")')
    await stage.until_logged("running")
    stage.process.send_signal(signal.SIGINT)
    stage.process.send_signal(signal.SIGHUP)
    stage.process.send_signal(signal.SIGTERM)
    assert await stage.ended() == ExitCode.DONE
