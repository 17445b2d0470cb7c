"""A worker's model at the endpoint that its settings name."""

from __future__ import annotations

from senter.components.models.breaker import Breaker
from senter.components.models.deltas import DeltaSender
from senter.components.models.endpoint import Endpoint
from senter.components.models.listed import choose, told_of
from senter.components.models.provider_link import LinkKind, Prepared, ProviderLink
from senter.components.models.settings import ModelSettings, is_local
from senter.components.models.wire import ListedModel
from senter.errors import ModelRefused, ModelUnavailable

LIST_TIMEOUT_SECONDS = 5.0


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
        self._told = told_of(listed)
        self._must_look = listed is None

    def failed(self) -> None:
        self._must_look = not self._settings.name
        self._told, self._asked = None, False

    async def close(self) -> None:
        await self._endpoint.close()
