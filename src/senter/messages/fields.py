"""Formats and limits that fields of messages share; each refusal has its own sentence.

They are on the commands themselves, so that whoever sends a bad value, over HTTP or on the bus, is told the same.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import Field
from pydantic_core import PydanticCustomError

# Ids become part of a subject on the bus: one word, nothing that means something there.
ID_PATTERN = r"^[A-Za-z0-9_-]{1,64}$"


def check_unicode(text: str) -> str:
    """Refuse half a character."""
    try:
        text.encode()
    except UnicodeEncodeError:
        raise PydanticCustomError(
            "surrogate", "the text is not valid Unicode: it holds half a surrogate pair"
        ) from None
    return text


Id = Annotated[str, Field(pattern=ID_PATTERN)]
