"""The parts of pages that are made from the code are what the code says: `bin/docs` writes them anew."""

from __future__ import annotations

from pathlib import Path

import pytest

from senter.reference.fragments import filled, fragments

ROOT = Path(__file__).parents[2]
FRAGMENTS = fragments(ROOT)


@pytest.mark.parametrize(("page", "part"), FRAGMENTS)
def test_a_part_of_a_page_is_fresh(page: str, part: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert filled(text, part, FRAGMENTS[page, part]()) == text, "Run bin/docs."


def test_a_page_without_the_marks_is_named() -> None:
    with pytest.raises(ValueError, match="no marks for layers"):
        filled("# A page", "layers", "errors")
