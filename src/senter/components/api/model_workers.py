"""Which model workers there are, and what each says of itself."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from senter.bus.bus import Bus
from senter.errors import SenterError
from senter.messages.control import DaemonStatus, GetDaemonStatus
from senter.messages.message import ComponentName
from senter.messages.model import GetModelStatus, ModelStatus

PREFIX: Final = "model_"


@dataclass(frozen=True, slots=True)
class Workers:
    """Those that answered, and why the others did not."""

    answered: list[ModelStatus] = field(default_factory=list[ModelStatus])
    missing: dict[str, str] = field(default_factory=dict[str, str])


async def daemon_status(bus: Bus, timeout_seconds: float) -> DaemonStatus:
    return await bus.request(GetDaemonStatus(), timeout_seconds=timeout_seconds)


def workers_in(status: DaemonStatus) -> list[ComponentName]:
    return sorted(name for name in status.components if name.startswith(PREFIX))


async def ask_workers(bus: Bus, names: Sequence[ComponentName], timeout_seconds: float) -> Workers:
    """Ask all at once; a slow one costs no more than the timeout."""
    found = Workers()
    await asyncio.gather(*(_ask_one(bus, name, timeout_seconds, found) for name in names))
    return found


async def _ask_one(bus: Bus, name: ComponentName, timeout_seconds: float, found: Workers) -> None:
    try:
        found.answered.append(await bus.request(GetModelStatus(), timeout_seconds=timeout_seconds, to=name))
    except SenterError as error:
        found.missing[name] = error.message
