"""Builds the provider chain that the settings describe."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from senter.component.component import Context
from senter.components.models.breaker import Breaker
from senter.components.models.chain import Chain
from senter.components.models.configured_link import ConfiguredLink
from senter.components.models.embedded import EmbeddedModel
from senter.components.models.embedded_endpoint import TITLE
from senter.components.models.embedded_link import EmbeddedLink
from senter.components.models.endpoint import Endpoint, Timeouts
from senter.components.models.ollama_link import OllamaLink
from senter.components.models.provider_link import ProviderLink
from senter.components.models.retries import BACKGROUND, PERSON_WAITS
from senter.components.models.settings import ModelSettings
from senter.components.models.speed import SpeedRecords


def embedded_model(context: Context[ModelSettings]) -> EmbeddedModel | None:
    """The model that the worker brings along; none where the settings leave it out."""
    if not context.settings.embedded:
        return None
    socket, records = context.paths.sockets / f"{context.name}.sock", SpeedRecords(context.paths.model_speed)
    return EmbeddedModel(context.settings, socket, records, context.log)


def chain_for(context: Context[ModelSettings], model: EmbeddedModel | None) -> Chain:
    policy = PERSON_WAITS if context.settings.person_waits else BACKGROUND
    return Chain(list(_links(context, model)), policy, context.clock, context.log)


def _links(context: Context[ModelSettings], model: EmbeddedModel | None) -> Iterator[ProviderLink]:
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
    if model and settings.chose_embedded:
        yield EmbeddedLink(settings, model, _breaker(context, TITLE))
    if settings.use_ollama:
        title = f"Ollama at {_address(settings.ollama_url)}"
        endpoint = Endpoint(settings.ollama_url, title=title, timeouts=timeouts)
        yield OllamaLink(settings, endpoint, _breaker(context, title), context.clock)
    if model and not settings.chose_embedded:
        yield EmbeddedLink(settings, model, _breaker(context, TITLE))


def _breaker(context: Context[ModelSettings], title: str) -> Breaker:
    settings = context.settings
    return Breaker(title, context.clock, failures=settings.breaker_failures, wait_seconds=settings.breaker_wait_seconds)


def _address(url: str) -> str:
    """The part of an address that people know it by."""
    return urlsplit(url).netloc or url
