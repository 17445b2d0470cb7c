"""What a model worker says of itself that has answered nothing yet."""

from __future__ import annotations

from collections.abc import Sequence

from senter.component.models import PRIMARY
from senter.messages.model import EndpointStatus, ModelStatus


def worker_status(
    endpoints: Sequence[EndpointStatus], worker: str = PRIMARY, model: str = "", *, loaded: bool = False
) -> ModelStatus:
    return ModelStatus(
        worker=worker,
        model=model,
        model_loaded=loaded,
        endpoints=list(endpoints),
        requests=0,
        errors=0,
        prompt_tokens=0,
        completion_tokens=0,
        latency_p50_seconds=None,
        latency_p95_seconds=None,
        active=0,
        waiting=0,
        lesser="",
    )
