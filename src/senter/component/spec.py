"""What a component declares about itself, cheaply, before any of its code is imported."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from senter.component.route import Route
from senter.messages.job_work import JobWork
from senter.messages.message import Broadcast, Command, ComponentName, Event, Reply, Volatile
from senter.messages.schedule import JobType

Receivable = type[Command[Reply]] | type[Event] | type[Volatile]
Sendable = type[Command[Reply]] | type[Event] | type[Volatile] | type[Broadcast[Reply]]


# Names end up in subjects, permissions, paths of logs and sockets, and sections of the settings.
COMPONENT_NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")


class ComponentSettings(BaseModel):
    """Settings every component has. A component's own settings class derives from it; its secrets are `SecretStr`."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, hide_input_in_errors=True)

    enabled: bool = True
    """Whether the daemon starts it."""
    max_memory_mb: int = Field(default=1_024, ge=32)
    """Restart it when its memory passes this, in MiB (proportional set size where the system tells it)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a look before the start showed."""

    well: bool
    text: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class CommandLine:
    """A command of `senter`: its name, and where it is, as `package.module:attribute`. Imported at its use."""

    name: str
    target: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentSpec:
    """One component: its name, code, settings and every message it touches.

    Broker permissions and docs/reference/messages.md are generated from `handlers`, `listens`, `sends` and
    `observes`; a component cannot use a message it does not declare.
    """

    name: str
    summary: str
    entry: str
    """The class, as `package.module:Class`."""
    settings: type[ComponentSettings] = ComponentSettings
    section: str = ""
    """Where its settings are in the file; its name by default."""
    borrows: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Settings it takes from other sections where its own does not say: its own name, and `section.setting` each."""
    keeps: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])
    """Of these, the settings that belong together: each is not borrowed where the component has one of its own of those
    named with it. A key so never goes to another address."""
    handlers: Mapping[Receivable, str] = field(default_factory=dict[Receivable, str])
    """What takes each message in, as a path of attributes from the component: a coroutine method `(message)` for
    commands and volatiles, a method `(transaction, event)` for events."""
    concurrency: Mapping[Receivable, int] = field(default_factory=dict[Receivable, int])
    """How many of a command are answered at once; as many as come where it is not named."""
    max_waiting: Mapping[Receivable, int] = field(default_factory=dict[Receivable, int])
    """How many of a command may be in hand, 1,000 where it is not named: one more is refused."""
    listens: tuple[type[Volatile], ...] = ()
    """Volatiles that its code listens to by itself, while it needs them."""
    sends: tuple[Sendable, ...] = ()
    observes: tuple[type[Event], ...] = ()
    """Durable events it only watches live, without a place in the stream."""
    routes: tuple[Route, ...] = ()
    """Its public commands, served by the API. The first row that fits an address answers it."""
    commands: tuple[CommandLine, ...] = ()
    """Its commands; their modules import only `client`, `terminal` and the standard library."""
    needs: tuple[str, ...] = ("bus",)
    """Components that must be ready before it is started; `bus` is nats-server."""
    start: Literal["fork", "spawn"] = "fork"
    """fork: from the zygote. spawn: a fresh interpreter."""
    jobs: Mapping[JobType, type[JobWork]] = field(default_factory=dict[JobType, type[JobWork]])
    """The scheduled jobs it does, and what the payload of each may hold: others are refused when they are added."""
    nice: int = 0
    replicas: Callable[[ComponentSettings], int] | None = None
    """How many processes to run, from its settings; the second is called NAME_2. One by default."""
    memory: Callable[[ComponentSettings], int] | None = None
    """The memory a process may use, in MiB, where max_memory_mb is not set. May look at files."""
    preload: tuple[str, ...] = ()
    """Modules the zygote imports once for all forks, beside the entry's own; only such as start no threads."""
    database: str = ""
    """The database it owns, `NAME` for data/NAME.db."""
    migrations: str = ""
    """The package its migrations lie in; the entry's by default."""
    preflight: str = ""
    """A coroutine function, as `package.module:function`: takes the settings and the paths before the start,
    returns findings."""

    @property
    def receives(self) -> tuple[Receivable, ...]:
        """Every message it takes in."""
        return (*self.handlers, *self.listens)

    @property
    def package(self) -> str:
        """The package its code and migrations are in."""
        return self.migrations or self.entry.partition(":")[0].rpartition(".")[0]

    @property
    def settings_section(self) -> str:
        return self.section or self.name

    def memory_limit_mb(self, settings: ComponentSettings) -> int:
        """What one of its processes may use; what a person set wins."""
        if self.memory is None or "max_memory_mb" in settings.model_fields_set:
            return settings.max_memory_mb
        return self.memory(settings)

    def process_names(self, settings: ComponentSettings) -> tuple[ComponentName, ...]:
        """The names of its processes: NAME, NAME_2, ..."""
        count = self.replicas(settings) if self.replicas else 1
        return tuple(ComponentName(self.name if n == 1 else f"{self.name}_{n}") for n in range(1, count + 1))
