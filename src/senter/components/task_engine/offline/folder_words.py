"""Which folder a request to organise means, and by what it is to be put in order. English; pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePath

from senter.components.task_engine.offline.places import PATH, without_quotes

_PATH = re.compile(rf"(?:(?<=\s)|^){PATH}")
_MONTH = frozenset({"date", "month", "months"})
_YEAR = frozenset({"year", "years"})
# What may stand beside the folder; any other word asks for more than the rules can do.
_UNDERSTOOD = frozenset(
    {"a", "all", "by", "contents", "directory", "documents", "everything", "extension", "files", "folder", "folders"}
    | {"from", "in", "inside", "into", "kind", "kinds", "my", "of", "stuff", "sub", "subfolders", "the", "their"}
    | {"things", "type", "types", "up"}
).union(_MONTH, _YEAR)


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
