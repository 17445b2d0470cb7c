"""What a text names: files, pages and a folder, and whether it is about what only a tool can look at. English; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

PATH = r"(?:\"~?/[^\"]*\"|'~?/[^']*'|“~?/[^”]*”|~?/[^\s\"'“”,;]*)"
READABLE = re.compile(rf"(?:(?<=\s)|^)(?:https?://[^\s,;]+|{PATH})")

_LOCATED = re.compile(r"(?:(?<=\s)|^)[\"'“]?(?:https?://\S|~?/[\w.~-])")
_OWN = re.compile(
    r"\bmy (?:calendar|appointments?|e-?mails?|inbox|mailbox|messages|photos|pictures|downloads|desktop|computer|"
    r"laptop|disk|trash|folders?|contacts)\b",
    re.IGNORECASE,
)
_PATH = re.compile(rf"(?:(?<=\s)|^){PATH}")
_MONTH = frozenset({"date", "month", "months"})
_YEAR = frozenset({"year", "years"})
# What may stand beside the folder; any other word asks for more than the rules can do.
_UNDERSTOOD = frozenset(
    {"a", "all", "by", "contents", "directory", "documents", "everything", "extension", "files", "folder", "folders"}
    | {"from", "in", "inside", "into", "kind", "kinds", "my", "of", "stuff", "sub", "subfolders", "the", "their"}
    | {"things", "type", "types", "up"}
).union(_MONTH, _YEAR)


def without_quotes(path: str) -> str:
    """A path as it was written, without what stands around it."""
    return path.strip("\"'“”").rstrip(".!?") or "/"


def named_in(text: str) -> tuple[str, ...]:
    """The files and pages that a text names; a path without an ending is taken for a folder's."""
    found = map(without_quotes, READABLE.findall(text))
    return tuple(address for address in dict.fromkeys(found) if "://" in address or PurePath(address).suffix)


def folder_in(topic: str, named: Sequence[str]) -> tuple[str, str]:
    """The folder, and `kind`, `month` or `year`; empty where the text says more than that, or not which folder.

    The folder is a path in the text, or one of those the user named whose name stands in it.
    """
    by_name = {PurePath(folder).name: folder for folder in named}
    said = {found: without_quotes(found) for found in _PATH.findall(topic)} or {
        name: folder for name, folder in by_name.items() if name and name.lower() in topic.lower()
    }
    if len(said) != 1:
        return "", ""
    [(words, folder)] = said.items()
    beside = frozenset(re.findall(r"[\w@.]+", re.sub(re.escape(words), " ", topic, flags=re.IGNORECASE).lower()))
    if not beside <= _UNDERSTOOD:
        return "", ""
    return folder, "year" if beside & _YEAR else "month" if beside & _MONTH else "kind"


def is_about_what_lies_here(text: str) -> bool:
    """Whether nobody can answer who only has the words: `Translate ~/a.txt`, `What is new in my inbox?`"""
    return bool(_LOCATED.search(text) or _OWN.search(text))
