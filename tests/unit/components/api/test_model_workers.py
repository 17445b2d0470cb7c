"""Which worker examines a model: the one whom that costs least."""

from __future__ import annotations

import pytest

from senter.bus.manifest import Manifest
from senter.bus.memory import MemoryBroker
from senter.components.api.model_workers import begin_exam
from senter.messages.message import ComponentName, Done
from senter.messages.model import EndpointStatus, ExamineModel, Models, ModelWorkerStatus
from tests.support.worker_status import worker_status


def worker(name: str, kind: str, *, loaded: bool) -> ModelWorkerStatus:
    endpoint = EndpointStatus(kind=kind, url="", model="tiny", breaker="closed", capability="basic")
    return worker_status([endpoint], name, "tiny", loaded=loaded)


@pytest.mark.parametrize(
    ("kind", "primary", "research", "chosen"),
    [
        ("embedded", True, False, "model_primary"),
        ("embedded", False, True, "model_research"),
        ("embedded", True, True, "model_research"),
        ("settings", True, False, "model_research"),
    ],
)
async def test_a_model_file_is_examined_where_it_is_loaded_others_in_the_background(
    kind: str, primary: bool, research: bool, chosen: str
) -> None:
    broker = MemoryBroker()
    api = broker.bus(ComponentName("api"), Manifest(sends=(ExamineModel,)))
    receiver = broker.bus(ComponentName(chosen), Manifest(receives=(ExamineModel,)))
    heard: list[str] = []

    async def examine(command: ExamineModel) -> Done:
        heard.append(command.kind)
        return Done()

    await receiver.serve(ExamineModel, examine)
    workers = (worker("model_primary", kind, loaded=primary), worker("model_research", kind, loaded=research))
    begun = await begin_exam(api, Models(models=workers, missing={}), "tiny", 5)
    assert (begun.worker, begun.kind, heard) == (chosen, kind, [kind])
    await receiver.close()
    await api.close()
