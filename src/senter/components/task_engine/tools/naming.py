"""What tools say of files they make. A name is what a person recognises, then what tells one call from another."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from pydantic import JsonValue

WORDS_CHARACTERS = 60
KEY_CHARACTERS = 8


def file_name(words: str, key: str, ending: str) -> str:
    """The same for every attempt at one call."""
    plain = re.sub(r"[^\w]+", "-", words.lower()).strip("-_")[:WORDS_CHARACTERS].rstrip("-_")
    return f"{plain or 'untitled'}-{key[:KEY_CHARACTERS]}{ending}"


def written_data(path: Path, content: bytes) -> dict[str, JsonValue]:
    """The data of a result that wrote a file: where, and the digest by which a check knows its content again."""
    return {"path": str(path), "digests": {str(path): hashlib.sha256(content).hexdigest()}}
