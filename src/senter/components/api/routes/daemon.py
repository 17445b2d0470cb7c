"""/api/models, /api/exams, /api/events, /healthz and /metrics: how Senter is."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from senter.bus.bus import Bus
from senter.components.api.channel import EventStream, add_stream_route
from senter.components.api.daemon_metrics import DaemonMetrics
from senter.components.api.live_events import LiveEvents
from senter.components.api.model_workers import ask_workers, begin_exam, end_exams
from senter.components.api.requests import LastEventId
from senter.components.api.route_group import route_group
from senter.components.api.settings import ApiSettings
from senter.messages.control import GetDaemonStatus
from senter.messages.model import ExamBegun, ExamWanted, Models

PROMETHEUS_TEXT = "text/plain; version=0.0.4; charset=utf-8"
MODEL_TIMEOUT_SECONDS = 5.0


class Healthz(BaseModel):
    status: Literal["ok"] = Field(description="ok while requests are taken.")


class DaemonRoutes:
    def __init__(self, bus: Bus, settings: ApiSettings, live_events: LiveEvents, metrics: DaemonMetrics) -> None:
        self._bus = bus
        self._settings = settings
        self._live_events = live_events
        self._metrics = metrics

    def router(self) -> APIRouter:
        router = route_group("daemon")
        router.add_api_route("/api/models", self.models, summary="The model workers, their endpoints and figures")
        router.add_api_route(
            "/api/exams",
            self.begin_exam,
            methods=["POST"],
            status_code=202,
            summary="Examine a model: what it may be trusted with, and what its endpoint has",
        )
        router.add_api_route(
            "/api/exams", self.end_exam, methods=["DELETE"], status_code=204, summary="End the exam that goes on"
        )
        add_stream_route(router, "/api/events", self.events, "What happens, as server-sent events")
        router.add_api_route("/healthz", self.healthz, summary="Whether requests are taken; needs no token")
        router.add_api_route(
            "/metrics",
            self.metrics,
            summary="Figures in Prometheus text",
            response_class=Response,
            responses={200: {"content": {PROMETHEUS_TEXT: {"schema": {"type": "string"}}}}},
        )
        return router

    async def models(self) -> Models:
        status = await self._bus.request(GetDaemonStatus(), timeout_seconds=self._settings.command_timeout_seconds)
        return await ask_workers(self._bus, status, MODEL_TIMEOUT_SECONDS)

    async def begin_exam(self, wanted: ExamWanted) -> ExamBegun:
        found = await self.models()
        return await begin_exam(self._bus, found, wanted.model, self._settings.command_timeout_seconds)

    async def end_exam(self) -> None:
        await end_exams(self._bus, await self.models(), self._settings.command_timeout_seconds)

    async def events(self, last_event_id: LastEventId = "") -> Response:
        channel = self._live_events.watch()
        replayed = self._live_events.after(last_event_id) if last_event_id else []
        lines = channel.encoded(self._settings.stream_comment_seconds, replayed)
        return EventStream(lines, lambda: self._live_events.forget(channel))

    async def healthz(self) -> Healthz:
        return Healthz(status="ok")

    async def metrics(self) -> Response:
        return Response(await self._metrics.page(), media_type=PROMETHEUS_TEXT)
