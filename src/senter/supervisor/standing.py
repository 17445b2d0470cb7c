"""The state a unit is in, why, and who waits for it to change."""

from __future__ import annotations

import asyncio

from senter.messages.control import State

DOWN = frozenset({State.STOPPED, State.STOPPED_BY_REPEATED_FAILURE, State.STOPPED_BY_SETTINGS_ERROR, State.DISABLED})


class Standing:
    """Changes at once, so that nobody who looks after a request sees the state from before it."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.reason = ""
        self._waiting: dict[asyncio.Future[State], frozenset[State]] = {}

    @property
    def is_down(self) -> bool:
        return self.state in DOWN

    def set(self, state: State, reason: str = "") -> None:
        """Whoever waits for this state is told, however short it lasts."""
        self.state, self.reason = state, reason
        for waiting, states in self._waiting.items():
            if state in states and not waiting.done():
                waiting.set_result(state)

    async def reach(self, *states: State) -> State:
        """Wait until it is in one of `states`, or was for a moment; returns which."""
        if self.state in states:
            return self.state
        waiting: asyncio.Future[State] = asyncio.get_running_loop().create_future()
        self._waiting[waiting] = frozenset(states)
        try:
            return await waiting
        finally:
            del self._waiting[waiting]
