"""Settings that name a file or a folder: `~` is the user's home, and what is not a whole path lies in Senter's home."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BeforeValidator


def at_home(path: Path) -> Path:
    """With the home in place of `~`. Raises `ValueError` where there is no such user."""
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise ValueError(f"there is no home for {path.parts[0]}; write the whole path") from error


def _text_at_home(text: str) -> str:
    return str(at_home(Path(text))) if text.startswith("~") else text


def _none_where_empty(value: object) -> object:
    return None if value == "" else value


PlaceSetting: TypeAlias = Annotated[Path, AfterValidator(at_home)]
"""A path, such as ~/calendar.ics."""

PlaceOrNone: TypeAlias = Annotated[str, AfterValidator(_text_at_home)]
"""The same as text, which may be empty."""

PlaceIfAny: TypeAlias = Annotated[PlaceSetting | None, BeforeValidator(_none_where_empty)]
"""The same as a path, or none where it is empty."""
