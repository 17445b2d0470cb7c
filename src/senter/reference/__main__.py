"""`python -m senter.reference FOLDER` writes every page."""

from __future__ import annotations

import sys
from pathlib import Path

from senter.reference import PAGES


def main(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), encoding="utf-8")


main(Path(sys.argv[1]))
