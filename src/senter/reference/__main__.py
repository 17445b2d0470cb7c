"""`python -m senter.reference ROOT` writes what is made from the code below ROOT/docs: pages, and parts of others."""

from __future__ import annotations

import sys
from pathlib import Path

from senter.reference import PAGES
from senter.reference.fragments import filled, fragments


def main(root: Path) -> None:
    docs = root / "docs"
    for name, page in PAGES.items():
        (docs / "reference" / name).write_text(page(), encoding="utf-8")
    for (name, part), content in fragments(root).items():
        file = docs / name
        file.write_text(filled(file.read_text(encoding="utf-8"), part, content()), encoding="utf-8")


main(Path(sys.argv[1]))
