"""Looks, before the start, at which model each worker will have. Quick, and never an obstacle."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from urllib.parse import urlsplit

from senter.component.spec import ComponentSettings, Finding
from senter.components.models.gguf import chosen_model, model_name, why_lesser
from senter.components.models.settings import ModelSettings, PrimarySettings
from senter.errors import ModelUnavailable

LOOK_SECONDS = 0.5
PORTS = {"http": 80, "https": 443}


async def look(settings: ComponentSettings) -> list[Finding]:
    """One finding: what would answer now, or that nothing would."""
    assert isinstance(settings, ModelSettings)
    worker = "model_primary" if isinstance(settings, PrimarySettings) else "model_research"
    fallback = _embedded(settings)
    if settings.url:
        if await _listens(settings.url):
            return [Finding(well=True, text=f"{worker}: {settings.url} answers")]
        return [
            Finding(
                well=False, text=f"{worker}: nothing answers at {settings.url}", hint=f"Until then: {fallback.text}"
            )
        ]
    if settings.use_ollama and await _listens(settings.ollama_url):
        return [Finding(well=True, text=f"{worker}: Ollama answers at {settings.ollama_url}")]
    return [Finding(well=fallback.well, text=f"{worker}: {fallback.text}", hint=fallback.hint)]


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
