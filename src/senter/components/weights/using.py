"""Has the model workers answer by another embedded model: writes the setting, and has it taken up at once."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from senter.bus.bus import Bus
from senter.component.models import PRIMARY
from senter.component.threads import in_thread
from senter.components.weights.choice import AUTO, Choice
from senter.errors import CommunicationError, Conflict, SenterError, SettingsError
from senter.messages.control import TakeUpSettings
from senter.messages.message import ComponentName
from senter.messages.model import EndpointStatus, GetModelStatus
from senter.messages.weights import WeightsArrived
from senter.settings.document import TomlValue
from senter.settings.editing import read_value, write_value

SETTING: Final = "models.primary.embedded_model"
VARIABLE: Final = "SENTER_MODELS__PRIMARY__EMBEDDED_MODEL"
OLLAMA_MODEL: Final = "models.primary.name"
LOOK_SECONDS: Final = 5.0
TAKE_UP_SECONDS: Final = 60.0
"""Answers in flight may end first."""


class EmbeddedChoice:
    """The setting that names the embedded model of the worker that answers people, which research takes too."""

    def __init__(self, settings: Path, bus: Bus, environment: Mapping[str, str] = os.environ) -> None:
        self._settings = settings
        self._bus = bus
        self._environment = environment
        self._one_at_a_time = asyncio.Lock()

    async def check(self, choice: Choice) -> None:
        """Raises `Conflict` where something else goes before any embedded model that could be chosen."""
        if VARIABLE in self._environment:
            raise Conflict(f"{VARIABLE} is set, and goes before the settings.", "Unset it, then: senter restart")
        if choice.setting is not None and (links := await self._links()) is not None:
            _check_links(links, await in_thread(lambda: read_value(self._settings, OLLAMA_MODEL)))

    async def before(self) -> str:
        """What is set now, as a person names it. Raises `SettingsError`."""
        return str(await in_thread(lambda: read_value(self._settings, SETTING)) or AUTO)

    async def set(self, choice: Choice) -> str:
        """Write it and have it taken up; what was set before. Raises `SettingsError`, and then nothing has changed."""
        async with self._one_at_a_time:
            before = await in_thread(lambda: read_value(self._settings, SETTING))
            if (before or None) == choice.setting:
                # A file that was not there when it was to be loaded may be now.
                await self._bus.send(WeightsArrived(name=choice.setting or AUTO))
            else:
                await in_thread(lambda: write_value(self._settings, SETTING, choice.setting))
                await self._take_up(None if before is None else str(before))
            return str(before or AUTO)

    async def _take_up(self, before: str | None) -> None:
        try:
            await self._bus.request(TakeUpSettings(), timeout_seconds=TAKE_UP_SECONDS)
        except SettingsError:
            await in_thread(lambda: write_value(self._settings, SETTING, before))
            raise
        except CommunicationError:
            pass  # the supervisor looks at the file by itself

    async def _links(self) -> list[EndpointStatus] | None:
        try:
            status = await self._bus.request(GetModelStatus(), timeout_seconds=LOOK_SECONDS, to=ComponentName(PRIMARY))
        except SenterError:
            return None  # it is down; what is wrong then is said in its status
        return status.endpoints


def _check_links(links: list[EndpointStatus], ollama_model: TomlValue | None) -> None:
    kinds, take_out = [link.kind for link in links], "Take it out with: senter config edit"
    if "settings" in kinds:
        raise Conflict(f"models.primary.url is set: {links[0].url} answers before any embedded model.", take_out)
    if "embedded" not in kinds:
        raise Conflict("models.primary.embedded is false.", "Set it to true with: senter config edit")
    if "ollama" in kinds and ollama_model:
        raise Conflict(f"{OLLAMA_MODEL} is set: Ollama answers by {ollama_model} first.", take_out)
