"""Who is taken for hung, and who is excused because it was the supervisor or the bus that was away."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import NamedTuple

import pytest
import structlog

from senter.messages.control import State
from senter.messages.envelope import Envelope, caused_by
from senter.messages.health import Health, Heartbeat
from senter.messages.message import ComponentName
from senter.paths import Paths
from senter.supervisor.configuration import Configuration
from senter.supervisor.fleet import BUS, Fleet
from senter.supervisor.settings import SupervisorSettings
from senter.supervisor.status import StatusBoard
from senter.supervisor.watch import OUTPUT_LIMIT_BYTES, Watch
from tests.support.supervision import LIVES, NAME, Script, open_journal
from tests.waiting import until

pytestmark = pytest.mark.process

SETTINGS = SupervisorSettings(heartbeat_seconds=0.1, hung_after_seconds=0.5, sample_seconds=0.2)


class Scene(NamedTuple):
    fleet: Fleet
    watch: Watch
    scripts: dict[ComponentName, Script]

    def speak(self, name: ComponentName) -> None:
        self.fleet.units[name].life.seen(self.scripts[name].pids[-1], Health())


@pytest.fixture
async def scene(tmp_path: Path) -> AsyncGenerator[Scene]:
    log, paths = structlog.stdlib.get_logger(), Paths(tmp_path)
    paths.make_folders()
    with open_journal(tmp_path) as journal:
        fleet = Fleet(Configuration.read(paths), paths, journal, log)
        async with fleet.running():
            watch = Watch(fleet, StatusBoard(fleet.units), SETTINGS, paths.log_output, log)
            scripts = {name: Script(LIVES) for name in (BUS, NAME)}
            for name, script in scripts.items():
                fleet.add(name, script)
                script.unit = fleet.units[name]
                script.unit.want()
            for name in scripts:
                await fleet.units[name].reach(State.RUNNING)
            watch.judge()
            yield Scene(fleet, watch, scripts)
            await fleet.stop_everything()


async def look_until(
    scene: Scene, condition: Callable[[], bool], *speaking: ComponentName, bus_answers: bool = True
) -> None:
    """Look again and again, as the watch itself does, while some go on speaking."""

    def look() -> bool:
        for name in speaking:
            scene.speak(name)
        if bus_answers:
            scene.watch.hear_bus()
        scene.watch.judge()
        return condition()

    await until(look)


async def test_a_silent_component_is_condemned_and_one_that_speaks_is_not(scene: Scene) -> None:
    await look_until(scene, lambda: bool(scene.scripts[NAME].deaths), BUS)
    await scene.fleet.units[NAME].reach(State.STARTING)
    assert scene.scripts[NAME].deaths == ["hung: no sign of life for 0.5 s"]
    assert scene.scripts[BUS].deaths == []


async def test_while_the_bus_is_silent_only_the_bus_is_condemned(scene: Scene) -> None:
    await look_until(scene, lambda: bool(scene.scripts[BUS].deaths), bus_answers=False)
    assert scene.scripts[NAME].deaths == []


async def test_a_supervisor_that_was_stopped_itself_condemns_nobody(scene: Scene) -> None:
    time.sleep(0.7)  # noqa: ASYNC251 - this very process is away
    scene.watch.hear_bus()
    scene.watch.judge()
    looks = iter(range(10))
    await look_until(scene, lambda: next(looks) == 9, BUS, NAME)
    assert scene.fleet.units[NAME].state is State.RUNNING
    assert scene.scripts[NAME].deaths == []


async def test_a_heartbeat_of_an_earlier_process_is_no_sign_of_life(scene: Scene) -> None:
    unit = scene.fleet.units[NAME]
    before = unit.life.last_seen
    with caused_by(Envelope(source=NAME)):
        await scene.watch.hear(Heartbeat(pid=1, health=Health()))
        assert unit.life.last_seen == before
        await scene.watch.hear(Heartbeat(pid=scene.scripts[NAME].pids[-1], health=Health(detail="fine")))
    assert unit.life.last_seen > before
    assert unit.life.health.detail == "fine"


async def test_stray_output_is_emptied_when_it_is_too_long(scene: Scene, tmp_path: Path) -> None:
    output = Paths(tmp_path).log_output
    with output.open("wb") as file:
        file.truncate(OUTPUT_LIMIT_BYTES + 1)
    scene.watch.sample()
    assert output.stat().st_size == 0
