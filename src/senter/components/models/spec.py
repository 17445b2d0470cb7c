"""The two kinds of model worker."""

from __future__ import annotations

from functools import partial

from senter.component.spec import CommandLine, ComponentSettings, ComponentSpec, Receivable
from senter.components.models.footprint import memory_limit_mb
from senter.components.models.settings import PrimarySettings, ResearchSettings
from senter.messages.health import ComponentDied
from senter.messages.model import CancelModelRequest, GetModelStatus, ModelDelta, ModelLoad, ModelRequest
from senter.messages.person import PersonBegins
from senter.messages.weights import WantBrain, WeightsArrived

HANDLERS: dict[Receivable, str] = {
    ModelRequest: "take",
    CancelModelRequest: "withdraw",
    GetModelStatus: "status",
    ComponentDied: "drop_requests_of",
    WeightsArrived: "take_up_file",
}
# The worker's own queue, of at most 1,064, refuses first, with a better sentence; this is the bound behind it.
MAX_WAITING: dict[Receivable, int] = {ModelRequest: 1_100}


def _count(settings: ComponentSettings) -> int:
    return settings.count if isinstance(settings, ResearchSettings) else 1


_worker = partial(
    ComponentSpec,
    entry="senter.components.models.component:ModelWorker",
    max_waiting=MAX_WAITING,
    sends=(ModelDelta, ModelLoad, WantBrain),
    preload=("httpx2", "httpcore2", "anyio._backends._asyncio"),
    preflight="senter.components.models.preflight:look",
    memory=memory_limit_mb,
    borrows={"folder": ("models.folder",), "timezone": ("user.timezone",)},
)

PRIMARY = _worker(
    name="model_primary",
    summary="Answers people: short answers, at once.",
    settings=PrimarySettings,
    section="models.primary",
    handlers={**HANDLERS, PersonBegins: "expect_question"},
    commands=(CommandLine("models", "senter.components.models.commands:models"),),
)

RESEARCH = _worker(
    name="model_research",
    summary="Answers background work: long answers, after people's.",
    settings=ResearchSettings,
    section="models.research",
    handlers={**HANDLERS, ModelLoad: "heed"},
    nice=10,
    replicas=_count,
    borrows={"folder": ("models.folder",), "embedded_model": ("models.primary.embedded_model",)},
)
