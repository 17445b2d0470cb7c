"""What servers say when they refuse or fail, in the shapes and words of as many as are known.

Whatever the shape, three things are read: what was said, whether the prompt was too long, and the parameter that
was named.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pydantic import JsonValue

from senter.components.models.json_values import (
    Garbage,
    as_count,
    as_list,
    as_text,
    as_word,
    objects_in,
    parsed,
)

# Where servers put what they say, outermost first; `metadata.raw` holds what a server behind a server said.
LAYERS = ("error", "errors", "detail", "details", "message", "fault", "metadata", "raw")
WORDS = ("message", "msg", "error_description", "detail", "error", "errors", "description", "reason", "title", "raw")
MOST_PLAIN_BYTES = 2_000
MOST_SENTENCES = 3
MOST_CHARACTERS = 2_000

TOO_LONG_SIGNS = frozenset(
    {
        "exceed_context_size_error",
        "context_length_exceeded",
        "context_window_exceeded",
        "model_context_window_exceeded",
        "contextwindowexceedederror",
        "prompt_too_long",
        "input_too_long",
        "string_above_max_length",
        "tokens_limit_reached",
        "request_too_large",
    }
)
_WHAT = r"(?:context|prompt|inputs?|messages?|conversation|history|chat)"
_TOO_LONG = re.compile(
    rf"context[ _-]?(?:length|size|window|limit)|context the overflows"
    rf"|{_WHAT}\b[^.:]{{0,40}}\btoo (?:long|large|big|many)"
    rf"|too many (?:input |prompt |total )?tokens"
    rf"|(?:tokens?|{_WHAT})\b.{{0,80}}\b(?:exceed|longer than|larger than|greater than|more than|must be <)"
    rf".{{0,80}}(?:token|length|limit|maximum|context|\d)"
    rf"|exceed(?:s|ed)? .{{0,30}}token limit|(?:max|maximum) (?:prompt|input) (?:length|tokens)|range of input length"
    rf"|(?:reduce|shorten|decrease)\b.{{0,30}}{_WHAT}",
    re.IGNORECASE | re.DOTALL,
)
_OF_RATE = re.compile(r"per (?:minute|hour|day|second)|rate.?limit|quota|\b[tr]p[md]\b", re.IGNORECASE)
_OF_ANSWER = re.compile(r"max_(?:completion_)?tokens\b.{0,60}?\btoo (?:large|high|big)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class EndpointFault:
    """What a server says went wrong."""

    message: str = ""
    signs: frozenset[str] = frozenset()
    """Its codes and types, in lower case."""
    parameter: str = ""
    """The parameter it names, such as `messages[0].role`."""
    status: int | None = None
    """The HTTP status it tells in its words."""

    @property
    def prompt_too_long(self) -> bool:
        if self.signs & TOO_LONG_SIGNS:
            return True
        return bool(_TOO_LONG.search(self.message)) and not self.answer_too_long and not _OF_RATE.search(self.message)

    @property
    def answer_too_long(self) -> bool:
        """Whether it was the wanted length of the answer that was refused."""
        return bool(_OF_ANSWER.search(self.message))


def fault_in(value: dict[str, JsonValue]) -> EndpointFault | None:
    """The fault that came in place of an answer, or in the middle of one."""
    failed = value.get("error") or "error" in (value.get("object"), value.get("type"))
    told = "choices" not in value and (value.get("detail") or value.get("errors") or as_text(value.get("message")))
    return _fault(value) if failed or told else None


def parse_fault(body: bytes) -> EndpointFault:
    """What an error answer says; empty when it says nothing that can be read."""
    try:
        return _fault(parsed(body))
    except Garbage:
        return EndpointFault(message=_plain(body))


def _fault(value: JsonValue) -> EndpointFault:
    layers = [*_layers(value)]
    said = [sentence for sentence in ([value] if isinstance(value, str) else map(_sentence, layers)) if sentence]
    codes = [as_word(layer.get(key)) for layer in layers for key in ("code", "type", "status")]
    return EndpointFault(
        message=": ".join(list(dict.fromkeys(said))[:MOST_SENTENCES])[:MOST_CHARACTERS],
        signs=frozenset(code.lower() for code in codes if code),
        parameter=next((named for layer in layers if (named := _parameter(layer))), ""),
        status=next((status for code in codes if (status := _status(code))), None),
    )


def _layers(value: JsonValue) -> Iterator[dict[str, JsonValue]]:
    for layer in objects_in(value, LAYERS):
        yield layer
        if raw := as_text(layer.get("raw")):  # what the server behind this one said, as text
            try:
                yield from objects_in(parsed(raw.encode("utf-8", "surrogateescape")), LAYERS)
            except (Garbage, UnicodeEncodeError):
                continue


def _sentence(layer: dict[str, JsonValue]) -> str:
    said = next(filter(None, (_said(layer.get(key)) for key in WORDS)), "")
    where = [as_word(part) for part in as_list(layer.get("loc"))]
    return f"{where[-1]}: {said}" if said and where else said


def _said(value: JsonValue) -> str:
    """A sentence, or a list of such; what looks like JSON is read as a layer of its own."""
    said = "; ".join(filter(None, map(as_text, as_list(value))))
    return "" if said.lstrip().startswith(("{", "[")) else said


def _parameter(layer: dict[str, JsonValue]) -> str:
    where = [as_word(part) for part in as_list(layer.get("loc"))]
    return as_text(layer.get("param")) or ".".join(part for part in where if part not in ("body", ""))


def _status(code: str) -> int | None:
    number = as_count(code)
    return number if number and 400 <= number < 600 else None


def _plain(body: bytes) -> str:
    """Words that are no JSON; a page for a browser says nothing to a person here."""
    text = body[:MOST_PLAIN_BYTES].decode("utf-8", "replace").strip()
    return "" if text.startswith("<") or "\ufffd" in text else text
