"""A worker's model from Ollama on this machine, while that answers."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from senter.clock import Clock
from senter.components.models.breaker import Breaker
from senter.components.models.deltas import DeltaSender
from senter.components.models.endpoint import Endpoint
from senter.components.models.listed import choose, told_of
from senter.components.models.provider_link import LinkKind, Prepared, ProviderLink
from senter.components.models.settings import ModelSettings
from senter.components.models.wire import ListedModel
from senter.errors import ModelRefused, ModelUnavailable

PREFERRED_ON_OLLAMA = "llama3.2"
PROBE_TIMEOUT_SECONDS = 0.5
PROBE_AGAIN_SECONDS = 30.0


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
            self._told = told_of(self._chosen(), created=True)
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
