"""The settings file as it is first written: every setting with its meaning and its default, commented out."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from textwrap import wrap

from pydantic import BaseModel, JsonValue
from pydantic.fields import FieldInfo
from pydantic_core import to_jsonable_python

from senter.settings.expectation import expected
from senter.settings.keys import Sections
from senter.settings.shared import own_fields
from senter.text import one_line

WIDTH = 100
_INTRODUCTION = """\
# Senter's settings. Each is shown with its default; take the "# " away and change the value.
# Check with: senter config check. SENTER_SECTION__KEY in the environment goes before this file.
"""


def render_defaults(sections: Sections) -> str:
    """A TOML document that changes nothing and explains everything."""
    parts = [_INTRODUCTION]
    for name, kind in sections.items():
        parts.append("\n".join(_section_lines(name, kind)) + "\n")
    return "\n".join(parts)


def write_defaults(path: Path, sections: Sections) -> bool:
    """Create the settings file, readable by its owner only; says whether it was missing."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(render_defaults(sections))
    return True


def default_of(field: FieldInfo) -> JsonValue:
    """A field's default as JSON holds it; None where there is none."""
    if field.is_required():
        return None
    return to_jsonable_python(field.get_default(call_default_factory=True, validated_data={}))


def toml_value(value: JsonValue) -> str:
    """One value as TOML writes it. None has no TOML; the caller leaves such a setting out."""
    if isinstance(value, dict):
        inside = ", ".join(
            f"{_quoted(name)} = {toml_value(inner)}" for name, inner in value.items() if inner is not None
        )
        return f"{{ {inside} }}" if inside else "{}"
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(inner) for inner in value) + "]"
    if isinstance(value, str):
        return _quoted(value)
    return json.dumps(value).replace("Infinity", "inf").replace("NaN", "nan")


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _section_lines(name: str, kind: type[BaseModel]) -> Iterator[str]:
    yield f"[{name}]"
    for field_name, field in own_fields(kind).items():
        meaning = one_line(field.description or "")
        yield from (f"# {line}" for line in wrap(f"{meaning} ({expected(kind, (field_name,))})", WIDTH))
        default = default_of(field)
        yield f"# {field_name} is not set." if default is None else f"# {field_name} = {toml_value(default)}"
