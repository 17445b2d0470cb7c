"""Exact checks of answers: by machine, the same way each time, and never raising, whatever the answer is."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from contextlib import suppress

from pydantic import JsonValue

_CITED = re.compile(r"\[(\d{1,4})\]")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_UNKNOWN = re.compile(
    r"\b(?:not|no|nothing|cannot|unknown)\b|n['\u2019]t\b",
    re.IGNORECASE,
)


def json_in(answer: str) -> dict[str, JsonValue]:
    """The first JSON object in an answer, also within a fence or words; empty where there is none."""
    start = answer.find("{")
    if start >= 0:
        with suppress(ValueError, RecursionError):
            value: JsonValue = json.JSONDecoder().raw_decode(answer, start)[0]
            if isinstance(value, dict):
                return value
    return {}


def is_object(wanted: Mapping[str, JsonValue]) -> Callable[[str], bool]:
    """Passes an object that has these, texts in letters of any case; what it has beyond them does not count."""

    def passes(answer: str) -> bool:
        found = json_in(answer)
        return all(name in found and same(found[name], value) for name, value in wanted.items())

    return passes


def same(found: JsonValue, wanted: JsonValue) -> bool:
    if isinstance(wanted, str) and isinstance(found, str):
        return plain(found) == plain(wanted)
    return type(found) is type(wanted) and found == wanted


def plain(text: str) -> str:
    """A text without what does not change its meaning: case, outer spaces and marks, an article."""
    return re.sub(r"^(?:the|a|an) ", "", text.strip().strip(".!\"'").lower())


def cited(answer: str) -> set[int]:
    return {int(number) for number in _CITED.findall(answer)}


def numbers(text: str) -> set[str]:
    """The numbers in a text, without those of citations."""
    return {number.replace(",", "") for number in _NUMBER.findall(_CITED.sub("", text))}


def says_unknown(answer: str, known: str) -> bool:
    """Whether an answer says that it does not know, and brings no number of its own."""
    return bool(_UNKNOWN.search(answer)) and numbers(answer) <= numbers(known)
