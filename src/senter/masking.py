"""Keeps secrets out of what is shown, logged or sent on: `***` instead of keys, tokens and passwords.

In settings a value is secret by its type (senter.settings.secret). In free text it is by the name it stands under, by
its shape (a bearer token, a password in an address), or because it is known: every process remembers the secrets of
the settings it was given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import cast

MASK = "***"
SECRET_NAMES = ("api_key", "token", "password", "secret", "authorization", "targets")
LONGEST_TEXT_CHARACTERS = 32_768
DEEPEST_NESTING = 8
SHORTEST_KNOWN_CHARACTERS = 6

_SECRET_IN_TEXT = re.compile(
    r"(?P<before>\bBearer\s+|://[^/\s:@]*:|\b(?:api[_-]?key|token|password|secret|authorization)[\"']?\s*[=:]\s*[\"']?)"
    r"(?!Bearer\b|\*\*\*)(?P<secret>[^\s\"',;&@}\])]+)(?P<after>@?)",
    re.IGNORECASE,
)
_known: list[str] = []
"""The secrets that this process was given, longer ones first; as with its log, there is one memory to a process."""


def remember(values: Iterable[str]) -> None:
    """Have these masked from here on in what this process logs and in its errors, wherever they stand.

    Shorter ones than 6 characters are left: too many words would be hidden with them.
    """
    kept = {value for value in values if len(value) >= SHORTEST_KNOWN_CHARACTERS}
    _known[:] = sorted(kept.union(_known), key=len, reverse=True)


def mask_known(text: str) -> str:
    """`text` without the secrets that this process was given."""
    for secret in _known:
        text = text.replace(secret, MASK)
    return text


def is_secret(name: str) -> bool:
    """Whether a value under this name is to be hidden: `api_key`, `models.primary.api_key`, `X-Api-Key`."""
    last = name.rpartition(".")[2].lower().replace("-", "_")
    return any(last == secret or last.endswith(f"_{secret}") for secret in SECRET_NAMES)


def mask(name: str, value: object) -> object:
    """`value` as it may be shown under `name`; an empty secret stays empty, so that one sees it is not set."""
    return _mask(name, value, DEEPEST_NESTING)


def mask_text(text: str) -> str:
    """`text` without the secrets that are known, and those whose shape gives them away."""
    return _SECRET_IN_TEXT.sub(_hide, mask_known(text))


def _hide(found: re.Match[str]) -> str:
    in_address = found["before"].startswith("://")
    if in_address and not found["after"]:
        return found[0]
    return found["before"] + MASK + found["after"]


def _mask(name: str, value: object, depth: int) -> object:
    if is_secret(name):
        return MASK if value else value
    if isinstance(value, str):
        return mask_text(_shorten(value))
    if depth == 0 and isinstance(value, dict | list | tuple):
        return "..."
    if isinstance(value, dict):
        inside = cast("dict[object, object]", value)
        return {str(key): _mask(str(key), inner, depth - 1) for key, inner in inside.items()}
    if isinstance(value, list | tuple):
        return [_mask("", inner, depth - 1) for inner in cast("list[object]", value)]
    return value


def _shorten(text: str) -> str:
    cut = len(text) - LONGEST_TEXT_CHARACTERS
    return text if cut <= 0 else f"{text[:LONGEST_TEXT_CHARACTERS]}... ({cut} characters left out)"
