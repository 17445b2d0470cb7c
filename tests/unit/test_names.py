"""One name, one idea: no class name of the program stands for two things."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

import senter

SOURCE = Path(senter.__file__).parent
GENERATED = SOURCE / "client"
"""The client's types are those of the messages, under the same names."""

KNOWN = {
    "Answers",
    "Asking",
    "Attempt",
    "Call",
    "Choice",
    "Chunk",
    "Command",
    "Completion",
    "Deltas",
    "Event",
    "Failure",
    "Fault",
    "Intent",
    "Limits",
    "Link",
    "Outcome",
    "Passage",
    "Planned",
    "Reporter",
    "Running",
    "Said",
    "Status",
    "Tools",
    "Usage",
    "Verdict",
    "Work",
}
"""Those that still do. The list only gets shorter."""


def test_no_class_name_stands_for_two_things() -> None:
    places: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(SOURCE.rglob("*.py")):
        if GENERATED in path.parents:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(str(path.relative_to(SOURCE)))
    assert {name: found for name, found in places.items() if len(found) > 1 and name not in KNOWN} == {}
