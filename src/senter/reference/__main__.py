"""`python -m senter.reference ROOT` writes what is made from the code below ROOT/docs: pages, and parts of others."""

from __future__ import annotations

import sys
from pathlib import Path

from senter.reference import PAGES
from senter.reference.fragments import filled, fragments


def main(arguments: list[str]) -> None:
    if len(arguments) != 1 or not Path(arguments[0], "pyproject.toml").is_file():
        sys.exit("bin/docs takes no arguments: it writes what is made from the code anew.")
    root = Path(arguments[0])
    for name, page in PAGES.items():
        (root / name).write_text(page(), encoding="utf-8")
    for (name, part), content in fragments(root).items():
        file = root / "docs" / name
        file.write_text(filled(file.read_text(encoding="utf-8"), part, content()), encoding="utf-8")


main(sys.argv[1:])
