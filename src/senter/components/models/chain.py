"""The provider chain: the endpoint of the settings, then Ollama, then the embedded model.

The first link that answers wins. A link that fails is tried again as the retry policy allows; then the
next one takes over, and its answer is marked as degraded if the failed one was configured or in use.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass

import structlog

from senter.clock import Clock
from senter.components.models.deltas import DeltaSender
from senter.components.models.provider_link import LinkKind, ProviderLink
from senter.components.models.retries import RetryPolicy
from senter.components.models.wire import ChatAnswer, ChatRequest
from senter.errors import CircuitOpenError, ModelError, ModelUnavailable, NotCapable, ParameterRefused, PromptTooLong
from senter.messages.model import RULES, Capability
from senter.sentences import phrase

NO_MODEL = "No model can answer: no endpoint is set, Ollama does not answer, and the embedded model is off."
SET_ONE = (
    "For one: senter config set models.primary.embedded true. Or start Ollama, or name a server: "
    "senter config set models.primary.url ADDRESS"
)

SLOW_AFTER_SECONDS = 5.0
NOT_ITS_FAULT = (PromptTooLong, ParameterRefused)


@dataclass(frozen=True, slots=True)
class Answered:
    """A completion and where it came from."""

    completion: ChatAnswer
    link: ProviderLink
    model: str
    degraded_reason: str
    """Why a better link did not answer; empty where this is the best there is."""


class Chain:
    """The links of one worker, best first."""

    def __init__(
        self, links: Sequence[ProviderLink], policy: RetryPolicy, clock: Clock, log: structlog.stdlib.BoundLogger
    ) -> None:
        self.links = tuple(links)
        self._last_errors: dict[LinkKind, str] = {}
        self._policy = policy
        self._clock = clock
        self._log = log
        self._chance = secrets.SystemRandom().random

    @property
    def ready_link(self) -> ProviderLink | None:
        """The link that could answer at once, as far as is known."""
        return next((link for link in self.links if link.ready), None)

    @property
    def model(self) -> str:
        """The model in use, or the one that would be."""
        named = (link.model for link in self.links if link.model)
        return self.ready_link.model if self.ready_link else next(named, "")

    @property
    def planner(self) -> str:
        """The model that goals would be planned by, as far as is known; `rules` where none is capable."""
        capable = (link.model for link in self.links if link.ready and link.capability.reaches(Capability.CAPABLE))
        return next(capable, RULES)

    def problem(self, link: ProviderLink) -> str:
        """Why `link` failed last, if it has not answered since; for people."""
        return self._last_errors.get(link.kind) or link.problem

    async def warm_up(self) -> ProviderLink | None:
        """Find the first link that is there and have it get ready, so that the first request need not wait."""
        for link in self.links:
            if await link.present():
                await link.warm_up()
                return link
        return None

    async def has(self, least: Capability) -> bool:
        """Whether a link that is there has a model that may be trusted so far, as far as is known."""
        for link in self.links:
            if await link.present() and await _reaches(link, least):
                return True
        return False

    async def answer(self, call: ChatRequest, deltas: DeltaSender) -> Answered:
        """Ask the links in turn. Raises `ModelUnavailable` when none answers; `PromptTooLong` and
        `ParameterRefused` at once, for the asker to change what was asked.

        Links with a model that may be trusted with less than the call wants are passed over; raises
        `NotCapable` when none is left.
        """
        failures: list[ModelError] = []
        missed: list[str] = []
        for link in self.links:
            if not await link.present():
                if link.expected:
                    missed.append(f"{link.title} does not answer.")
                continue
            if not await _reaches(link, call.least):
                continue
            try:
                completion, model = await self._through(link, call, deltas)
            except NOT_ITS_FAULT:
                raise
            except ModelError as error:
                link.failed()
                failures.append(error)
                if link.expected:
                    missed.append(error.message)
                continue
            return Answered(completion, link, model, " ".join(missed))
        raise NotCapable(" ".join(missed)) if call.least is not Capability.BASIC else _nobody(failures)

    async def _through(self, link: ProviderLink, call: ChatRequest, deltas: DeltaSender) -> tuple[ChatAnswer, str]:
        """Ask one link, again as long as the policy allows."""
        failures, waited_seconds = 0, 0.0
        while True:
            try:
                return await self._once(link, call, deltas)
            except ModelUnavailable as error:
                failures += 1
                wait_seconds = self._wait(error, failures, waited_seconds)
                if wait_seconds is None or not link.breaker.closed:
                    raise
            async with deltas.waiting(lambda: f"{link.title} failed; trying again ..."):
                await self._clock.sleep(wait_seconds)
            waited_seconds += wait_seconds

    async def _once(self, link: ProviderLink, call: ChatRequest, deltas: DeltaSender) -> tuple[ChatAnswer, str]:
        try:
            with link.breaker.use():
                prepared = await link.prepare(deltas)
                waiting = f"Waiting for {prepared.model} to begin ..."
                async with deltas.waiting(lambda: "" if deltas.begun else waiting, SLOW_AFTER_SECONDS):
                    completion = await prepared.endpoint.complete(
                        prepared.model, call, deltas.text, quirks=link.quirks, on_void=deltas.start_over
                    )
        except NOT_ITS_FAULT:
            raise
        except ModelError as error:
            self._note(link, error)
            deltas.start_over()
            raise
        self._last_errors.pop(link.kind, None)
        return completion, prepared.model

    def _wait(self, error: ModelUnavailable, failures: int, waited_seconds: float) -> float | None:
        if not error.retryable:
            return None
        return self._policy.wait_after(
            failures, waited_seconds=waited_seconds, asked_seconds=error.retry_after_seconds, chance=self._chance()
        )

    def _note(self, link: ProviderLink, error: ModelError) -> None:
        if isinstance(error, CircuitOpenError):
            return
        self._last_errors[link.kind] = error.message
        self._log.warning("model_endpoint_failed", endpoint=link.kind, error=error.message, breaker=link.breaker.state)


async def _reaches(link: ProviderLink, least: Capability) -> bool:
    """Asks a server that was not asked yet what model it has, where that matters."""
    if least is Capability.BASIC:
        return True
    if not link.asked_who_it_is:
        await link.identify()
    return link.capability.reaches(least)


def _nobody(failures: list[ModelError]) -> ModelUnavailable:
    hint = next((failure.hint for failure in failures if failure.hint), phrase("See: senter models"))
    said = " ".join(failure.message for failure in failures)
    if not said:
        return ModelUnavailable(phrase(NO_MODEL), phrase(SET_ONE))
    return ModelUnavailable(phrase("No model could answer. {why}", why=said), hint)
