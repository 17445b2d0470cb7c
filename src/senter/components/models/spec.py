"""The two kinds of model worker."""

from __future__ import annotations

from senter.component.spec import CommandLine, ComponentSettings, ComponentSpec, Receivable
from senter.components.models.footprint import memory_limit_mb
from senter.components.models.settings import PrimarySettings, ResearchSettings
from senter.messages.health import ComponentDied
from senter.messages.model import CancelModelRequest, GetModelStatus, ModelDelta, ModelLoad, ModelRequest

ENTRY = "senter.components.models.component:ModelWorker"
PREFLIGHT = "senter.components.models.preflight:look"
HANDLERS: dict[Receivable, str] = {
    ModelRequest: "take",
    CancelModelRequest: "withdraw",
    GetModelStatus: "status",
    ComponentDied: "drop_requests_of",
}
# The worker's own queue, of at most 1,064, refuses first, with a better sentence; this is the bound behind it.
MAX_WAITING: dict[Receivable, int] = {ModelRequest: 1_100}


def _count(settings: ComponentSettings) -> int:
    return settings.count if isinstance(settings, ResearchSettings) else 1


PRIMARY = ComponentSpec(
    name="model_primary",
    summary="Answers people: short answers, at once.",
    entry=ENTRY,
    settings=PrimarySettings,
    section="models.primary",
    handlers=HANDLERS,
    max_waiting=MAX_WAITING,
    sends=(ModelDelta, ModelLoad),
    preload=("httpx2", "httpcore2", "anyio._backends._asyncio"),
    preflight=PREFLIGHT,
    memory=memory_limit_mb,
    commands=(CommandLine("models", "senter.components.models.commands:models"),),
)

RESEARCH = ComponentSpec(
    name="model_research",
    summary="Answers background work: long answers, after people's.",
    entry=ENTRY,
    settings=ResearchSettings,
    section="models.research",
    handlers={**HANDLERS, ModelLoad: "heed"},
    max_waiting=MAX_WAITING,
    sends=(ModelDelta, ModelLoad),
    nice=10,
    replicas=_count,
    preload=("httpx2", "httpcore2", "anyio._backends._asyncio"),
    preflight=PREFLIGHT,
    memory=memory_limit_mb,
)
