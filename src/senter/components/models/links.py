"""The links of a worker's provider chain: where a model may be had, and which."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import chain
from typing import ClassVar

from senter.clock import Clock
from senter.components.models.breaker import Breaker
from senter.components.models.capability import ModelStanding, standing
from senter.components.models.deltas import DeltaSender
from senter.components.models.embedded import EmbeddedModel
from senter.components.models.embedded_endpoint import TITLE
from senter.components.models.endpoint import Endpoint
from senter.components.models.exam.results import ExamRecord, ModelIdentity
from senter.components.models.gguf import stamp_of, sum_by_name
from senter.components.models.quirks import NO_QUIRKS, TOOLS, Quirks
from senter.components.models.settings import ModelSettings, is_local
from senter.components.models.wire import ListedModel
from senter.errors import ModelRefused, ModelUnavailable
from senter.messages.model import Capability

PREFERRED_ON_OLLAMA = "llama3.2"
PROBE_TIMEOUT_SECONDS = 0.5
PROBE_AGAIN_SECONDS = 30.0
LIST_TIMEOUT_SECONDS = 5.0

_OF_THE_MOMENT = frozenset({"permission", "state", "status"})
"""What servers tell that changes from one list to the next."""
_EMBEDDING_MODELS = ("embed", "minilm", "bge-")


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


class ConfiguredLink(ProviderLink):
    """The endpoint that the settings name."""

    kind = LinkKind.SETTINGS

    def __init__(self, settings: ModelSettings, endpoint: Endpoint, breaker: Breaker) -> None:
        super().__init__(settings, breaker, endpoint.title, endpoint.url)
        self._endpoint = endpoint
        self._found: ListedModel | None = ListedModel(id=settings.name) if settings.name else None
        self._must_look = not settings.name

    def _chosen(self) -> ListedModel | None:
        return self._found

    @property
    def may_be_examined_unasked(self) -> bool:
        """An endpoint with a key costs money, one somewhere else may."""
        free = is_local(self.url) and not self._settings.api_key.get_secret_value()
        return self._settings.exam == "always" or (self._settings.exam == "auto" and free)

    async def warm_up(self) -> None:
        """Costs the endpoint nothing but a list."""
        await self.identify()

    async def identify(self) -> None:
        """A server that lists nothing tells nothing; one that does not answer is asked again after it failed."""
        self._asked = True
        try:
            await self._look()
        except ModelRefused:
            self._told = self._told or ""
        except ModelUnavailable:
            return
        self.look_up()

    async def prepare(self, deltas: DeltaSender) -> Prepared:
        if self._must_look:
            await self._look()
        if self._found is None:
            raise ModelRefused(f"{self.title} lists no models.", "Set name in the model's settings.")
        return Prepared(self._endpoint, self._found.id)

    async def _look(self) -> None:
        """Ask for the list. The model that the settings name is asked for by that name, whatever is listed."""
        listed = choose(await self._endpoint.models(timeout_seconds=LIST_TIMEOUT_SECONDS), self._settings.name, "")
        if name := self._settings.name:
            listed = listed.model_copy(update={"id": name}) if listed else ListedModel(id=name)
        self._found = listed
        self._told = _told(listed)
        self._must_look = listed is None

    def failed(self) -> None:
        self._must_look = not self._settings.name
        self._told, self._asked = None, False

    async def close(self) -> None:
        await self._endpoint.close()


class OllamaLink(ProviderLink):
    """Ollama on this machine, while it answers. Loading one of its models is left to the first request."""

    kind = LinkKind.OLLAMA

    def __init__(self, settings: ModelSettings, endpoint: Endpoint, breaker: Breaker, clock: Clock) -> None:
        super().__init__(settings, breaker, endpoint.title, endpoint.url)
        self._name = "" if settings.url else settings.name
        self._endpoint = endpoint
        self._clock = clock
        self._listed: list[ListedModel] | None = None
        self._probed_at: float | None = None
        self._probe: asyncio.Task[None] | None = None
        self._was_in_use = False

    def _chosen(self) -> ListedModel | None:
        return choose(self._listed or [], self._name, PREFERRED_ON_OLLAMA)

    @property
    def expected(self) -> bool:
        return self._was_in_use or bool(self._name)

    @property
    def matters(self) -> bool:
        return self.expected or self.ready

    async def present(self) -> bool:
        """Asks Ollama what it lists, at most every 30 s while it does not answer; who comes meanwhile waits, too."""
        now = self._clock.monotonic()
        if self._listed is None and (self._probed_at is None or now - self._probed_at >= PROBE_AGAIN_SECONDS):
            self._probed_at = now
            self._probe = asyncio.create_task(self._look())
        if self._probe is not None:
            await asyncio.wait({self._probe})
            self._probe.result()
        return bool(self._listed) and bool(self._name or self._chosen())

    async def _look(self) -> None:
        with suppress(ModelUnavailable, ModelRefused):
            self._listed = await self._endpoint.models(timeout_seconds=PROBE_TIMEOUT_SECONDS)
            self._told = _told(self._chosen(), created=True)
            self.look_up()

    async def identify(self) -> None:
        self._asked = True
        await self._look()

    async def prepare(self, deltas: DeltaSender) -> Prepared:
        chosen = self._chosen()
        if chosen is None:
            raise ModelRefused(
                f"Ollama does not have the model {self._name!r}.", f"Fetch it with: ollama pull {self._name}"
            )
        self._was_in_use = True
        return Prepared(self._endpoint, chosen.id)

    def failed(self) -> None:
        self._listed = None
        self._probed_at = None
        self._told, self._asked = None, False

    async def close(self) -> None:
        if self._probe is not None:
            self._probe.cancel()
            await asyncio.wait({self._probe})
        await self._endpoint.close()


class EmbeddedLink(ProviderLink):
    """The embedded model: always there, and the last resort. A load that failed is begun anew by the next request."""

    kind = LinkKind.EMBEDDED

    def __init__(self, settings: ModelSettings, model: EmbeddedModel, breaker: Breaker) -> None:
        super().__init__(settings, breaker, TITLE, "")
        self._model = model

    def _chosen(self) -> ListedModel | None:
        return ListedModel(id=self._model.name)

    @property
    def quirks(self) -> Quirks:
        """Small models were not made to call tools; a schema holds any model to it."""
        return frozenset({TOOLS})

    @property
    def identity(self) -> ModelIdentity:
        """By its file; the sum is known of the files of the catalogue and of the one that is installed."""
        file = self._model.file
        return ModelIdentity(self.model, str(file or ""), self._told or "", sum_by_name(file) if file else "")

    @property
    def told_context(self) -> int | None:
        return self._settings.context_tokens

    async def identify(self) -> None:
        self._told = stamp_of(self._model.file)
        self.look_up()

    @property
    def standing(self) -> ModelStanding:
        """Its context is the one it is given."""
        found = super().standing
        features = found.features.model_copy(update={"context_tokens": self._settings.context_tokens})
        return replace(found, features=features)

    @property
    def ready(self) -> bool:
        return self._model.loaded

    @property
    def expected(self) -> bool:
        return bool(self._settings.embedded_model)

    @property
    def problem(self) -> str:
        return self._model.failure or self._model.lesser

    async def warm_up(self) -> None:
        await self.identify()
        if self._settings.load_at_start:
            self._model.begin_loading()

    async def take_up_file(self) -> None:
        await self._model.take_up_file()
        await self.identify()

    async def prepare(self, deltas: DeltaSender) -> Prepared:
        if self._model.loaded:
            return Prepared(await self._model.endpoint(), self.model)
        async with deltas.waiting(lambda: "Loading the model ..."):
            return Prepared(await self._model.endpoint(), self.model)

    async def close(self) -> None:
        await self._model.close()


def _told(listed: ListedModel | None, *, created: bool = False) -> str:
    """What tells one model from another behind the same name. Ollama's `created` says when a model was fetched; others
    put the time of the question there."""
    if listed is None:
        return ""
    owner = (listed.model_extra or {}).get("owned_by")
    return listed.told(_OF_THE_MOMENT if created or owner == "library" else {*_OF_THE_MOMENT, "created"})


def choose(listed: list[ListedModel], name: str, preferred: str) -> ListedModel | None:
    """The model called `name`; without a name `preferred`, else the first that is made to talk."""
    wanted = name or preferred
    named = (model for model in listed if wanted and (model.id == wanted or model.id.startswith(f"{wanted}:")))
    talkers = (model for model in listed if not any(sign in model.id.lower() for sign in _EMBEDDING_MODELS))
    return next(named if name else chain(named, talkers), None)
