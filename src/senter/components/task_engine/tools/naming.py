"""What tools say, of files they make and of words they cannot read.

A file's name is what a person recognises, then what tells one call from another.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from pydantic import JsonValue

from senter.errors import InvalidInput, SettingsError, ToolError

WORDS_CHARACTERS = 60
KEY_CHARACTERS = 8


def file_name(words: str, key: str, ending: str) -> str:
    """The same for every attempt at one call."""
    plain = re.sub(r"[^\w]+", "-", words.lower()).strip("-_")[:WORDS_CHARACTERS].rstrip("-_")
    return f"{plain or 'untitled'}-{key[:KEY_CHARACTERS]}{ending}"


@contextmanager
def as_said() -> Generator[None]:
    """Words or a zone that cannot be read are the tool's failure, in our own sentence."""
    try:
        yield
    except (InvalidInput, SettingsError) as error:
        raise ToolError(error.message, error.hint, trusted=True) from error


def written_data(path: Path, content: bytes) -> dict[str, JsonValue]:
    """The data of a result that wrote a file: where, and the digest by which a check knows its content again."""
    return {"path": str(path), "digests": {str(path): hashlib.sha256(content).hexdigest()}}
