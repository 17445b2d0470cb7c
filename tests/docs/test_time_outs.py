"""docs/time-outs.md: every figure is the code's, and every time-out is there."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from dataclasses import astuple, is_dataclass
from importlib import import_module
from itertools import chain
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "senter"
PAGE = (ROOT / "docs" / "time-outs.md").read_text()
SETTINGS = dict(re.findall(r"^\| `([\w.]+)` \| `([\d.]+)` \|", (ROOT / "docs/reference/settings.md").read_text(), re.M))

NUMBER = re.compile(r"\d+(?:\.\d+)?")


def rows() -> list[object]:
    found = [line.strip("| ").split(" | ") for line in PAGE.splitlines() if line.startswith("|")]
    return [
        pytest.param(*row[1:3], id=row[0]) for row in found if row[0] != "Who waits for what" and "---" not in row[0]
    ]


def figures(name: str) -> Iterator[float]:
    """What a setting, a constant or a parameter's default says."""
    if name in SETTINGS:
        yield float(SETTINGS[name])
        return
    file, _, path = name.partition(": ")
    first, *rest = path.split(".")
    value: object = getattr(import_module("senter." + file.removesuffix(".py").replace("/", ".")), first)
    for step in rest[:-1]:
        value = getattr(value, step)
    if rest:
        assert callable(value)
        value = inspect.signature(value).parameters[rest[-1]].default
    yield from numbers_in(value)


def numbers_in(value: object) -> Iterator[float]:
    if isinstance(value, int | float):
        yield float(value)
    elif is_dataclass(value) and not isinstance(value, type):
        yield from numbers_in(astuple(value))
    elif isinstance(value, tuple):
        for part in value:  # pyright: ignore[reportUnknownVariableType]
            yield from numbers_in(part)  # pyright: ignore[reportUnknownArgumentType]
    else:
        raise TypeError(f"{value} is not a time")


@pytest.mark.parametrize(("how_long", "names"), rows())
def test_a_figure_on_the_page_is_the_one_in_the_code(how_long: str, names: str) -> None:
    told = [float(number) for number in NUMBER.findall(how_long)]
    assert told == list(chain.from_iterable(figures(name) for name in re.findall(r"`([^`]+)`", names)))


def test_every_setting_and_constant_that_is_a_time_out_is_on_the_page() -> None:
    constants = [
        f"{file.relative_to(SOURCE).as_posix()}: {target.id}"
        for file in SOURCE.rglob("*.py")
        for statement in ast.parse(file.read_text()).body
        if isinstance(statement, ast.Assign | ast.AnnAssign)
        for target in (statement.targets if isinstance(statement, ast.Assign) else [statement.target])
        if isinstance(target, ast.Name) and "TIMEOUT" in target.id
    ]
    settings = [name for name in SETTINGS if "timeout" in name and not name.startswith("models.research")]
    assert [name for name in constants + settings if f"`{name}`" not in PAGE] == []
