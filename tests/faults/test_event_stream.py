"""The event stream of a running daemon is deleted: noticed, said and mended within seconds."""

from __future__ import annotations

import asyncio
import json

import pytest
from nats.aio.client import Client
from nats.js import JetStreamManager

from senter.bus import subjects
from senter.bus.server import SUPERVISOR
from senter.client.types import HistoryReply, JobReply, ProgressReply
from senter.operations.scratch import wait_until
from tests.support.daemon import quick_settings, senter, short_home
from tests.support.scratch import ScratchDaemon, scratch_daemon

pytestmark = pytest.mark.process

NOTICED_WITHIN_SECONDS = 10.0


async def delete_events(daemon: ScratchDaemon) -> None:
    """As somebody would who may do everything on the bus."""
    configuration = json.loads((daemon.paths.run / "nats-server.json").read_text())
    users = {user["user"]: user["password"] for user in configuration["authorization"]["users"]}
    client = Client()
    await client.connect(f"nats://{configuration['listen']}", user=SUPERVISOR, password=users[SUPERVISOR])
    try:
        await JetStreamManager(client).delete_stream(subjects.EVENTS)
    finally:
        await client.close()


def test_a_deleted_stream_is_said_and_what_waited_in_it_arrives() -> None:
    settings = quick_settings(reporter={"desktop": False})
    with short_home() as home, scratch_daemon(home, settings) as daemon:
        assert senter(home, "stop", "reporter").code == 0
        name = "waits for the reporter"
        daemon.client.post(
            "/api/schedule/jobs", JobReply, name=name, job_type="custom", payload={"reminder": name}, in_seconds=1.0
        )
        wait_until(
            lambda: bool(daemon.client.get("/api/schedule/history", HistoryReply)["firings"]), "it was not set off", 20
        )
        asyncio.run(delete_events(daemon))
        wait_until(lambda: "made anew" in detail(daemon), "nobody noticed", NOTICED_WITHIN_SECONDS)
        assert senter(home, "start", "reporter").code == 0

        def known() -> set[str]:
            return {one["type"] for one in daemon.client.get("/api/progress", ProgressReply)["activities"]}

        wait_until(lambda: {"reminder", "event_stream_remade"} <= known(), "what waited is missing", 20)
        assert "event_stream_lost" in daemon.paths.log("supervisor").read_text()


def detail(daemon: ScratchDaemon) -> str:
    health = daemon.component("nats-server")["health"]
    assert isinstance(health, dict)
    return str(health.get("detail"))  # pyright: ignore[reportUnknownArgumentType, reportUnknownMemberType]
