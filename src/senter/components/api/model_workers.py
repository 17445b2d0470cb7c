"""What each model worker says of itself."""

from __future__ import annotations

import asyncio
from typing import Final

from senter.bus.bus import Bus
from senter.errors import NotFound, SenterError
from senter.messages.control import DaemonStatus
from senter.messages.message import ComponentName
from senter.messages.model import (
    EndExam,
    EndpointStatus,
    ExamBegun,
    ExamineModel,
    GetModelStatus,
    Models,
    ModelStatus,
    ModelWorkerStatus,
)

PREFIX: Final = "model_"
BACKGROUND: Final = "model_research"


async def ask_workers(bus: Bus, status: DaemonStatus, timeout_seconds: float) -> Models:
    """Ask all at once, and say why some do not answer; a slow one costs no more than the timeout."""
    answered: list[ModelStatus] = []
    missing: dict[str, str] = {}

    async def ask(name: ComponentName) -> None:
        try:
            answered.append(await bus.request(GetModelStatus(), timeout_seconds=timeout_seconds, to=name))
        except SenterError as error:
            missing[name] = error.message

    await asyncio.gather(*(ask(name) for name in sorted(status.components) if name.startswith(PREFIX)))
    return Models(models=tuple(sorted(answered, key=lambda model: model.worker)), missing=missing)


async def begin_exam(bus: Bus, found: Models, model: str, timeout_seconds: float) -> ExamBegun:
    """Have it examined, by a background worker where one has it, and a model file where it is loaded.

    Raises `NotFound` that says which models there are.
    """
    places = [(worker, endpoint) for worker in found.models for endpoint in worker.endpoints if endpoint.model == model]
    if not places:
        names = sorted({endpoint.model for worker in found.models for endpoint in worker.endpoints if endpoint.model})
        raise NotFound(f"No worker has a model {model}.", f"Choose one of: {', '.join(names)}")
    worker, endpoint = min(places, key=lambda place: _cost(*place))
    to = ComponentName(worker.worker)
    await bus.request(ExamineModel(kind=endpoint.kind), timeout_seconds=timeout_seconds, to=to)
    return ExamBegun(worker=to, kind=endpoint.kind)


def _cost(worker: ModelWorkerStatus, endpoint: EndpointStatus) -> tuple[bool, bool]:
    """What an exam in that worker costs: memory for another copy, then people's time."""
    loads = endpoint.kind == "embedded" and not (worker.model_loaded and worker.model == endpoint.model)
    return loads, not worker.worker.startswith(BACKGROUND)


async def end_exams(bus: Bus, found: Models, timeout_seconds: float) -> None:
    """End the exam that goes on, where one does."""
    for worker in found.models:
        if any(endpoint.exam_running for endpoint in worker.endpoints):
            await bus.request(EndExam(), timeout_seconds=timeout_seconds, to=ComponentName(worker.worker))
