"""The routes of all components, made from their rows: take the command in, ask, answer with the reply as it is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Iterator
from functools import cache
from inspect import Parameter, Signature, cleandoc

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError

from senter.component.route import Route
from senter.component.spec import ComponentSpec
from senter.components.api.bodies import Body, body_of, with_limits
from senter.components.api.route_group import route_group
from senter.messages.message import Command, Reply

Ask = Callable[[Route, Command[Reply]], Awaitable[Reply]]
LeaveOut = Callable[[ComponentSpec, Exception], None]

JSON = "application/json"
BODY = "body"
# No field of a message begins with an underscore.
BODY_PARAMETER = "_body"
REQUEST = Parameter("_request", Parameter.KEYWORD_ONLY, annotation=Request)


def public_routes(specs: Iterable[ComponentSpec], leave_out: LeaveOut) -> APIRouter:
    """Every row of every SPEC. Where one cannot be served, its component has no routes, and `leave_out` is told why.

    The application that serves them has in `state.ask` how a command is asked.
    """
    router = APIRouter()
    for spec in specs:
        try:
            routes = _routes_of(spec.name, spec.routes)
        except Exception as error:  # of somebody else's messages: whatever is wrong there must not end the API
            leave_out(spec, error)
        else:
            router.routes.extend(routes.routes)
    return router


@cache
def _routes_of(component: str, rows: tuple[Route, ...]) -> APIRouter:
    """Made once, however many applications serve them: that takes longer than all else at the start of one."""
    router = route_group(component)
    for route in rows:
        meaning = " ".join(cleandoc(route.command.__doc__ or "").split())
        router.add_api_route(
            route.path,
            RouteHandler(route),
            methods=[route.method],
            name=route.command.wire_name,
            status_code=route.status if route.reply else 204,
            response_model=route.reply,
            summary=meaning.partition(". ")[0].removesuffix("."),
            description=meaning,
        )
    return router


class RouteHandler:
    """One row. Its signature tells FastAPI what the path, the query and the body hold."""

    def __init__(self, route: Route) -> None:
        self._route = route
        self.__signature__ = Signature([REQUEST, *_parameters(route)])

    async def __call__(self, _request: Request, **given: object) -> Response:
        ask: Ask = _request.app.state.ask
        reply = await ask(self._route, self._command(given))
        if self._route.reply is None:
            return Response(status_code=204)
        return Response(reply.model_dump_json(by_alias=True), self._route.status, media_type=JSON)

    def _command(self, given: dict[str, object]) -> Command[Reply]:
        body = given.pop(BODY_PARAMETER, None)
        said = dict(body) if isinstance(body, Body) else {}
        fields = {**{name: value for name, value in said.items() if value is not None}, **given}
        try:
            return self._route.command.model_validate(fields)
        except ValidationError as error:
            complaints = [{**one, "loc": (BODY, *one["loc"])} for one in error.errors()]
            raise RequestValidationError(complaints) from error


def _parameters(route: Route) -> Iterator[Parameter]:
    fields = dict(route.command.model_fields)
    for name in route.parameters:
        field = fields.pop(name)
        kind = with_limits(field.annotation, field, Path(description=field.description))
        yield Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind)
    if route.method != "POST":
        for name, field in fields.items():
            kind = with_limits(field.annotation, field, Query(description=field.description))
            default = Parameter.empty if field.is_required() else field.default
            yield Parameter(name, Parameter.KEYWORD_ONLY, annotation=kind, default=default)
    elif fields:
        body = body_of(route)
        needed = any(field.is_required() for field in fields.values())
        kind = body if needed else body | None
        yield Parameter(
            BODY_PARAMETER, Parameter.KEYWORD_ONLY, annotation=kind, default=Parameter.empty if needed else None
        )
