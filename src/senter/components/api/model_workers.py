"""What each model worker says of itself."""

from __future__ import annotations

import asyncio
from typing import Final

from senter.bus.bus import Bus
from senter.errors import SenterError
from senter.messages.control import DaemonStatus
from senter.messages.message import ComponentName
from senter.messages.model import GetModelStatus, Models, ModelStatus

PREFIX: Final = "model_"


async def ask_workers(bus: Bus, status: DaemonStatus, timeout_seconds: float) -> Models:
    """Ask all at once, and say why some do not answer; a slow one costs no more than the timeout."""
    answered: list[ModelStatus] = []
    missing: dict[str, str] = {}

    async def ask(name: ComponentName) -> None:
        try:
            answered.append(await bus.request(GetModelStatus(), timeout_seconds=timeout_seconds, to=name))
        except SenterError as error:
            missing[name] = error.message

    await asyncio.gather(*(ask(name) for name in sorted(status.components) if name.startswith(PREFIX)))
    return Models(models=tuple(sorted(answered, key=lambda model: model.worker)), missing=missing)
