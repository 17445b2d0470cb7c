"""Every failure that Senter can name has a code of its own, and the guide to the API lists it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import senter
from senter.text import snake_case

SOURCE = Path(senter.__file__).parent
GUIDE = SOURCE.parents[1] / "docs" / "guides" / "http-api.md"


def error_classes() -> dict[str, ast.ClassDef]:
    """The classes below `SenterError`, by name, which is unique (test_names.py)."""
    classes = {node.name: node for path in SOURCE.rglob("*.py") for node in _classes(path)}
    found = {"SenterError"}
    while below := {name for name, node in classes.items() if name not in found and _bases(node) & found}:
        found |= below
    return {name: classes[name] for name in found}


def _classes(path: Path) -> Iterator[ast.ClassDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def _bases(node: ast.ClassDef) -> set[str]:
    return {base.id for base in node.bases if isinstance(base, ast.Name)}


def code_of(node: ast.ClassDef) -> str:
    """What its own body sets `code` to, else what its name says."""
    said = [
        str(line.value.value)
        for line in node.body
        if isinstance(line, ast.Assign | ast.AnnAssign)
        and isinstance(line.value, ast.Constant)
        and "code" in map(ast.unparse, line.targets if isinstance(line, ast.Assign) else [line.target])
    ]
    return said[0] if said else snake_case(node.name)


def test_every_error_has_a_code_that_no_other_has_and_the_guide_lists_it() -> None:
    all_codes = sorted(map(code_of, error_classes().values()))
    assert len(all_codes) > 40
    assert all_codes == sorted(set(all_codes))
    listed = GUIDE.read_text(encoding="utf-8").partition("<!-- codes:")[2].partition("<!-- end of codes")[0]
    assert [line.split("`")[1] for line in listed.splitlines() if line.startswith("| `")] == all_codes
