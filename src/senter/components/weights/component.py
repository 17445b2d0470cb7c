"""The model files component: the catalogue, the cache, and what is being fetched into it."""

from __future__ import annotations

from contextlib import AsyncExitStack

from senter.component.component import Component
from senter.component.threads import in_thread
from senter.components.weights.choice import AUTO, choose
from senter.components.weights.fetching import Fetching
from senter.components.weights.settings import WeightsSettings
from senter.components.weights.using import EmbeddedChoice
from senter.messages.health import Health
from senter.messages.message import Done
from senter.messages.weights import (
    BrainOutlook,
    FetchWeights,
    ListWeights,
    RemoveWeights,
    UseWeights,
    WantBrain,
    WeightsArrived,
    WeightsChosen,
    WeightsReply,
    WeightsStatus,
)
from senter.weights.cache import WeightsCache, folder_of
from senter.weights.catalogue import BRAIN, Weights, catalogue, find_weights
from senter.weights.room import what_lacks


class WeightsKeeper(Component[WeightsSettings]):
    """Owns what is fetched into the cache; every home of the user reads it."""

    async def open(self, stack: AsyncExitStack) -> None:
        self._cache = WeightsCache(folder_of(self.settings.folder))
        self._fetching = Fetching(self._cache, self._arrived, self.clock, self.log)
        self._choice = EmbeddedChoice(self.paths.settings, self.bus)
        self._left_out = ""
        await in_thread(self._go_on)

    def _go_on(self) -> None:
        """What was asked for by name goes on until it is removed, what was begun by itself where that may still be."""
        for weights in filter(self._cache.is_asked_for, catalogue().values()):
            self._fetching.want(weights)
        brain = find_weights(BRAIN)
        if self._cache.is_begun(brain) and not self._fetching.of(BRAIN) and not self._why_not():
            self._fetching.want(brain)

    def health(self) -> Health:
        return Health(note=self._fetching.note)

    async def run(self) -> None:
        await self._fetching.run()

    async def list(self, _: ListWeights) -> WeightsReply:
        return await in_thread(self._reply)

    async def fetch(self, command: FetchWeights) -> WeightsReply:
        weights = find_weights(command.name)
        if not await in_thread(lambda: self._cache.holds(weights)):
            self._fetch_by_name(weights, command.file or "")
        return await in_thread(self._reply)

    async def use(self, command: UseWeights) -> WeightsChosen:
        choice = await in_thread(lambda: choose(command.model))
        await self._choice.check(choice)
        weights, model = choice.weights, choice.setting or AUTO
        if weights and not await in_thread(lambda: self._cache.holds(weights)):
            self._fetch_by_name(weights)
            return WeightsChosen(model=model, before=await self._choice.before(), fetching=True)
        return WeightsChosen(model=model, before=await self._choice.set(choice), fetching=False)

    async def remove(self, command: RemoveWeights) -> Done:
        weights = find_weights(command.name)
        await self._fetching.forget(weights.name)
        await in_thread(lambda: self._cache.remove(weights))
        return Done()

    def _fetch_by_name(self, weights: Weights, file: str = "") -> None:
        """Somebody wants it by name, and not only this time: the next start goes on with it."""
        if not file:
            self._cache.ask_for(weights)
        self._fetching.want(weights, file)

    async def want_brain(self, _: WantBrain) -> BrainOutlook:
        weights = find_weights(BRAIN)
        if await in_thread(lambda: self._cache.holds(weights)):
            return BrainOutlook(state="here", done_bytes=weights.size_bytes, size_bytes=weights.size_bytes)
        wanted = self._fetching.of(BRAIN)
        if wanted is None:
            self._left_out = await in_thread(self._why_not)
            if self._left_out:
                return BrainOutlook(state="absent", size_bytes=weights.size_bytes, why_not=self._left_out)
            wanted = self._fetching.want(weights)
        return BrainOutlook(
            state="coming", done_bytes=wanted.done_bytes, size_bytes=weights.size_bytes, why_not=wanted.problem
        )

    def _why_not(self) -> str:
        if self.settings.fetch == "never":
            return "the setting models.fetch is never"
        lack = what_lacks(self._cache.folder)
        return lack.reason if lack else ""

    async def _arrived(self, weights: Weights) -> None:
        self.log.info("weights_arrived", model=weights.name)
        await self.bus.send(WeightsArrived(name=weights.name))

    def _reply(self) -> WeightsReply:
        rows = tuple(self._row(weights) for weights in catalogue().values())
        return WeightsReply(models=rows, folder=str(self._cache.folder), left_out=self._left_out)

    def _row(self, weights: Weights) -> WeightsStatus:
        wanted = self._fetching.of(weights.name)
        here = self._cache.holds(weights)
        state = "here" if here else wanted.state if wanted else "absent"
        return WeightsStatus(
            name=weights.name,
            title=weights.title,
            good_for=weights.good_for,
            size_bytes=weights.size_bytes,
            memory_mib=weights.memory_mib,
            licence=weights.licence,
            checked=weights.checked,
            state=state,
            done_bytes=wanted.done_bytes if wanted else weights.size_bytes if here else 0,
            place=wanted.place if wanted else "",
            problem=wanted.problem if wanted else "",
        )
