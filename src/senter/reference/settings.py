"""docs/reference/settings.md: every section and setting."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import BaseModel

from senter.components.specs import SPECS
from senter.reference.markdown import code, meaning, page, table
from senter.settings.environment import PREFIX
from senter.settings.expectation import expected
from senter.settings.rendering import default_of, toml_value
from senter.settings.shared import own_fields
from senter.supervisor.configuration import sections
from senter.text import one_line

_INTRODUCTION = """\
Settings are in one TOML file, `settings.toml` in Senter's home; `senter config path` prints where that is. Every
setting has a default, so the file need not exist. The environment goes before the file: `SENTER_API__PORT=0` is
`api.port`, with two underscores between the parts of a key. `senter config show` prints what is in effect and where it
is from, `senter config check` checks without starting anything, `senter config edit` opens the file."""


def settings_page() -> str:
    return page("Settings", _INTRODUCTION, _parts())


def _parts() -> Iterator[str]:
    for name, kind in sections(SPECS).items():
        yield f"## `[{name}]`"
        yield meaning(kind)
        yield table(("Setting", "Default", "May be", "Meaning"), _rows(name, kind))
        variables = "__".join(name.upper().split("."))
        yield f"In the environment: {code(f'{PREFIX}{variables}__...')}."


def _rows(section: str, kind: type[BaseModel]) -> Iterator[tuple[str, str, str, str]]:
    for name, field in own_fields(kind).items():
        default = default_of(field)
        shown = "not set" if default is None else code(toml_value(default))
        yield code(f"{section}.{name}"), shown, expected(kind, (name,)), one_line(field.description or "")
