"""Files and pages that a text names, and whether it is about things that only a tool can look at. Pure."""

from __future__ import annotations

import re
from pathlib import PurePath

PATH = r"(?:\"~?/[^\"]*\"|'~?/[^']*'|“~?/[^”]*”|~?/[^\s\"'“”,;]*)"
READABLE = re.compile(rf"(?:(?<=\s)|^)(?:https?://[^\s,;]+|{PATH})")

_LOCATED = re.compile(r"(?:(?<=\s)|^)[\"'“]?(?:https?://\S|~?/[\w.~-])")
_OWN = re.compile(
    r"\bmy (?:calendar|appointments?|e-?mails?|inbox|mailbox|messages|photos|pictures|downloads|desktop|computer|"
    r"laptop|disk|trash|folders?|contacts)\b",
    re.IGNORECASE,
)


def without_quotes(path: str) -> str:
    """A path as it was written, without what stands around it."""
    return path.strip("\"'“”").rstrip(".!?") or "/"


def named_in(text: str) -> tuple[str, ...]:
    """The files and pages that a text names; a path without an ending is taken for a folder's."""
    found = map(without_quotes, READABLE.findall(text))
    return tuple(address for address in dict.fromkeys(found) if "://" in address or PurePath(address).suffix)


def is_about_what_lies_here(text: str) -> bool:
    """Whether nobody can answer who only has the words: `Translate ~/a.txt`, `What is new in my inbox?`"""
    return bool(_LOCATED.search(text) or _OWN.search(text))
