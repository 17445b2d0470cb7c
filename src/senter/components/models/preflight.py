"""Looks, before the start, at which model each worker will have. Quick, and never an obstacle."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

from senter.component.spec import ComponentSettings, Finding
from senter.components.models.capability import standing
from senter.components.models.exam.results import ExamResults, ModelIdentity
from senter.components.models.gguf import chosen_model, model_name, named_file, sum_by_name, why_lesser
from senter.components.models.settings import ModelSettings, PrimarySettings
from senter.errors import ModelUnavailable
from senter.messages.model import RULES, Capability
from senter.paths import Paths
from senter.terminal.planning import goals_are_planned_by

LOOK_SECONDS = 0.5
PORTS = {"http": 80, "https": 443}


async def look(settings: ComponentSettings, paths: Paths) -> list[Finding]:
    """What would answer now, or that nothing would; for background work also by what goals will be planned."""
    assert isinstance(settings, ModelSettings)
    if isinstance(settings, PrimarySettings):
        return [(await _first("model_primary", settings))[0]]
    finding, identity = await _first("model_research", settings)
    return [finding, *_planning(settings, identity, ExamResults(paths.exams))]


async def _first(worker: str, settings: ModelSettings) -> tuple[Finding, ModelIdentity]:
    """What would answer, in a sentence, and which model that is as far as the settings tell."""
    fallback = _embedded(settings)
    if settings.url:
        identity = ModelIdentity(settings.name, settings.url)
        if await _listens(settings.url):
            return Finding(well=True, text=f"{worker}: {settings.url} answers"), identity
        text, hint = f"{worker}: nothing answers at {settings.url}", f"Until then: {fallback.text}"
        return Finding(well=False, text=text, hint=hint), identity
    if settings.use_ollama and not settings.chose_embedded and await _listens(settings.ollama_url):
        text = f"{worker}: Ollama answers at {settings.ollama_url}"
        return Finding(well=True, text=text), ModelIdentity(settings.name, settings.ollama_url)
    file = named_file(settings) if settings.embedded and fallback.well else None
    identity = ModelIdentity(model_name(file), str(file), sha256=sum_by_name(file)) if file else ModelIdentity("", "")
    return Finding(well=fallback.well, text=f"{worker}: {fallback.text}", hint=fallback.hint), identity


def _planning(settings: ModelSettings, identity: ModelIdentity, results: ExamResults) -> list[Finding]:
    """By what goals will be planned, as far as is known before any server is asked."""
    if not identity.model and identity.address:
        return [Finding(well=True, text=f"Goals are planned by what {identity.address} has. See: senter status")]
    level = (
        standing(settings.capability, identity, results.last(identity)).level if identity.model else Capability.BASIC
    )
    planner = identity.model if level.reaches(Capability.CAPABLE) else RULES
    return [Finding(well=True, text=goals_are_planned_by(planner))]


def _embedded(settings: ModelSettings) -> Finding:
    if not settings.embedded:
        return Finding(well=False, text="no model", hint="Set a url, start Ollama, or allow the embedded model.")
    try:
        file = chosen_model(settings)
    except ModelUnavailable as error:
        return Finding(well=False, text=error.message, hint=error.hint)
    lesser = why_lesser(settings, file)
    return Finding(well=not lesser, text=f"the embedded model {model_name(file)}", hint=lesser)


async def _listens(url: str) -> bool:
    """Whether something takes connections there; nothing is sent."""
    parts = urlsplit(url)
    try:
        async with asyncio.timeout(LOOK_SECONDS):
            if parts.scheme == "unix":
                _, writer = await asyncio.open_unix_connection(parts.path)
            else:
                _, writer = await asyncio.open_connection(parts.hostname, parts.port or PORTS.get(parts.scheme, 80))
    except (OSError, TimeoutError):
        return False
    writer.close()
    with suppress(OSError):
        await writer.wait_closed()
    return True
