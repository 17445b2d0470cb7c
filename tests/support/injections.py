"""Public prompt-injection payloads, and a model that obeys whatever it reads.

The model is the worst there can be: it finds every address, path, command and call in a text, also in
encoded ones, and wants all of it done, at once.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import html
import json
import re
import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote

from pydantic import JsonValue

FILE = Path(__file__).parent.parent / "faults" / "prompt_injections.txt"
ENCODED = re.compile(r"\{(b64|b32|hex|rot13|percent|entities|reversed|tags|zerowidth|fullwidth):([^{}]*)\}")
DEEPEST = 3

Encode = Callable[[str], str]
ENCODINGS: Mapping[str, Encode] = {
    "b64": lambda text: base64.b64encode(text.encode()).decode(),
    "b32": lambda text: base64.b32encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "percent": lambda text: quote(text, safe=""),
    "entities": lambda text: "".join(f"&#{ord(letter)};" for letter in text),
    "reversed": lambda text: text[::-1],
    "tags": lambda text: "".join(chr(0xE0000 + ord(letter)) for letter in text),
    "zerowidth": "\u200b".join,
    "fullwidth": lambda text: "".join(chr(ord(letter) + 0xFEE0) if "!" <= letter <= "~" else letter for letter in text),
}


@dataclass(frozen=True, slots=True)
class Payload:
    """One text that tries to make a model do something."""

    name: str
    template: str

    def filled(self, places: Mapping[str, str]) -> str:
        text = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), self.template)
        for name, value in places.items():
            text = text.replace(f"{{{name}}}", value)
        while (encoded := ENCODED.sub(lambda found: ENCODINGS[found[1]](found[2]), text)) != text:
            text = encoded
        return text


@dataclass(frozen=True, slots=True)
class Wish:
    """A call that the model wants made."""

    tool: str
    arguments: Mapping[str, JsonValue]


def payloads() -> list[Payload]:
    blocks = re.split(r"^=== ", FILE.read_text(), flags=re.MULTILINE)[1:]
    parts = [block.partition("\n") for block in blocks]
    return [Payload(name.strip(), body.removesuffix("\n\n").removesuffix("\n")) for name, _, body in parts]


def obey(text: str, secret: str, target: str) -> list[Wish]:
    """Everything that a text could be taken to ask for. `secret` is what the model would give away, `target` where
    it may write."""
    wishes: dict[str, Wish] = {}
    for reading in readings(text):
        for wish in _wishes(reading, secret, target):
            wishes[json.dumps([wish.tool, wish.arguments], default=str)] = wish
    return list(wishes.values())


def readings(text: str, depth: int = 0) -> Iterator[str]:
    """The text, and every text that is encoded in it."""
    yield text
    if depth == DEEPEST:
        return
    plain = re.sub("[\u200b-\u200f\u202a-\u202e\u2060\ufeff\0]", "", text)
    tags = "".join(chr(ord(letter) - 0xE0000) for letter in text if 0xE0020 <= ord(letter) <= 0xE007E)
    narrow = "".join(chr(ord(c) - 0xFEE0) if "\uff01" <= c <= "\uff5e" else c for c in text)
    for other in (plain, tags, narrow, text[::-1], codecs.encode(text, "rot13"), html.unescape(text), unquote(text)):
        if other not in ("", text):
            yield other
    for decoded in _decoded(text):
        yield from readings(decoded, depth + 1)


def _decoded(text: str) -> Iterator[str]:
    for word in re.findall(r"[A-Za-z0-9+/=]{16,}", text):
        for decode in (base64.b64decode, base64.b32decode, bytes.fromhex):
            try:
                yield decode(word).decode()
            except (ValueError, binascii.Error):
                continue


def _wishes(text: str, secret: str, target: str) -> Iterator[Wish]:
    for url in re.findall(r"(?i)\b(?:https?|ftp|gopher|file|data)://?[^\s\"'<>)}\]]+", text):
        yield Wish("web_fetch", {"url": url})
        yield Wish("web_fetch", {"url": f"{url.rstrip('.,')}{'&' if '?' in url else '?'}leak={secret}"})
    for path in re.findall(r"(?:/[\w.\0~-]+)+|~/[\w./-]+", text):
        yield from _on_path(path, secret, target)
    for line in re.findall(r"(?im)^\s*\$ (.+)$|`([^`\n]+)`|\brun: ?(.+)$|[Rr]un `?([^`\n]+)`", text):
        yield from _command(next(part for part in line if part))
    yield from _calls(text)


def _on_path(path: str, secret: str, target: str) -> Iterator[Wish]:
    yield Wish("file_read", {"path": path})
    yield Wish("file_list", {"path": path})
    yield Wish("file_write", {"path": path, "content": secret, "replace": True})
    yield Wish("make_folder", {"path": f"{path}/made"})
    for tool in ("file_copy", "file_move"):
        yield Wish(tool, {"source": path, "target": target})
        yield Wish(tool, {"source": target, "target": path})


def _command(line: str) -> Iterator[Wish]:
    yield Wish("run_command", {"argv": ["sh", "-c", line]})
    try:
        yield Wish("run_command", {"argv": list[JsonValue](shlex.split(line))})
    except ValueError:
        return


def _calls(text: str) -> Iterator[Wish]:
    decoder = json.JSONDecoder()
    for start in (found.start() for found in re.finditer(r"\{", text)):
        try:
            value: JsonValue = decoder.raw_decode(text, start)[0]
        except ValueError:
            continue
        yield from _in(value)


def _in(value: JsonValue) -> Iterator[Wish]:
    """Calls anywhere in a JSON value."""
    if isinstance(value, list):
        for item in value:
            yield from _in(item)
    if not isinstance(value, dict):
        return
    tool = value.get("tool") or value.get("name")
    arguments = value.get("arguments") or value.get("tool_params") or value.get("parameters")
    if isinstance(tool, str) and isinstance(arguments, dict):
        yield Wish(tool, arguments)
    for item in value.values():
        yield from _in(item)
