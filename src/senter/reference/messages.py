"""docs/reference/messages.md: every message, who sends it to whom, and what the broker lets each component do."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache

from pydantic import BaseModel

import senter.messages
from senter.bus.permissions import permissions
from senter.component.runner import manifest_of
from senter.component.spec import ComponentSpec
from senter.components.specs import SPECS
from senter.messages.envelope import Envelope
from senter.messages.health import ComponentDied, Heartbeat
from senter.messages.message import Broadcast, Command, ComponentName, Event, Message, Reply, Volatile
from senter.reference.markdown import code, codes, meaning, page, table
from senter.settings.expectation import expected
from senter.text import one_line

_INTRODUCTION = """\
This page is the true data flow: it is made from what each component declares in its `SPEC`, and the broker's
permissions are made from the same declarations. What each kind of message promises is in
[architecture](../architecture.md)."""

_KINDS: tuple[tuple[str, type[Message], str], ...] = (
    ("Commands", Command, "Ask one receiver and wait for its reply, or for a typed error, before a deadline."),
    ("Events", Event, "Durable facts. Every consumer sees each one's effect exactly once, in order."),
    ("Broadcasts", Broadcast, "Go to every running component; each answers or is named as missing."),
    ("Volatiles", Volatile, "Worth sending only to whoever listens now. They may be dropped; drops are counted."),
    ("Replies", Reply, "The answers to commands and broadcasts."),
)
_SUPERVISOR = "supervisor"
_EVERYONE = "every component"


def messages_page() -> str:
    return page("Messages", _INTRODUCTION, _parts())


def _parts() -> Iterator[str]:
    yield "## The envelope of every message"
    yield "It travels in a header; replies have only a source."
    yield _fields(Envelope)
    for title, kind, promise in _KINDS:
        found = [message for message in all_messages() if issubclass(message, kind)]
        yield f"## {title}"
        yield promise
        if kind is not Reply:
            yield table(("Message", "From", "To"), [_flow(message) for message in found])
        for message in found:
            yield from _one(message)
    yield "## Shapes"
    yield "What fields of messages hold."
    for shape in (kind for kind in _models() if not issubclass(kind, Message | Envelope)):
        yield f"### {shape.__name__}"
        yield meaning(shape)
        yield _fields(shape)
    yield "## What the broker lets each component do"
    yield "Beside this: one reply to each request it receives. The supervisor may do everything."
    for spec in SPECS:
        yield from _allowed(spec)


@cache
def all_messages() -> tuple[type[Message], ...]:
    """Every message with a wire name, in the order of the files and of their names."""
    return tuple(kind for kind in _models() if issubclass(kind, Message) and "wire_name" in vars(kind))


def _models() -> list[type[BaseModel]]:
    found = pkgutil.iter_modules(senter.messages.__path__, f"{senter.messages.__name__}.")
    modules = [importlib.import_module(module.name) for module in found]
    kinds = {kind for module in modules for kind in vars(module).values() if isinstance(kind, type)}
    own = {kind for kind in kinds if issubclass(kind, BaseModel) and kind.__module__.startswith("senter.messages.")}
    own = {kind for kind in own if not kind.__name__.startswith("_")}
    return sorted(own, key=lambda kind: (kind.__module__, kind.__name__))


def _flow(message: type[Message]) -> tuple[str, str, str]:
    senders = [spec.name for spec in SPECS if message in spec.sends]
    receivers = [spec.name for spec in SPECS if message in spec.receives]
    watchers = [f"{spec.name} (watches)" for spec in SPECS if message in spec.observes]
    if issubclass(message, Broadcast):
        senders, receivers = [*senders, _SUPERVISOR], [_EVERYONE]
    elif issubclass(message, Command) and message.receiver == _SUPERVISOR:
        receivers = [_SUPERVISOR]
    elif message is Heartbeat:
        senders, receivers = [_EVERYONE], [*receivers, _SUPERVISOR]
    elif message is ComponentDied:
        senders, receivers = [_SUPERVISOR], [_EVERYONE]
    return f"[{message.__name__}](#{message.__name__.lower()})", ", ".join(senders), ", ".join([*receivers, *watchers])


def _one(message: type[Message]) -> Iterator[str]:
    yield f"### {message.__name__}"
    answered = issubclass(message, Command | Broadcast)
    reply = message.reply_type().__name__ if answered else ""  # pyright: ignore[reportUnknownMemberType] - generic
    answer = f" Answered by [{reply}](#{reply.lower()})." if reply else ""
    yield f"Wire name {code(message.wire_name)}.{answer} {meaning(message)}".rstrip()
    if own_fields := _fields(message):
        yield own_fields


def _fields(message: type[BaseModel]) -> str:
    fields = message.model_fields.items()
    rows = [(code(name), expected(message, (name,)), one_line(field.description or "")) for name, field in fields]
    return table(("Field", "Is", "Meaning"), rows) if rows else ""


def _allowed(spec: ComponentSpec) -> Iterator[str]:
    allowed = permissions(ComponentName(spec.name), manifest_of(spec))
    yield f"### The component {spec.name}"
    yield spec.summary
    yield table(("May", "Subjects"), (("publish", codes(allowed.publish)), ("subscribe", codes(allowed.subscribe))))
