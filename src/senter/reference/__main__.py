"""`python -m senter.reference REPOSITORY` writes every page; `bin/docs` calls it."""

from __future__ import annotations

import sys
from pathlib import Path

from senter.reference import PAGES


def main(arguments: list[str]) -> None:
    if len(arguments) != 1 or not Path(arguments[0], "pyproject.toml").is_file():
        sys.exit("bin/docs takes no arguments: it writes docs/reference/ and src/senter/client/types.py anew.")
    for name, page in PAGES.items():
        Path(arguments[0], name).write_text(page(), encoding="utf-8")


main(sys.argv[1:])
