"""How a component and its isolated child speak: frames of a JSON head and raw bytes, on pipes.

A frame that announces more than the reader takes is refused before any of it is kept.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, cast

from senter.errors import TooLarge

if TYPE_CHECKING:  # a child is started often, and does without them
    from asyncio import StreamReader

    from pydantic import JsonValue

LENGTHS = struct.Struct(">IQ")
LARGEST_FRAME_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Frame:
    """One message, either way."""

    head: dict[str, JsonValue]
    body: bytes = b""

    def encode(self) -> bytes:
        head = json.dumps(self.head, ensure_ascii=True).encode()
        return LENGTHS.pack(len(head), len(self.body)) + head + self.body


async def receive(stream: StreamReader, limit_bytes: int) -> Frame:
    """The next frame. Raises `TooLarge`, `ValueError` for what is none, `EOFError` at the end."""
    head_bytes, body_bytes = _lengths(await stream.readexactly(LENGTHS.size), limit_bytes)
    head = await stream.readexactly(head_bytes)
    return Frame(_head(head), await stream.readexactly(body_bytes))


def read(pipe: BinaryIO, limit_bytes: int = LARGEST_FRAME_BYTES) -> Frame | None:
    """The next frame, for a child; none at the end."""
    start = pipe.read(LENGTHS.size)
    if len(start) < LENGTHS.size:
        return None
    head_bytes, body_bytes = _lengths(start, limit_bytes)
    head = pipe.read(head_bytes)
    body = pipe.read(body_bytes)
    return Frame(_head(head), body) if len(body) == body_bytes else None


def write(pipe: BinaryIO, frame: Frame) -> None:
    pipe.write(frame.encode())
    pipe.flush()


def _lengths(start: bytes, limit_bytes: int) -> tuple[int, int]:
    head_bytes, body_bytes = LENGTHS.unpack(start)
    if head_bytes + body_bytes > limit_bytes:
        raise TooLarge(f"{head_bytes + body_bytes:,} bytes came at once; at most {limit_bytes:,} are taken.")
    return head_bytes, body_bytes


def _head(text: bytes) -> dict[str, JsonValue]:
    head: object = json.loads(text)
    if not isinstance(head, dict):
        raise ValueError("the head of a frame is no object")  # noqa: TRY004 - it is about content
    return cast("dict[str, JsonValue]", head)
