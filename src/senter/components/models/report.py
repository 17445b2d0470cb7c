"""What a model worker says of itself: its health, and its status for `senter models`."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import psutil

from senter.components.models.chain import Chain
from senter.components.models.embedded import EmbeddedModel
from senter.components.models.exam.examiner import Examiner
from senter.components.models.provider_link import ProviderLink
from senter.components.models.queue import Queue
from senter.components.models.wire import ChatAnswer
from senter.messages.health import Health, HealthStatus
from senter.messages.message import ComponentName
from senter.messages.model import EmbeddedModelStatus, EndpointStatus, ModelStatus

MIB = 1024 * 1024
KEPT_LATENCIES = 200


class Statistics:
    """Counts of one worker since it started, and how long its last answers took."""

    def __init__(self) -> None:
        self.requests = 0
        self.errors = 0
        self.prompt_tokens = 0
        self.completion_tokens = 0
        self._latencies_seconds: deque[float] = deque(maxlen=KEPT_LATENCIES)

    def answered(self, completion: ChatAnswer, latency_seconds: float) -> None:
        self.requests += 1
        self.prompt_tokens += completion.prompt_tokens
        self.completion_tokens += completion.completion_tokens
        self._latencies_seconds.append(latency_seconds)

    def failed(self) -> None:
        self.requests += 1
        self.errors += 1

    def latency_seconds(self, percent: int) -> float | None:
        """A percentile of the last 200 answers; none before the first."""
        return percentile(sorted(self._latencies_seconds), percent)


def percentile(ordered: Sequence[float], percent: int) -> float | None:
    """The smallest value that at least `percent` of the values do not exceed."""
    if not ordered:
        return None
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def health_of(chain: Chain, queue: Queue) -> Health:
    """Degraded when something configured or in use fails, unhealthy when nothing is left to answer."""
    problems = [chain.problem(link) for link in chain.links if link.matters and chain.problem(link)]
    ready = chain.ready_link is not None
    if not ready and not any(link.matters for link in chain.links):
        problems.append("No model answers: no endpoint is set, Ollama is not there, and the embedded model is off.")
    status = HealthStatus.HEALTHY
    if problems:
        status = HealthStatus.DEGRADED if ready else HealthStatus.UNHEALTHY
    return Health(
        status=status,
        detail=" ".join(problems),
        facts={
            "model": chain.model,
            "model_loaded": ready,
            "breaker": chain.links[0].breaker.state if chain.links else "closed",
            "active": queue.active,
            "waiting": queue.waiting,
        },
    )


def status_of(
    worker: ComponentName,
    chain: Chain,
    queue: Queue,
    statistics: Statistics,
    examiner: Examiner,
    model: EmbeddedModel | None,
    lesser: str,
) -> ModelStatus:
    return ModelStatus(
        worker=worker,
        model=chain.model,
        model_loaded=chain.ready_link is not None,
        planner=chain.planner,
        endpoints=[_endpoint(chain, link, examiner) for link in chain.links],
        requests=statistics.requests,
        errors=statistics.errors,
        prompt_tokens=statistics.prompt_tokens,
        completion_tokens=statistics.completion_tokens,
        latency_p50_seconds=statistics.latency_seconds(50),
        latency_p95_seconds=statistics.latency_seconds(95),
        active=queue.active,
        waiting=queue.waiting,
        lesser=lesser,
        embedded=_embedded(model),
    )


def _embedded(model: EmbeddedModel | None) -> EmbeddedModelStatus | None:
    speed = model.speed if model else None
    if model is None or speed is None:
        return None
    return EmbeddedModelStatus(
        model=model.name,
        loaded=model.loaded,
        measured=speed.measured,
        read_tokens_per_second=round(speed.read, 1),
        write_tokens_per_second=round(speed.write, 1),
        reading_threads=speed.reading_threads,
        writing_threads=speed.writing_threads,
        batch_tokens=speed.batch_tokens,
        spares_memory=model.spares_memory,
        memory_mib=psutil.Process().memory_info().rss // MIB,
    )


def _endpoint(chain: Chain, link: ProviderLink, examiner: Examiner) -> EndpointStatus:
    standing = link.standing
    return EndpointStatus(
        kind=link.kind,
        url=link.url,
        model=link.model,
        breaker=link.breaker.state,
        capability=standing.level,
        known_by=standing.known_by,
        examined_at=link.record.at if link.record else None,
        exam_running=examiner.is_running(link),
        exam=examiner.said(link),
        last_error=chain.problem(link),
        **standing.features.model_dump(),
    )
