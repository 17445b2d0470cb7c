"""Opens a component and subscribes it to what its SPEC says that it handles."""

from __future__ import annotations

from contextlib import AsyncExitStack
from operator import attrgetter

from senter.bus.limits import DEFAULT_LIMIT, QueueLimit
from senter.component.component import Component
from senter.component.events import EventLog
from senter.component.spec import ComponentSettings, ComponentSpec
from senter.messages.message import Command, Event


async def open_component(component: Component[ComponentSettings], spec: ComponentSpec, stack: AsyncExitStack) -> None:
    """Have it acquire what it needs, then send its messages to their handlers until `stack` ends.

    A component that handles durable events keeps its `EventLog` as `events`.
    """
    await component.open(stack)
    for message, path in spec.handlers.items():
        handler = attrgetter(path)(component)
        if issubclass(message, Event):
            _events(component).on(message, handler)
        elif issubclass(message, Command):
            limit = QueueLimit(messages=spec.max_waiting.get(message, DEFAULT_LIMIT.messages))
            concurrency = spec.concurrency.get(message)
            subscription = await component.bus.serve(message, handler, limit=limit, concurrency=concurrency)
            stack.push_async_callback(subscription.close)
        else:
            stack.push_async_callback((await component.bus.listen(message, handler)).close)
    if any(issubclass(message, Event) for message in spec.handlers):
        await _events(component).consume(stack)


def _events(component: Component[ComponentSettings]) -> EventLog:
    return attrgetter("events")(component)
