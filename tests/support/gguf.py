"""Small GGUF files: with a header that is right, and nothing in them that could answer."""

from __future__ import annotations

import struct
from pathlib import Path

ALIGNMENT = 32
F32, Q4_K = 0, 12
WORDS = ("a", "b")


def text(words: str) -> bytes:
    return struct.pack("<Q", len(words)) + words.encode()


def tensor(name: str, shape: tuple[int, ...], kind: int, offset: int) -> bytes:
    return text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, kind, offset)


def gguf_bytes() -> bytes:
    """Two tensors, one of 256 numbers in 144 bytes and one of 8 in 32, after a few facts."""
    words = text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, len(WORDS)) + b"".join(map(text, WORDS))
    facts = words + text("tiny.block_count") + struct.pack("<II", 4, 7)
    tensors = tensor("first", (256,), Q4_K, 0) + tensor("second", (4, 2), F32, 160)
    header = b"GGUF" + struct.pack("<IQQ", 3, 2, 2) + facts + tensors
    return header + bytes(-len(header) % ALIGNMENT) + bytes(160 + 32)


def gguf_file(path: Path) -> Path:
    path.write_bytes(gguf_bytes())
    return path
