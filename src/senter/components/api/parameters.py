"""A parameter that a route does not know is refused: passed over in silence, a misspelt one would change the answer."""

from __future__ import annotations

from fastapi import Request
from fastapi.routing import APIRoute

from senter.errors import InvalidInput


async def refuse_unknown(request: Request) -> None:
    """For /api; clients made for others' servers may send to /v1 what they like. Raises `InvalidInput`."""
    route = request.scope.get("route")
    if not isinstance(route, APIRoute) or not route.path.startswith("/api/"):
        return
    known = [parameter.alias for parameter in route.dependant.query_params]
    if any(name not in known for name in request.query_params):
        raise InvalidInput(
            "The address has a parameter that is not known here.",
            f"Known are: {', '.join(known)}." if known else "None is known here.",
        )
