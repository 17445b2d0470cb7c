"""The weights component: what it says of the catalogue, and how a fetch goes through its process."""

from __future__ import annotations

import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from senter.bus.bus import Bus
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.testing import FakeClock, run_component
from senter.components.weights import fetching
from senter.components.weights.settings import WeightsSettings
from senter.components.weights.spec import SPEC
from senter.errors import NotFound
from senter.messages.health import HealthStatus
from senter.messages.message import ComponentName
from senter.messages.weights import (
    BrainOutlook,
    FetchWeights,
    ListWeights,
    RemoveWeights,
    WantBrain,
    WeightsArrived,
    WeightsStatus,
)
from senter.weights import room
from senter.weights.cache import WeightsCache
from senter.weights.catalogue import BRAIN, catalogue, find_weights
from tests.waiting import until

pytestmark = pytest.mark.process

ASKER = Manifest(sends=(FetchWeights, ListWeights, RemoveWeights, WantBrain), receives=(WeightsArrived,))
# What stands in for the process that fetches: it says so much, and ends or stays.
FETCHES = """
import json, sys, time
for line in {lines!r}:
    print(json.dumps(line), flush=True)
if {stays}:
    time.sleep(60)
sys.exit({code})
"""


class Desk:
    """What a worker or a person asks of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.clock = FakeClock()
        self.arrived: list[str] = []
        self.bus: Bus

    @asynccontextmanager
    async def open(self, **settings: object) -> AsyncGenerator[Desk]:
        broker = MemoryBroker()
        self.bus = broker.bus(ComponentName("asker"), ASKER)
        given = WeightsSettings.model_validate({"folder": str(self.folder / "cache"), "fetch": "never", **settings})
        running = run_component(SPEC, self.folder / "home", settings=given, broker=broker, clock=self.clock)
        async with running as self.component:
            await self.bus.listen(WeightsArrived, self._hear)
            yield self
        await self.bus.close()

    async def row(self, name: str = BRAIN) -> WeightsStatus:
        reply = await self.bus.request(ListWeights(), timeout_seconds=5)
        return next(row for row in reply.models if row.name == name)

    async def want(self) -> BrainOutlook:
        return await self.bus.request(WantBrain(), timeout_seconds=5)

    async def _hear(self, arrived: WeightsArrived) -> None:
        self.arrived.append(arrived.name)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def fetch_by(monkeypatch: pytest.MonkeyPatch, *lines: dict[str, object], stays: bool = False, code: int = 0) -> None:
    program = FETCHES.format(lines=lines, stays=stays, code=code)

    def command_for(_wanted: fetching.Wanted, _folder: Path) -> tuple[str, ...]:
        return sys.executable, "-c", program

    monkeypatch.setattr(fetching, "command_for", command_for)


def with_room(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LEAST_MEMORY_BYTES", 0)
    monkeypatch.setattr(room, "LEAST_DISK_BYTES", 0)


async def test_the_catalogue_is_listed_with_nothing_here(desk: Desk) -> None:
    async with desk.open():
        reply = await desk.bus.request(ListWeights(), timeout_seconds=5)
        assert [row.name for row in reply.models] == list(catalogue())
        assert {row.state for row in reply.models} == {"absent"}
        assert reply.folder == str(desk.folder / "cache")


async def test_a_fetch_is_followed_byte_by_byte_and_told_when_it_is_whole(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    begins: dict[str, object] = {"event": "begins", "place": "example.org", "size_bytes": 10}
    fetch_by(monkeypatch, begins, {"event": "arrived", "done_bytes": 7}, stays=True)
    async with desk.open():
        await desk.bus.request(FetchWeights(name=BRAIN), timeout_seconds=5)
        while (row := await desk.row()).done_bytes != 7:
            pass
        assert (row.state, row.place) == ("fetching", "example.org")
        await desk.bus.request(RemoveWeights(name=BRAIN), timeout_seconds=5)
        assert (await desk.row()).state == "absent"
        fetch_by(monkeypatch, begins)
        await desk.bus.request(FetchWeights(name=BRAIN), timeout_seconds=5)
        await until(lambda: desk.arrived == [BRAIN])


async def test_what_was_asked_for_by_name_goes_on_at_the_next_start_until_it_is_removed(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch_by(monkeypatch, {"event": "arrived", "done_bytes": 5}, stays=True)
    async with desk.open():
        await desk.bus.request(FetchWeights(name=BRAIN), timeout_seconds=5)
    async with desk.open():
        while (row := await desk.row()).done_bytes != 5:
            pass
        assert row.state == "fetching"
        await desk.bus.request(RemoveWeights(name=BRAIN), timeout_seconds=5)
    async with desk.open():
        assert (await desk.row()).state == "absent"


@pytest.mark.parametrize(("fetch", "state"), [("auto", "fetching"), ("never", "absent")])
async def test_what_was_begun_by_itself_goes_on_at_the_next_start_where_it_still_may(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, fetch: str, state: str
) -> None:
    with_room(monkeypatch)
    fetch_by(monkeypatch, stays=True)
    cache = WeightsCache(desk.folder / "cache")
    cache.folder.mkdir()
    cache.partial(find_weights(BRAIN)).write_bytes(b"begun")
    async with desk.open(fetch=fetch):
        while (row := await desk.row()).state == "waiting":
            pass
        assert row.state == state


async def test_what_is_under_way_is_told_in_the_health_and_is_no_illness(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch_by(monkeypatch, {"event": "arrived", "done_bytes": 312_000_000}, stays=True)
    async with desk.open():
        assert desk.component.health().note == ""
        await desk.bus.request(FetchWeights(name=BRAIN), timeout_seconds=5)
        await until(lambda: desk.component.health().note == f"{BRAIN} is being fetched: 312 of 1,117 MB.")
        assert desk.component.health().status is HealthStatus.HEALTHY


async def test_why_it_could_not_be_fetched_is_told_until_something_comes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_room(monkeypatch)
    fetch_by(monkeypatch, {"event": "error", "code": "x", "message": "It is not there.", "hint": ""}, code=1)
    async with desk.open(fetch="auto"):
        while not (await desk.want()).why_not:
            pass
        assert desk.component.health().note == "It is not there. It is tried again."
        fetch_by(monkeypatch, {"event": "begins", "place": "example.org"}, stays=True)
        while (await desk.row()).state != "fetching":
            await desk.clock.advance(fetching.FIRST_WAIT_SECONDS)
        assert (await desk.want()).why_not == "It is not there."


async def test_a_fetch_that_fails_says_why_and_is_tried_again_later(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch_by(monkeypatch, {"event": "error", "code": "x", "message": "It is not there.", "hint": ""}, code=1)
    async with desk.open():
        await desk.bus.request(FetchWeights(name=BRAIN), timeout_seconds=5)
        while (row := await desk.row()).state != "waiting" or not row.problem:
            pass
        assert row.problem == "It is not there."
        fetch_by(monkeypatch)
        while not desk.arrived:
            await desk.clock.advance(fetching.FIRST_WAIT_SECONDS)


async def test_a_file_of_the_user_that_is_not_the_one_is_not_tried_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch_by(monkeypatch, {"event": "error", "code": "x", "message": "It is another file.", "hint": ""}, code=1)
    async with desk.open():
        await desk.bus.request(FetchWeights(name=BRAIN, file="/etc/hosts"), timeout_seconds=5)
        while not (row := await desk.row()).problem or row.state != "absent":
            pass
        fetch_by(monkeypatch)
        await desk.clock.advance(fetching.LONGEST_WAIT_SECONDS)
        assert (desk.arrived, (await desk.row()).problem) == ([], "It is another file.")
        await desk.bus.request(FetchWeights(name=BRAIN), timeout_seconds=5)
        await until(lambda: desk.arrived == [BRAIN])


async def test_a_fetch_that_ends_without_a_word_is_told_by_its_exit_status(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetch_by(monkeypatch, code=3)
    async with desk.open():
        await desk.bus.request(FetchWeights(name=BRAIN), timeout_seconds=5)
        while not (row := await desk.row()).problem:
            pass
        assert "exit status 3" in row.problem


async def test_the_default_model_is_fetched_when_a_worker_wants_it(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with_room(monkeypatch)
    fetch_by(monkeypatch, stays=True)
    async with desk.open(fetch="auto"):
        assert (await desk.want()).state == "coming"
        assert (await desk.want()).state == "coming"
        while (await desk.row()).state != "fetching":
            pass


@pytest.mark.parametrize("what", ["LEAST_MEMORY_BYTES", "LEAST_DISK_BYTES"])
async def test_a_machine_that_is_too_small_does_without_it_and_says_why(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    monkeypatch.setattr(room, what, 10**18)
    async with desk.open(fetch="auto"):
        outlook = await desk.want()
        assert (outlook.state, (await desk.row()).state) == ("absent", "absent")
        reply = await desk.bus.request(ListWeights(), timeout_seconds=5)
        assert outlook.why_not == reply.left_out != ""


async def test_nothing_is_fetched_by_itself_where_the_setting_says_never(desk: Desk) -> None:
    async with desk.open():
        outlook = await desk.want()
        assert outlook.state == "absent"
        assert "models.fetch" in outlook.why_not


async def test_a_model_that_is_not_in_the_catalogue_is_refused(desk: Desk) -> None:
    async with desk.open():
        for command in (FetchWeights(name="gpt-5"), RemoveWeights(name="gpt-5")):
            with pytest.raises(NotFound):
                await desk.bus.request(command, timeout_seconds=5)
