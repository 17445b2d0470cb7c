"""The two kinds of model worker."""

from __future__ import annotations

from functools import partial

from senter.component.spec import CommandLine, ComponentSettings, ComponentSpec, Receivable
from senter.components.models.footprint import memory_limit_mb
from senter.components.models.settings import PrimarySettings, ResearchSettings
from senter.messages.health import ComponentDied
from senter.messages.model import (
    CancelModelRequest,
    EndExam,
    ExamineModel,
    GetModelStatus,
    ModelDelta,
    ModelExamined,
    ModelLoad,
    ModelRequest,
)
from senter.messages.person import PersonBegins
from senter.messages.weights import WantBrain, WeightsArrived

HANDLERS: dict[Receivable, str] = {
    ModelRequest: "take",
    CancelModelRequest: "withdraw",
    GetModelStatus: "status",
    ExamineModel: "examine",
    EndExam: "end_exam",
    ModelExamined: "look_up_exams",
    ModelLoad: "heed",
    ComponentDied: "drop_requests_of",
    WeightsArrived: "take_up_file",
}
# The worker's own queue, of at most 1,064, refuses first, with a better sentence; this is the bound behind it.
MAX_WAITING: dict[Receivable, int] = {ModelRequest: 1_100}

SHARED = {"folder": ("models.folder",)}
LINK = ("url", "name", "api_key", "capability", "exam")
"""What says which model answers, and what is made of it: background work takes that of people's where it has none."""


def _count(settings: ComponentSettings) -> int:
    return settings.count if isinstance(settings, ResearchSettings) else 1


_worker = partial(
    ComponentSpec,
    entry="senter.components.models.component:ModelWorker",
    handlers=HANDLERS,
    max_waiting=MAX_WAITING,
    sends=(ModelDelta, ModelLoad, ModelExamined, WantBrain),
    preload=("httpx2", "httpcore2", "anyio._backends._asyncio"),
    preflight="senter.components.models.preflight:look",
    memory=memory_limit_mb,
    borrows=SHARED,
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
    borrows={**SHARED, **{name: (f"models.primary.{name}",) for name in (*LINK, "embedded_model")}},
    keeps={"name": ("url",), "api_key": ("url",), "capability": ("url", "name"), "exam": ("url",)},
    nice=10,
    replicas=_count,
)
