"""One HTTP request: its id, which answer and log line share; what it may ask; whether its caller is still there."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated, TypeVar
from uuid import uuid4

from fastapi import Header, Request
from fastapi.routing import APIRoute

from senter.errors import Cancelled, InvalidInput

ResultT = TypeVar("ResultT")
LastEventId = Annotated[
    str, Header(max_length=200, description="The id of the last event that was read; what comes after it is sent.")
]
HEADER = b"x-request-id"
SANE = re.compile(rb"[A-Za-z0-9._-]{1,128}")


def choose_request_id(offered: bytes | None) -> str:
    """The caller's own name for the request when it is a sane one, else a new one."""
    if offered is not None and SANE.fullmatch(offered):
        return offered.decode("ascii")
    return uuid4().hex


def request_id_of(request: Request) -> str:
    return str(request.scope["state"]["request_id"])


async def refuse_unknown(request: Request) -> None:
    """A parameter that a route does not know, for /api: passed over in silence, a misspelt one would change the answer.

    Clients made for others' servers may send to /v1 what they like. Raises `InvalidInput`.
    """
    route = request.scope.get("route")
    if not isinstance(route, APIRoute) or not route.path.startswith("/api/"):
        return
    known = [parameter.alias for parameter in route.dependant.query_params]
    if any(name not in known for name in request.query_params):
        raise InvalidInput(
            "The address has a parameter that is not known here.",
            f"Known are: {', '.join(known)}." if known else "None is known here.",
        )


async def unless_gone(request: Request, task: asyncio.Task[ResultT]) -> ResultT:
    """The task's result. When the caller hangs up first, the task is cancelled."""
    gone = asyncio.create_task(_hung_up(request))
    try:
        await asyncio.wait((task, gone), return_when=asyncio.FIRST_COMPLETED)
    finally:
        gone.cancel()
        task.cancel()  # does nothing to one that is done
    if not task.done():
        raise Cancelled("The caller hung up.")
    return task.result()


async def _hung_up(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass
