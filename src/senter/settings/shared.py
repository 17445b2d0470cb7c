"""Facts that stand once in the settings file and that several components go by, such as the user's time zone.

A section's class marks a field of such a fact with `TakenFrom`: its process is handed the value, and the file and the
environment have it under the one key that the mark names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from pydantic import BaseModel
from pydantic.fields import FieldInfo


@dataclass(frozen=True, slots=True)
class TakenFrom:
    """Stands in an `Annotated` type: the setting is that of `key`, as `section.setting`."""

    key: str


def taken(kind: type[BaseModel]) -> Mapping[str, str]:
    """The fields of a section that are set elsewhere, and where."""
    return {
        name: mark.key
        for name, field in kind.model_fields.items()
        for mark in field.metadata
        if isinstance(mark, TakenFrom)
    }


def own_fields(kind: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """The fields that stand in the section itself."""
    elsewhere = taken(kind)
    return {name: field for name, field in kind.model_fields.items() if name not in elsewhere}
