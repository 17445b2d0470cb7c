"""What comes in over HTTP: the fields of a command, strictly. Nothing unknown is taken, and no value for another."""

from __future__ import annotations

from functools import cache
from operator import getitem
from types import UnionType
from typing import Annotated, Any, Union, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, Strict, create_model
from pydantic.fields import FieldInfo

from senter.component.route import Route


class Body(BaseModel):
    """A JSON object that holds these fields and no others."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@cache
def body_of(route: Route) -> type[Body]:
    """The fields of its command that are not in the address. Made once, however many applications serve the row."""
    command = route.command
    fields = {name: field for name, field in command.model_fields.items() if name not in route.parameters}
    found: dict[str, Any] = {name: (_kind(field), _about(field)) for name, field in fields.items()}
    return create_model(command.__name__, __base__=Body, __doc__=command.__doc__, **found)


def with_limits(annotation: object, field: FieldInfo, *more: object) -> object:
    """The type with the field's own limits, and more."""
    return cast(object, getitem(cast(Any, Annotated), (annotation, *field.metadata, *more)))


def _about(field: FieldInfo) -> object:
    """A default that is made anew each time cannot be shown: null stands for it."""
    extra = cast("dict[str, Any] | None", field.json_schema_extra)
    if field.is_required():
        return Field(description=field.description, json_schema_extra=extra)
    default = None if field.default_factory else field.default
    return Field(default=default, description=field.description, json_schema_extra=extra)


def _kind(field: FieldInfo) -> object:
    exact = _exact(field.annotation)
    kind = with_limits(exact, field) if field.metadata else exact
    return cast(Any, kind) | None if field.default_factory else kind


def _exact(annotation: object) -> object:
    """The same type, where a number or a boolean is one and not a text that reads like it."""
    if annotation is int or annotation is float or annotation is bool:
        return getitem(cast(Any, Annotated), (annotation, Strict()))
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return getitem(cast(Any, Union), tuple(map(_exact, parts)))
    if origin is Annotated:
        return getitem(cast(Any, Annotated), (_exact(parts[0]), *parts[1:]))
    if origin in (tuple, list, dict):
        return getitem(cast(Any, origin), tuple(map(_exact, parts)))
    return annotation
