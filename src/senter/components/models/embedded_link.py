"""A worker's embedded model as a link of its chain."""

from __future__ import annotations

from dataclasses import replace

from senter.components.models.breaker import Breaker
from senter.components.models.capability import ModelStanding
from senter.components.models.deltas import DeltaSender
from senter.components.models.embedded import EmbeddedModel
from senter.components.models.embedded_endpoint import TITLE
from senter.components.models.exam.results import ModelIdentity
from senter.components.models.gguf import stamp_of, sum_by_name
from senter.components.models.provider_link import LinkKind, Prepared, ProviderLink
from senter.components.models.quirks import TOOLS, Quirks
from senter.components.models.settings import ModelSettings
from senter.components.models.wire import ListedModel


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
