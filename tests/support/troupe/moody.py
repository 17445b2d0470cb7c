"""A component that fails in whichever way its settings say."""

from __future__ import annotations

import time
from contextlib import AsyncExitStack
from typing import Literal

from senter.component.component import Component
from senter.component.spec import ComponentSettings, ComponentSpec
from senter.errors import NotReady, SettingsError
from senter.messages.health import Health

HOARD_BYTES = 160 * 1024 * 1024


class MoodySettings(ComponentSettings):
    """Section `moody`."""

    mood: Literal["well", "crashing", "refusing", "not_ready", "greedy", "deaf"] = "well"
    """How it fails."""


SPEC = ComponentSpec(
    name="moody",
    summary="Fails as it is told.",
    entry="tests.support.troupe.moody:Moody",
    settings=MoodySettings,
)


class Moody(Component[MoodySettings]):
    """Fails as it is told."""

    has_spoken = False

    async def open(self, stack: AsyncExitStack) -> None:
        match self.settings.mood:
            case "crashing":
                raise RuntimeError("a bad day")
            case "refusing":
                raise SettingsError("moody.mood is not to its taste.", "Choose another mood.")
            case "not_ready":
                raise NotReady("The stars are not in place.", "Wait for them.")
            case _:
                return

    async def run(self) -> None:
        if self.settings.mood == "greedy":
            self.hoard = b"x" * HOARD_BYTES
        await super().run()

    def health(self) -> Health:
        """A deaf one says once that it is ready, and then nothing any more."""
        if self.settings.mood == "deaf" and self.has_spoken:
            time.sleep(60)
        self.has_spoken = True
        return super().health()
