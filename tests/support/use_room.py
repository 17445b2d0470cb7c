"""Who answers questions about the use of Senter, with a settings file of its own that is really changed; and sentences
of `tests/sets/use.jsonl` with what is right."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.component.runner import manifest_of
from senter.component.testing import FakeClock
from senter.components.assistant.inventory import Inventory
from senter.components.assistant.reckoning.facts import simple_fact
from senter.components.assistant.senter_facts import SenterFacts
from senter.components.assistant.settings import AssistantSettings
from senter.components.assistant.spec import SPEC
from senter.components.assistant.use.answers import UseAnswers
from senter.errors import NotFound
from senter.messages.control import (
    SUPERVISOR,
    ChangeSetting,
    GetSettings,
    SettingChanged,
    SettingsReply,
)
from senter.messages.message import ComponentName
from senter.messages.schedule import SCHEDULER, ChangeJob, JobReply
from senter.paths import Paths
from senter.sentences import speaking
from senter.supervisor.setting_changes import change_setting, view_settings
from tests.support.labelled_sets import SETS, LabelledRow
from tests.support.scripted import Scripted

NOW = datetime(2026, 11, 30, 9, 15, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")

ValueT = TypeVar("ValueT")


class UseSentence(LabelledRow):
    """A sentence that is answered without a model, or one that is for others."""

    text: str
    language: str
    right: tuple[tuple[str, ...], ...]
    """Of each group one must stand in the answer; nothing where it must not be answered here."""
    held_out: bool
    """Whether whoever mended rules had not looked at it."""

    def is_right(self, answer: str) -> bool:
        if not self.right:
            return not answer
        return all(any(part in answer for part in group) for group in self.right)


def use_sentences() -> tuple[UseSentence, ...]:
    lines = (SETS / "use.jsonl").read_text(encoding="utf-8").splitlines()
    return tuple(map(UseSentence.model_validate_json, lines))


class UseRoom:
    """Asks as the assistant does."""

    def __init__(self, answers: UseAnswers, scheduler: Scripted) -> None:
        self._answers = answers
        self._scheduler = scheduler

    async def ask(self, text: str, language: str = "en", *, was_asked: bool = False) -> str:
        """The answer; empty where it is for others."""
        with speaking(language):
            told = await self._answers.answer(text, was_asked=was_asked)
            return told.text if told else simple_fact(text, NOW, BERLIN)

    async def take_back(self, before: str, language: str = "en") -> str:
        """What is answered to `undo` after that."""
        with speaking(language):
            told = await self._answers.taken_back(before)
            return told.text if told else ""

    @property
    def jobs_changed(self) -> list[tuple[str, str]]:
        heard = self._scheduler.heard
        return [(str(each.job), each.action) for each in heard if isinstance(each, ChangeJob)]


@asynccontextmanager
async def use_room(home: Path) -> AsyncGenerator[UseRoom]:
    """With a supervisor that changes the settings file of `home`, and a scheduler that only listens."""
    broker, paths, clock = MemoryBroker(), Paths(home), FakeClock(NOW)
    paths.make_folders()

    async def view(command: GetSettings) -> SettingsReply:
        return view_settings(paths, command)

    async def change(command: ChangeSetting) -> SettingChanged:
        return change_setting(paths, command)

    async def refuse(command: ChangeJob) -> JobReply:
        raise NotFound(f"There is no job {command.job}.")

    supervisor = Scripted(
        broker.bus(SUPERVISOR, Manifest(receives=(GetSettings, ChangeSetting))),
        {GetSettings: view, ChangeSetting: change},
    )
    scheduler = Scripted(broker.bus(SCHEDULER, Manifest(receives=(ChangeJob,))), {ChangeJob: refuse})
    await supervisor.start()
    await scheduler.start()
    bus = broker.bus(ComponentName("assistant"), manifest_of(SPEC))
    inventory = Inventory(bus, clock)
    facts = SenterFacts(bus, inventory, clock, BERLIN)
    yield UseRoom(UseAnswers(bus, inventory, facts, paths, AssistantSettings(), BERLIN), scheduler)
    await inventory.close()
    await bus.close()
