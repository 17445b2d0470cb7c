"""One name, one idea: no class name of the program stands for two things."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import senter

SOURCE = Path(senter.__file__).parent
GENERATED = SOURCE / "client" / "types.py"
"""The client's types are those of the messages, under the same names, so that there is one word for a thing."""


def test_no_class_name_stands_for_two_things() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(SOURCE.rglob("*.py")):
        if path == GENERATED:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef):
                places[node.name].append(str(path.relative_to(SOURCE)))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}
