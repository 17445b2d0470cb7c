"""The embedded models as the product drives them: a model worker in this process, asked over the bus."""

from __future__ import annotations

import argparse
import os
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from measuring.homes import scratch_home
from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.clock import SystemClock
from senter.component.models import MODEL_CLIENT_RECEIVES, MODEL_CLIENT_SENDS, ModelClient
from senter.component.spec import ComponentSpec
from senter.component.testing import run_component
from senter.components.models.gguf import installed_model
from senter.components.models.settings import ModelSettings, ResearchSettings
from senter.messages.message import ComponentName
from senter.messages.model import ModelRequest, ModelResponse
from senter.weights.catalogue import BRAIN

FLOOR = "floor"
MIDDLE = "qwen2.5-coder-0.5b"
ANSWER_SECONDS = 600
CLIENT = Manifest(receives=MODEL_CLIENT_RECEIVES, sends=MODEL_CLIENT_SENDS)
AskModel = Callable[[ModelRequest], Awaitable[ModelResponse]]
CaseT = TypeVar("CaseT")


def options(about: str | None, *models: str) -> argparse.ArgumentParser:
    """What figures about models have in common."""
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument(
        "--model",
        action="append",
        help=f"{FLOOR}, a name of the catalogue or a GGUF file; may be given again; default: {', '.join(models)}",
    )
    parser.add_argument("--first", type=int, default=1, help="the case to begin with")
    parser.add_argument("--cases", type=int, default=1_000, help="how many cases at most")
    parser.add_argument("--threads", type=int, default=2, help="processor threads")
    parser.add_argument(
        "--folder", default=os.environ.get("SENTER_MODELS__FOLDER", ""), help="the cache of model files"
    )
    parser.add_argument("--show", action="store_true", help="write each case to standard error")
    return parser


def embedded(model: str) -> str:
    """What the setting `embedded_model` takes for a model's name here."""
    floor = installed_model()
    return str(floor) if model == FLOOR and floor else model


def research_settings(model: str, chosen: argparse.Namespace) -> ResearchSettings:
    """The worker for background work with that model, trusted with what these figures are about."""
    return ResearchSettings(
        embedded_model=embedded(model),
        folder=chosen.folder,
        use_ollama=False,
        threads=chosen.threads,
        first_token_timeout_seconds=ANSWER_SECONDS,
        capability="structured",
    )


@asynccontextmanager
async def asked(spec: ComponentSpec, settings: ModelSettings) -> AsyncGenerator[AskModel]:
    """A way to ask a worker of this kind with these settings; the cache of model files is the user's."""
    broker, name = MemoryBroker(), spec.name
    with scratch_home() as home:
        async with run_component(spec, home, settings=settings, broker=broker):
            bus = broker.bus(ComponentName("bench"), CLIENT)
            async with ModelClient(bus, SystemClock()) as client:

                async def ask(request: ModelRequest) -> ModelResponse:
                    return await client.ask(request, name, timeout_seconds=ANSWER_SECONDS)

                yield ask
            await bus.close()


__all__ = [
    "ANSWER_SECONDS",
    "BRAIN",
    "FLOOR",
    "MIDDLE",
    "AskModel",
    "asked",
    "embedded",
    "options",
    "research_settings",
]
