"""What happens, as it happens, for everyone who watches /api/events."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Final

from pydantic_core import to_json

from senter.bus.bus import Bus
from senter.components.api.channel import EventQueue, StreamEvent
from senter.components.api.recent_events import RecentEvents
from senter.components.api.settings import ApiSettings
from senter.components.api.spec import SPEC
from senter.errors import Busy
from senter.messages.envelope import current
from senter.messages.health import ComponentDied
from senter.messages.message import Message

# Who caused and made a message matters to programs that watch; nothing in an event is a secret of the bus.
LEFT_OUT: Final = frozenset({"caused_by"})

# Whether a message is for a client.
Interest = Callable[[Message], bool]


class LiveEvents:
    """Hands each event to every watching client's own bounded channel."""

    def __init__(self, bus: Bus, settings: ApiSettings) -> None:
        self._bus = bus
        self._settings = settings
        self._channels: dict[EventQueue, Interest] = {}
        self._recent = RecentEvents(settings.event_queue_length)
        self._dropped_before = 0

    def __len__(self) -> int:
        return len(self._channels)

    @property
    def dropped(self) -> int:
        """Events that slow clients missed, those that left included."""
        return self._dropped_before + sum(channel.dropped_in_all for channel in self._channels)

    async def open(self, stack: AsyncExitStack) -> None:
        """Watch what the SPEC says is observed, and deaths."""
        for event in SPEC.observes:
            stack.push_async_callback((await self._bus.observe(event, self._happened)).close)
        stack.push_async_callback((await self._bus.listen(ComponentDied, self._happened)).close)

    def watch(self, interest: Interest = lambda _: True) -> EventQueue:
        """A new client's channel, for what it is interested in. Raises `Busy` when too many are watching."""
        if len(self._channels) >= self._settings.max_event_clients:
            raise Busy(f"{len(self._channels)} clients already watch the events.", "Close one of them.")
        channel = EventQueue(self._settings.event_queue_length)
        self._channels[channel] = interest
        return channel

    def after(self, event_id: str) -> list[StreamEvent]:
        """What a client missed since the event with that id, as far as it is kept."""
        return self._recent.after(event_id)

    def forget(self, channel: EventQueue) -> None:
        if channel in self._channels:
            del self._channels[channel]
            self._dropped_before += channel.dropped_in_all

    def end(self) -> None:
        """Let every client's stream end."""
        for channel in self._channels:
            channel.end()

    async def _happened(self, message: Message) -> None:
        envelope = current()
        shown = {name: value for name, value in envelope.around(message).items() if name not in LEFT_OUT}
        event = StreamEvent(message.wire_name, to_json(shown, inf_nan_mode="null").decode(), envelope.id)
        self._recent.add(event)
        for channel, interested in self._channels.items():
            if interested(message):
                channel.put(event)
