"""Settings that name a file or a folder: `~` is the user's home, and the whole path is wanted.

The daemon runs in a folder of its own, so a path that begins nowhere would be somewhere else for it than for whoever
wrote it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator


def whole_path(path: Path) -> Path:
    """Raises `ValueError` for what begins nowhere."""
    try:
        found = path.expanduser()
    except RuntimeError as error:
        raise ValueError("no user has this home; give the whole path") from error
    if not found.is_absolute():
        raise ValueError(f"give the whole path, such as {Path('~') / path}")
    return found


def _whole_text(text: str) -> str:
    return str(whole_path(Path(text))) if text else ""


OwnPath = Annotated[Path, AfterValidator(whole_path)]
OwnPathText = Annotated[str, AfterValidator(_whole_text)]
"""The same for a setting that may be empty."""
