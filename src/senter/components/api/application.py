"""Puts the routes, the problem details and the OpenAPI page together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.telemetry import TelemetryConfig

from senter import __version__
from senter.components.api.problems import ProblemHandlers

ABOUT: Final = (
    "Senter on this machine. Over TCP every request but /healthz carries `Authorization: Bearer TOKEN`, and "
    "where the system tells the user at the other end, it is the owner or one of api.allowed_users; "
    "on the Unix socket the system tells who asks. Failures are problem details (RFC 9457) with a request id."
)
# FastAPI would otherwise export what people ask when an environment variable says so.
NO_TELEMETRY: Final = TelemetryConfig(tracing=False, metrics=False, logs=False, auto_configure=False)


def build_application(groups: Iterable[APIRouter], handlers: ProblemHandlers) -> FastAPI:
    """The application without the gate in front of it. It has no pages that fetch anything from elsewhere."""
    app = FastAPI(
        title="Senter",
        version=__version__,
        description=ABOUT,
        openapi_url="/api/openapi.json",
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry=NO_TELEMETRY,
    )
    handlers.install(app)
    for group in groups:
        app.router.routes.extend(group.routes)
    return app
