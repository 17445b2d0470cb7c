"""What a tool is. Third parties add theirs by the entry-point group `senter.tools`, as instances of `Tool`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar, Generic, Protocol, TypeVar

import structlog
from pydantic import BaseModel, JsonValue, TypeAdapter

from senter.bus.bus import Bus
from senter.clock import Clock
from senter.components.task_engine.contract.access import Access
from senter.components.task_engine.contract.arguments import needs_of
from senter.components.task_engine.contract.plan import Postcondition
from senter.messages.acts import Receipt
from senter.messages.goals import Source
from senter.messages.needs import Need, Owned, UseMcpServer, UseTool
from senter.messages.tools import EffectClass
from senter.paths import Paths

ArgumentsT = TypeVar("ArgumentsT", bound=BaseModel)

LARGEST_RESULT_CHARACTERS = 200_000
DOCUMENTS_SEARCH = "documents_search"
WEB_SEARCH = "web_search"
SEARCHES = (DOCUMENTS_SEARCH, WEB_SEARCH)
"""Tools whose results are where to look."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """What one call is given beside its arguments."""

    idempotency_key: str
    """The same for every attempt at this very call."""
    access: Access
    """The only way to files, hosts and programs; it enforces the goal's grant."""
    asked_at: datetime
    """When its goal was asked for: words such as `tomorrow` are counted from there, however long it waited since."""
    paths: Paths
    bus: Bus
    clock: Clock
    log: structlog.stdlib.BoundLogger
    defused: Callable[[str], str] = str
    """For a text that goes into something a person opens: without what their program would fetch, open or run. The
    user's own words stay as they are, and so do the addresses in them and those that tools found."""
    tainted: bool = False
    """Whether text from outside is in the task's context."""
    fresh: frozenset[str] = frozenset()
    """Where nothing was before the first attempt at this very call, as paths with links resolved."""


@dataclass(frozen=True, slots=True)
class InverseCall:
    """A call that takes back what another did."""

    tool: str
    params: dict[str, JsonValue]
    """Its arguments. What must still be so is among them, a digest, an etag or a version: where that differs, a person
    changed what was made, and the tool refuses."""


@dataclass(frozen=True, slots=True)
class TakingBack:
    """What takes back one thing that was done."""

    done: str
    """What was done, for people."""
    calls: tuple[InverseCall, ...]


INVERSE = TypeAdapter(tuple[InverseCall, ...])
TAKINGS_BACK = TypeAdapter(tuple[TakingBack, ...])
TO_TAKE_BACK = "to_take_back"
"""Where the parameters of a task that takes things back hold these."""


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What one call yielded."""

    text: str
    """For people and models; cut to `LARGEST_RESULT_CHARACTERS` by the engine."""
    data: dict[str, JsonValue] = field(default_factory=dict[str, JsonValue])
    """For the tasks that follow, and what `compensate` needs to know."""
    sources: tuple[Source, ...] = ()
    """Where it comes from."""
    files: tuple[str, ...] = ()
    """Files it wrote, absolute."""
    trusted: bool = False
    """Whether the text comes from this machine's own state or the user alone. Text from documents, web, mail is not."""
    receipts: tuple[Receipt, ...] = ()
    """What the call made or changed, each with its id. Of Senter's own tools only."""
    inverse: tuple[InverseCall, ...] = ()
    """What takes it back, in order; of Senter's own tools only."""


@dataclass(frozen=True, slots=True)
class ToolExample:
    """A request and how a tool is called for it."""

    request: str
    arguments: Mapping[str, JsonValue]


class Tool(ABC, Generic[ArgumentsT]):
    """One thing a task can do."""

    name: str
    description: str
    arguments: type[ArgumentsT]
    effect: EffectClass
    permission: str
    """What a grant must allow for it, in words."""
    changes: ClassVar[Owned | None] = None
    """What of the user's it changes beyond files: schedules, memory or settings. A task that has
    read text from outside waits for a person before each such call."""
    undoable: ClassVar[bool] = False
    """Whether what it changes can be taken back; where it cannot, that is said before it is done."""
    offered: ClassVar[bool] = True
    """Whether models are told of it; not of what only takes back."""
    timeout_seconds: float = 60.0
    postconditions: tuple[Postcondition, ...] = ()
    """What must be so after every call."""
    examples: ClassVar[tuple[ToolExample, ...]] = ()
    """What a person may say and the arguments for it, for models; of Senter's own tools only."""
    owner: UseMcpServer | UseTool | None = None
    """Whose it is, as a grant names it, where it is not Senter's own: what it says of itself is then text from
    outside."""

    def schema(self) -> dict[str, JsonValue]:
        """JSON schema of the arguments."""
        return self.arguments.model_json_schema()

    def needs(self, arguments: ArgumentsT, paths: Paths) -> tuple[Need, ...]:
        """What a call with these arguments must be allowed: what marked arguments name. None where nothing is marked.

        A tool of another package marks its arguments and leaves this as it is: its code runs elsewhere.
        """
        return needs_of(self.schema(), arguments)

    @property
    def final(self) -> bool:
        """Whether it changes something and that cannot be taken back."""
        return self.effect is not EffectClass.PURE and not self.undoable

    def unavailable(self) -> str:
        """Why it cannot be used now; empty when it can."""
        return ""

    @abstractmethod
    async def run(self, arguments: ArgumentsT, call: ToolCall) -> ToolResult:
        """Do it. Raises `ToolError` when it cannot be done, `PermissionNeeded` from `call.access`."""

    async def compensate(self, arguments: ArgumentsT, call: ToolCall) -> None:
        """Undo what a call that was cut off may have done. Only for compensable tools."""


class ToolLookup(Protocol):
    """The tools that can be called, by name."""

    def names(self) -> Collection[str]: ...

    def get(self, name: str) -> Tool[BaseModel]:
        """Raises `NotFound`."""
        ...
