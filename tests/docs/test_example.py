"""The example brings its front door by itself: what the page shows is its code, and nothing in src knows of it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
OWN = (ROOT / "examples" / "echo_component", ROOT / "examples" / "echo_component-1.0.0.dist-info")
MOST_FILES_OUTSIDE = 2
NAMES_IT = re.compile(r"echo_component|EchoComponent|EchoReply|/api/echo|senter echo")


def test_the_page_shows_the_command_as_it_is() -> None:
    page = (ROOT / "docs" / "development.md").read_text(encoding="utf-8")
    assert f"```python\n{(OWN[0] / 'commands.py').read_text(encoding='utf-8')}```" in page


def test_a_component_that_people_can_see_touches_at_most_two_files_outside_its_folders() -> None:
    files = [path for folder in ("src", "docs/components", "pyproject.toml") for path in files_of(ROOT / folder)]
    touched = [path for path in files if NAMES_IT.search(path.read_text(encoding="utf-8"))]
    assert len(touched) <= MOST_FILES_OUTSIDE, touched
    assert not [path for path in touched if path.is_relative_to(ROOT / "src")]


def files_of(place: Path) -> list[Path]:
    if place.is_file():
        return [place]
    return [path for path in sorted(place.rglob("*")) if path.suffix in {".py", ".md", ".sql", ".toml"}]
