"""A link of a worker's provider chain: one place where a model may be had. Each kind has a module of its own."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from senter.components.models.breaker import Breaker
from senter.components.models.capability import ModelStanding, standing
from senter.components.models.deltas import DeltaSender
from senter.components.models.endpoint import Endpoint
from senter.components.models.exam.results import ExamRecord, ModelIdentity
from senter.components.models.quirks import NO_QUIRKS, TOOLS, Quirks
from senter.components.models.settings import ModelSettings
from senter.components.models.wire import ListedModel
from senter.messages.model import Capability


class LinkKind(StrEnum):
    SETTINGS = "settings"
    OLLAMA = "ollama"
    EMBEDDED = "embedded"


@dataclass(frozen=True, slots=True)
class Prepared:
    """An endpoint that is there, and the model to ask it for."""

    endpoint: Endpoint
    model: str


class ProviderLink(ABC):
    """One place where a model may be had. What a kind of link does not say itself holds for most of them."""

    kind: ClassVar[LinkKind]

    def __init__(self, settings: ModelSettings, breaker: Breaker, title: str, url: str) -> None:
        self.breaker = breaker
        self.title = title
        """What it is called in sentences."""
        self.url = url
        self._settings = settings
        self._told: str | None = None
        self._asked = False
        self.recall: Callable[[ModelIdentity], ExamRecord | None] = lambda _: None
        """Where the exam of a model is looked up."""
        self.record: ExamRecord | None = None
        """The exam of its model, as it was looked up last."""

    @abstractmethod
    def _chosen(self) -> ListedModel | None:
        """The model it would use, where that is known."""

    @abstractmethod
    async def prepare(self, deltas: DeltaSender) -> Prepared:
        """Find or load the model. Raises `ModelError`."""

    @abstractmethod
    async def close(self) -> None: ...

    @property
    def model(self) -> str:
        """The model it would use; empty while unknown."""
        chosen = self._chosen()
        return chosen.id if chosen else ""

    @property
    def identity(self) -> ModelIdentity:
        """Which model that is, as far as is known."""
        return ModelIdentity(self.model, self.url, self._told or "")

    @property
    def identified(self) -> bool:
        """Whether what its server tells of the model is known."""
        return self._told is not None

    @property
    def asked_who_it_is(self) -> bool:
        """Whether its server was asked for that since it last failed, with or without an answer."""
        return self._told is not None or self._asked

    @property
    def told_context(self) -> int | None:
        """The context that its server tells, in tokens."""
        chosen = self._chosen()
        return chosen.context_tokens if chosen else None

    @property
    def may_be_examined_unasked(self) -> bool:
        """Whether an exam costs nobody anything, while nothing else is to be done."""
        return self._settings.exam != "never"

    @property
    def standing(self) -> ModelStanding:
        """What its model may be trusted with, and how that is known."""
        return standing(self._settings.capability, self.identity, self.record)

    @property
    def capability(self) -> Capability:
        return self.standing.level

    @property
    def native_tools(self) -> bool | None:
        """Whether tools are passed on to the server as such, or calls are asked for by a schema; None where it was not
        found out."""
        return self.standing.features.native_tools

    def look_up(self) -> None:
        """Read anew what its exam showed."""
        self.record = self.recall(self.identity)

    async def identify(self) -> None:
        """Ask what its server tells of the model, where there is one to ask, and look its exam up."""
        self._told = ""
        self.look_up()

    @property
    def quirks(self) -> Quirks:
        """What of the chat API its server or model does not do, as far as is known before it is asked."""
        return NO_QUIRKS if self.standing.features.native_tools is not False else frozenset({TOOLS})

    @property
    def ready(self) -> bool:
        """Whether it could answer at once, as far as is known."""
        return self._chosen() is not None and self.breaker.closed

    @property
    def expected(self) -> bool:
        """Whether answering without it is less than what was configured or was in use."""
        return True

    @property
    def matters(self) -> bool:
        """Whether its failure is worth a person's attention."""
        return True

    @property
    def problem(self) -> str:
        """Why it cannot answer, or not by the model that the settings mean, where that is known; for people."""
        return ""

    async def present(self) -> bool:
        """Whether it is worth trying. Quick."""
        return True

    async def warm_up(self) -> None:  # noqa: B027  # most have nothing to do
        """Get ready before anyone asks."""

    async def take_up_file(self) -> None:  # noqa: B027
        """Go over to another model file, where one has come."""

    def failed(self) -> None:  # noqa: B027
        """Forget what was found out about it."""
