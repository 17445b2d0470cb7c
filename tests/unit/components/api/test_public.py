"""Routes of components that others wrote: what cannot be served leaves the rest alone."""

from __future__ import annotations

import httpx2
from fastapi.routing import APIRoute
from pydantic import Field

from senter.component.route import Route
from senter.component.spec import ComponentSpec
from senter.components.api.public import public_routes
from senter.components.api.spec import BY_HAND
from senter.components.specs import SPECS
from senter.messages.message import Command, ComponentName, Done, Frozen


class Inner(Frozen):
    text: str = Field(description="Some text.")


class Tell(Command[Done], to=ComponentName("teller")):
    """Tell it."""

    wire_name = "tell_it"

    body: str = Field(description="What to tell.")
    inner: Inner = Field(description="What cannot be part of an address.")


BAD = ComponentSpec(name="bad", summary="", entry="a.b:C", routes=(Route("POST", "/api/tell/{inner}", Tell),))
GOOD = ComponentSpec(name="good", summary="", entry="a.b:C", routes=(Route("POST", "/api/tell/{body}", Tell),))


def test_rows_that_cannot_be_served_leave_their_component_without_routes_and_no_other() -> None:
    left_out: list[str] = []
    served = public_routes([BAD, GOOD], lambda spec, _: left_out.append(spec.name))
    assert [route.path for route in served.routes if isinstance(route, APIRoute)] == ["/api/tell/{body}"]
    assert left_out == ["bad"]


async def test_what_has_no_row_is_known_by_its_address(http: httpx2.AsyncClient) -> None:
    paths = (await http.get("/api/openapi.json")).json()["paths"]
    served = {f"{method.upper()} {path}" for path, methods in paths.items() for method in methods}
    rows = {f"{route.method} {route.path}" for spec in SPECS for route in spec.routes}
    assert {address for address in served if " /api/" in address} - rows == BY_HAND
