"""The class every component derives from."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Generic, TypeVar

import structlog

from senter.bus.bus import Bus
from senter.clock import Clock
from senter.component.spec import ComponentSettings
from senter.messages.health import Health
from senter.messages.message import ComponentName
from senter.paths import Paths

SettingsT = TypeVar("SettingsT", bound=ComponentSettings)


@dataclass(frozen=True, slots=True)
class Context(Generic[SettingsT]):
    """All a component gets from outside. There are no globals."""

    name: ComponentName
    settings: SettingsT
    bus: Bus
    paths: Paths
    clock: Clock
    log: structlog.stdlib.BoundLogger


class Component(Generic[SettingsT]):
    """Acquire in `open`, serve in `run`, say how you are in `health`.

    What `open` enters on the stack is released in reverse order however the component ends. Raise
    `NotReady` to be tried again later, `SettingsError` to stay down until the settings change; any
    other error ends the process, and the supervisor starts it again.
    """

    def __init__(self, context: Context[SettingsT]) -> None:
        self.context = context
        self.settings = context.settings
        self.bus = context.bus
        self.paths = context.paths
        self.clock = context.clock
        self.log = context.log

    async def open(self, stack: AsyncExitStack) -> None:
        """Acquire what is needed and subscribe. When it returns, the component is ready."""

    async def run(self) -> None:
        """Serve until cancelled. The default is for components that only answer messages."""
        await asyncio.Event().wait()

    async def finish(self, grace_seconds: float) -> None:
        """Let what is in flight end, for at most `grace_seconds`; called before `run` is cancelled."""

    def health(self) -> Health:
        """How the component is. Cheap, synchronous, no I/O: it rides on the heartbeat."""
        return Health()
