"""The pages for maintainers: every file and folder that they name is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = ("CONTRIBUTING.md", "docs/architecture.md", "docs/where.md", "docs/time-outs.md")
# Pages name files as short as they can; a bare file name follows the folder named before it.
ROOTS = tuple(ROOT / below for below in (".", "src/senter", "src/senter/components", "tests", "tests/unit"))
WRITTEN_AS_EXAMPLE = {"commands.py", "commands/", "settings.py", "spec.py"}

_NAMED = re.compile(r"`([\w./-]+(?:\.py|\.toml|/))`")


def missing(text: str) -> list[str]:
    """The files named in `text` that are not there."""
    folder, found = "", list[str]()
    for named in _NAMED.findall(text):
        roots = [*ROOTS, *(root / folder for root in ROOTS if folder)]
        if named not in WRITTEN_AS_EXAMPLE and not any((root / named).exists() for root in roots):
            found.append(named)
        folder = named if named.endswith("/") else folder
    return found


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_for_maintainers_names_is_there(page: str) -> None:
    assert missing((ROOT / page).read_text(encoding="utf-8")) == []


def test_every_file_of_words_is_named_where_another_language_is_told_of() -> None:
    below = ROOT / "src" / "senter"
    words = [path.relative_to(below) for path in below.rglob("*.toml") if path.stem.split("_")[-1] == "en"]
    text = (ROOT / "docs" / "understanding.md").read_text(encoding="utf-8")
    assert len(words) >= 6
    assert [path for path in words if f"| `{path}` |" not in text] == []


def test_a_file_that_is_not_there_is_found() -> None:
    assert missing("Look at `store/inbox.py`, `bus/` and `store/nothing.py`.") == ["store/nothing.py"]
