"""Choosing the embedded model: what is refused, what is written, and who takes it up."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.models import PRIMARY
from senter.component.testing import run_component
from senter.components.weights import choice, fetching
from senter.components.weights.settings import WeightsSettings
from senter.components.weights.spec import SPEC
from senter.components.weights.using import VARIABLE
from senter.errors import Conflict, InvalidInput, NotFound, SenterError, SettingsError
from senter.messages.control import SUPERVISOR, TakeUpSettings
from senter.messages.message import ComponentName, Done
from senter.messages.model import EndpointStatus, GetModelStatus, ModelStatus
from senter.messages.weights import ListWeights, UseWeights, WeightsArrived, WeightsChosen
from senter.settings.editing import previous
from senter.weights.cache import WeightsCache
from senter.weights.catalogue import BRAIN, FLOOR, Weights, find_weights
from tests.support.gguf import gguf_bytes, gguf_file
from tests.support.worker_status import worker_status
from tests.waiting import until

ASKER = Manifest(sends=(UseWeights, ListWeights), receives=(WeightsArrived,))
NEW = '[models.primary]\nembedded_model = "{}"\n'


@dataclass
class Desk:
    """The weights component, a supervisor that takes settings up, and a worker with its links."""

    folder: Path
    links: list[str] = field(default_factory=lambda: ["ollama", "embedded"])
    taken_up: list[str] = field(default_factory=list[str])
    refusal: SenterError | None = None
    arrived: list[str] = field(default_factory=list[str])

    @property
    def settings(self) -> Path:
        return self.folder / "home" / "settings.toml"

    @asynccontextmanager
    async def open(self) -> AsyncGenerator[Desk]:
        broker = MemoryBroker()
        self._asker = broker.bus(ComponentName("asker"), ASKER)
        supervisor = broker.bus(SUPERVISOR, Manifest(receives=(TakeUpSettings,)))
        worker = broker.bus(ComponentName(PRIMARY), Manifest(receives=(GetModelStatus,)))
        await supervisor.serve(TakeUpSettings, self._take_up)
        await worker.serve(GetModelStatus, self._status)
        given = WeightsSettings(folder=str(self.folder / "cache"))
        self.settings.parent.mkdir(exist_ok=True)
        async with run_component(SPEC, self.folder / "home", settings=given, broker=broker):
            await self._asker.listen(WeightsArrived, self._hear)
            yield self
        for bus in (self._asker, supervisor, worker):
            await bus.close()

    async def use(self, model: str) -> WeightsChosen:
        return await self._asker.request(UseWeights(model=model), timeout_seconds=10)

    async def refused(self, kind: type[SenterError], model: str) -> SenterError:
        with pytest.raises(kind) as refused:
            await self.use(model)
        return refused.value

    async def state(self, name: str) -> str:
        reply = await self._asker.request(ListWeights(), timeout_seconds=10)
        return next(row.state for row in reply.models if row.name == name)

    async def _take_up(self, _: TakeUpSettings) -> Done:
        if self.refusal:
            raise self.refusal
        self.taken_up.append(self.settings.read_text())
        return Done()

    async def _status(self, _: GetModelStatus) -> ModelStatus:
        links = [
            EndpointStatus(kind=kind, url="http://host/v1", model="", breaker="closed", capability="basic")
            for kind in self.links
        ]
        return worker_status(links)

    async def _hear(self, arrived: WeightsArrived) -> None:
        self.arrived.append(arrived.name)


def stays(_wanted: fetching.Wanted, _folder: Path) -> tuple[str, ...]:
    """Instead of fetching."""
    return "sleep", "60"


def is_there(_cache: WeightsCache, _weights: Weights) -> bool:
    return True


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


async def test_a_file_is_set_taken_up_and_what_was_set_before_is_told(desk: Desk) -> None:
    file = gguf_file(desk.folder / "mine.gguf")
    async with desk.open():
        assert await desk.use(str(file)) == WeightsChosen(model=str(file), before="auto", fetching=False)
        assert desk.taken_up == [NEW.format(file)]
        assert (await desk.use(FLOOR.upper())).before == str(file)
        assert previous(desk.settings).read_text() == NEW.format(file)
        assert await desk.use("Auto") == WeightsChosen(model="auto", before=FLOOR, fetching=False)
        assert desk.taken_up[1:] == [NEW.format(FLOOR), "[models.primary]\n"]


async def test_what_is_set_already_is_loaded_where_its_file_has_come(desk: Desk) -> None:
    async with desk.open():
        await desk.use(FLOOR)
        assert (await desk.use(FLOOR)).before == FLOOR
        await until(lambda: desk.arrived == [FLOOR])
        assert len(desk.taken_up) == 1


async def test_a_model_of_the_catalogue_is_fetched_first_and_nothing_is_set_until_it_is_here(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fetching, "command_for", stays)
    async with desk.open():
        assert await desk.use(BRAIN.upper()) == WeightsChosen(model=BRAIN, before="auto", fetching=True)
        while await desk.state(BRAIN) != "fetching":
            pass
        assert not desk.settings.exists()
    async with desk.open():  # the fetch goes on
        while await desk.state(BRAIN) != "fetching":
            pass
    monkeypatch.setattr(WeightsCache, "holds", is_there)
    async with desk.open():
        assert (await desk.use(BRAIN)).fetching is False
        assert desk.settings.read_text() == NEW.format(BRAIN)


@pytest.mark.parametrize(
    ("content", "words"),
    [(None, "No such file"), (b"notes", "not a GGUF"), (gguf_bytes()[:-40], "cut off")],
    ids=["missing", "text", "half"],
)
async def test_a_file_that_is_no_model_is_refused_and_nothing_is_set(
    desk: Desk, content: bytes | None, words: str
) -> None:
    file = desk.folder / "odd.gguf"
    if content is not None:
        file.write_bytes(content)
    async with desk.open():
        assert words in (await desk.refused(InvalidInput, str(file))).message
        assert not desk.settings.exists()


async def test_a_model_larger_than_the_memory_is_refused_before_it_is_fetched(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "memory_bytes", lambda: find_weights(BRAIN).size_bytes)
    async with desk.open():
        refused = await desk.refused(InvalidInput, BRAIN)
        assert f"{BRAIN} takes 1.7 GB of memory at least; this machine has 1.1 GB." == refused.message
        assert await desk.state(BRAIN) == "absent"
        monkeypatch.setattr(choice, "memory_bytes", lambda: 1_000)
        await desk.refused(InvalidInput, str(gguf_file(desk.folder / "a.gguf")))


async def test_a_name_that_is_not_known_is_answered_with_those_that_are(desk: Desk) -> None:
    async with desk.open():
        refused = await desk.refused(NotFound, "gpt-5")
    assert all(name in refused.hint for name in (BRAIN, FLOOR, "auto", "GGUF"))


@pytest.mark.parametrize(
    ("links", "text", "words"),
    [
        (["settings", "embedded"], "", "models.primary.url is set: http://host/v1"),
        (["ollama", "embedded"], '[models.primary]\nname = "llama3"\n', "Ollama answers by llama3 first"),
        (["ollama"], "", "models.primary.embedded is false"),
        ([], "", "models.primary.embedded is false"),
    ],
)
async def test_what_goes_before_an_embedded_model_is_said_and_nothing_is_set(
    desk: Desk, links: list[str], text: str, words: str
) -> None:
    desk.links = links
    async with desk.open():
        desk.settings.write_text(text)
        assert words in (await desk.refused(Conflict, FLOOR)).message
        assert desk.settings.read_text() == text


async def test_a_variable_that_goes_before_the_settings_is_said(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "other")
    async with desk.open():
        assert VARIABLE in (await desk.refused(Conflict, FLOOR)).message


async def test_settings_that_are_wrong_elsewhere_are_left_as_they_were(desk: Desk) -> None:
    desk.refusal = SettingsError("settings.toml:1: api.port: expected a whole number.", "")
    async with desk.open():
        desk.settings.write_text('[api]\nport = "x"\n')
        assert "api.port" in (await desk.refused(SettingsError, FLOOR)).message
        assert "embedded_model" not in desk.settings.read_text()
