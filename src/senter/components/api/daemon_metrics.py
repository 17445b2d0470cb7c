"""The daemon's figures for /metrics: components, models, this process's connections and queues."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from senter.bus.bus import Bus
from senter.components.api.connections import ConnectionPool
from senter.components.api.in_flight import InFlight
from senter.components.api.live_events import LiveEvents
from senter.components.api.metrics import MetricsPage, Requests
from senter.components.api.model_workers import ask_workers
from senter.errors import SenterError
from senter.messages.control import DaemonStatus, GetDaemonStatus, State
from senter.messages.model import ModelWorkerStatus

SCRAPE_TIMEOUT_SECONDS: Final = 2.0


@dataclass(frozen=True, slots=True)
class DaemonMetrics:
    """Reads everything anew for each scrape."""

    bus: Bus
    requests: Requests
    in_flight: InFlight
    live_events: LiveEvents
    unix: ConnectionPool
    tcp: ConnectionPool

    async def page(self) -> str:
        """The whole page; without the supervisor, this process's own part of it."""
        page = MetricsPage()
        self.requests.write(page)
        self._write_queues(page)
        try:
            status = await self.bus.request(GetDaemonStatus(), timeout_seconds=SCRAPE_TIMEOUT_SECONDS)
        except SenterError:
            return page.text()
        write_components(page, status)
        write_models(page, (await ask_workers(self.bus, status, SCRAPE_TIMEOUT_SECONDS)).models)
        return page.text()

    def _write_queues(self, page: MetricsPage) -> None:
        page.family("senter_queries_waiting", "gauge", "Questions in flight.")
        page.sample(len(self.in_flight))
        page.family("senter_queries_turned_away_total", "counter", "Questions refused because too many waited.")
        page.sample(self.in_flight.turned_away)
        page.family("senter_connections", "gauge", "Open connections.")
        page.samples("over", (("unix", len(self.unix)), ("tcp", len(self.tcp))))
        page.family("senter_connections_dropped_total", "counter", "Connections closed to make room, or timed out.")
        page.samples("over", (("unix", self.unix.closed), ("tcp", self.tcp.closed)))
        page.family("senter_event_clients", "gauge", "Clients that watch the stream of events.")
        page.sample(len(self.live_events))
        page.family("senter_events_dropped_total", "counter", "Events slow clients missed.")
        page.sample(self.live_events.dropped)
        page.family("senter_volatile_dropped_total", "counter", "Volatile messages the API dropped, by kind.")
        page.samples("message", sorted(self.bus.counters.by_subject.items()))


def write_components(page: MetricsPage, status: DaemonStatus) -> None:
    components = sorted(status.components.items())
    page.family("senter_health_score", "gauge", "0-100: the share of enabled components that run and are healthy.")
    page.sample(status.health_score)
    page.family("senter_uptime_seconds", "gauge", "Since the daemon began to start.")
    page.sample(status.uptime_seconds)
    page.family("senter_component_state", "gauge", "1 for the state each component is in.")
    for name, component in components:
        for state in State:
            page.sample(int(component.state is state), {"component": name, "state": state.value})
    page.family("senter_component_restarts_total", "counter", "Restarts after a failure.")
    page.samples("component", ((name, component.restarts) for name, component in components))
    page.family("senter_component_memory_bytes", "gauge", "Memory of each component.")
    page.samples("component", ((name, int(component.memory_mb * 1_048_576)) for name, component in components))
    page.family("senter_component_cpu_percent", "gauge", "Share of one core, since the sample before.")
    page.samples("component", ((name, component.cpu_percent) for name, component in components))


def write_models(page: MetricsPage, models: Sequence[ModelWorkerStatus]) -> None:
    page.family("senter_model_tokens_total", "counter", "Tokens read and written.")
    for model in models:
        page.sample(model.prompt_tokens, {"worker": model.worker, "kind": "prompt"})
        page.sample(model.completion_tokens, {"worker": model.worker, "kind": "completion"})
    page.family("senter_model_requests_total", "counter", "Requests to each model worker.")
    page.samples("worker", ((model.worker, model.requests) for model in models))
    page.family("senter_model_errors_total", "counter", "Requests that failed.")
    page.samples("worker", ((model.worker, model.errors) for model in models))
    page.family("senter_model_queue_length", "gauge", "Requests that wait for a model worker.")
    page.samples("worker", ((model.worker, model.waiting) for model in models))
