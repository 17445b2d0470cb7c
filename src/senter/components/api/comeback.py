"""Whether a component that went away comes back: the supervisor knows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from senter.bus.bus import Bus
from senter.clock import Clock
from senter.errors import CommunicationError, DeadlineExceeded, Stopping, Unavailable
from senter.messages.control import DaemonStatus, GetDaemonStatus, State
from senter.messages.message import ComponentName

FIRST_WAIT_SECONDS: Final = 0.05
LONGEST_WAIT_SECONDS: Final = 1.0
STATUS_TIMEOUT_SECONDS: Final = 2.0

# States a component does not leave by itself, and what a person can do about each.
GONE: Mapping[State, tuple[str, str]] = {
    State.DISABLED: ("is disabled in the settings", "Set {name}.enabled = true and run: senter restart {name}"),
    State.STOPPED: ("is stopped", "Start it with: senter start {name}"),
    State.STOPPED_BY_SETTINGS_ERROR: ("cannot start with its settings", "See: senter config check"),
    State.STOPPED_BY_REPEATED_FAILURE: (
        "failed too often and was given up",
        "See: senter logs {name}; try it again with: senter restart {name}",
    ),
}


class Comeback:
    """Waits for a component that the supervisor is bringing back, and says so when it is not."""

    def __init__(self, bus: Bus, clock: Clock) -> None:
        self._bus = bus
        self._clock = clock

    async def wait_for(self, name: ComponentName, deadline: float, interruptions: int) -> None:
        """Return when `name` runs, in the supervisor's eyes. Raises `Unavailable` when it will not.

        The more often it was interrupted, the longer the first wait.
        """
        wait_seconds = min(FIRST_WAIT_SECONDS * 2 ** min(interruptions, 10), LONGEST_WAIT_SECONDS)
        while True:
            left = deadline - self._clock.monotonic()
            if left <= 0:
                raise DeadlineExceeded(name, 0)
            await self._clock.sleep(min(wait_seconds, left))
            wait_seconds = min(wait_seconds * 2, LONGEST_WAIT_SECONDS)
            status = await self._status()
            if status is not None and may_be_asked(status, name):
                return

    async def is_away(self, name: ComponentName) -> bool:
        """Whether the supervisor sees that `name` does not run now."""
        status = await self._status()
        component = status.components.get(name) if status is not None else None
        return component is not None and component.state is not State.RUNNING

    async def _status(self) -> DaemonStatus | None:
        try:
            return await self._bus.request(GetDaemonStatus(), timeout_seconds=STATUS_TIMEOUT_SECONDS)
        except CommunicationError:
            return None  # the bus or the supervisor is being brought back as well


def may_be_asked(status: DaemonStatus, name: ComponentName) -> bool:
    """Whether a component runs; false while it is on its way. Raises when it is not coming."""
    if status.state in (State.STOPPING, State.STOPPED):
        raise Stopping
    component = status.components.get(name)
    if component is None:
        raise Unavailable(f"{name} is not part of this Senter.", "See: senter status")
    if component.state in GONE:
        what, hint = GONE[component.state]
        reason = f": {component.reason}" if component.reason else ""
        raise Unavailable(f"{name} {what}{reason.removesuffix('.')}.", hint.format(name=name))
    return component.state is State.RUNNING
