"""Builds the provider chain that the settings describe."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from senter.component.component import Context
from senter.components.models.breaker import Breaker
from senter.components.models.chain import Chain
from senter.components.models.embedded import TITLE, EmbeddedModel
from senter.components.models.endpoint import Endpoint, Timeouts
from senter.components.models.links import ConfiguredLink, EmbeddedLink, OllamaLink, ProviderLink
from senter.components.models.retries import BACKGROUND, PERSON_WAITS
from senter.components.models.settings import ModelSettings


def chain_for(context: Context[ModelSettings]) -> Chain:
    policy = PERSON_WAITS if context.settings.person_waits else BACKGROUND
    return Chain(list(_links(context)), policy, context.clock, context.log)


def _links(context: Context[ModelSettings]) -> Iterator[ProviderLink]:
    settings = context.settings
    timeouts = Timeouts(
        connect=settings.connect_timeout_seconds,
        silence=settings.first_token_timeout_seconds,
        answer=settings.answer_timeout_seconds,
    )
    if settings.url:
        title = f"The model at {_address(settings.url)}"
        key = settings.api_key.get_secret_value()
        endpoint = Endpoint(settings.url, title=title, timeouts=timeouts, api_key=key)
        yield ConfiguredLink(settings, endpoint, _breaker(context, title))
    chosen = bool(settings.embedded_model and not settings.name)  # goes before an Ollama that happens to run
    if settings.embedded and chosen:
        yield _embedded(context, timeouts)
    if settings.use_ollama:
        title = f"Ollama at {_address(settings.ollama_url)}"
        endpoint = Endpoint(settings.ollama_url, title=title, timeouts=timeouts)
        yield OllamaLink(settings, endpoint, _breaker(context, title), context.clock)
    if settings.embedded and not chosen:
        yield _embedded(context, timeouts)


def _embedded(context: Context[ModelSettings], timeouts: Timeouts) -> EmbeddedLink:
    socket = context.paths.sockets / f"{context.name}.sock"
    model = EmbeddedModel(context.settings, timeouts, socket, context.log)
    return EmbeddedLink(context.settings, model, _breaker(context, TITLE))


def _breaker(context: Context[ModelSettings], title: str) -> Breaker:
    settings = context.settings
    return Breaker(title, context.clock, failures=settings.breaker_failures, wait_seconds=settings.breaker_wait_seconds)


def _address(url: str) -> str:
    """The part of an address that people know it by."""
    return urlsplit(url).netloc or url
