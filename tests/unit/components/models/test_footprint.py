"""The memory a worker may use follows from its model's file."""

from __future__ import annotations

import struct
from pathlib import Path

import psutil
import pytest
import structlog

from senter.component.spec import ComponentSpec
from senter.components.models.embedded import EmbeddedModel
from senter.components.models.footprint import memory_limit_mb
from senter.components.models.settings import PrimarySettings
from senter.components.models.spec import PRIMARY, RESEARCH
from senter.components.models.speed import SpeedRecords

MIB = 1024 * 1024
GIB = 1024 * MIB
# Those of a model of 1.5 billion parameters: 28 layers, two heads of 128 numbers each: 28 KiB a token.
SIZES = {"block_count": 28, "embedding_length": 1_536, "attention.head_count": 12, "attention.head_count_kv": 2}


def text(words: str) -> bytes:
    return struct.pack("<Q", len(words)) + words.encode()


ENDLESS, NESTED = (
    b"GGUF" + struct.pack("<IQQ", 3, 0, 9) + text("a.b") + struct.pack("<IIQ", 9, kind, 2**63) + bytes(1_000)
    for kind in (12, 9)
)


def model_file(path: Path, size_bytes: int, sizes: dict[str, int] = SIZES) -> Path:
    """As large as a real one, and empty but for its first facts: a list of words before the sizes."""
    words = text("tokenizer.ggml.tokens") + struct.pack("<IIQ", 9, 8, 2) + text("a") + text("b")
    numbers = [text(f"qwen2.{name}") + struct.pack("<II", 4, number) for name, number in sizes.items()]
    with path.open("wb") as file:
        file.write(b"GGUF" + struct.pack("<IQQ", 3, 0, 1 + len(numbers)) + words + b"".join(numbers))
        file.truncate(size_bytes)
    return path


def limit(file: Path, **more: int) -> int:
    return memory_limit_mb(PrimarySettings.model_validate({"embedded_model": str(file), **more}))


def test_a_file_of_a_gigabyte_gets_nearly_twice_that_and_its_context(tmp_path: Path) -> None:
    file = model_file(tmp_path / "a.gguf", GIB)
    assert limit(file) == round(1.8 * 1_024 + 2 * 2_560 * 28 / 1_024) + 320
    assert limit(file, context_tokens=32_768, slots=1) == round(1.8 * 1_024 + 32 * 28) + 320


def test_a_small_file_or_none_keeps_the_limit_there_was(tmp_path: Path) -> None:
    assert memory_limit_mb(PrimarySettings()) == 1_024
    assert limit(tmp_path / "missing.gguf") == 1_024
    assert (
        memory_limit_mb(PrimarySettings(embedded=False, embedded_model=str(model_file(tmp_path / "a", GIB)))) == 1_024
    )


def test_a_file_in_parts_counts_whole(tmp_path: Path) -> None:
    first = model_file(tmp_path / "a-00001-of-00002.gguf", GIB)
    alone = limit(first)
    model_file(tmp_path / "a-00002-of-00002.gguf", GIB)
    assert limit(first) - alone == round(1.8 * 1_024)


@pytest.mark.parametrize("content", [b"", b"GGUF", b"GGUF" + b"\xff" * 100, ENDLESS, NESTED, b"no model"])
def test_a_file_that_says_nothing_of_its_sizes_gets_more_rather_than_less(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "a.gguf"
    with file.open("wb") as opened:
        opened.write(content)
        opened.truncate(GIB)
    assert limit(file) > limit(model_file(tmp_path / "b.gguf", GIB))


@pytest.mark.parametrize("spec", [PRIMARY, RESEARCH])
def test_what_a_person_sets_wins(tmp_path: Path, spec: ComponentSpec) -> None:
    file = str(model_file(tmp_path / "a.gguf", GIB))
    assert spec.memory_limit_mb(spec.settings.model_validate({"embedded_model": file})) > 2_048
    chosen = spec.settings.model_validate({"embedded_model": file, "max_memory_mb": 1_024})
    assert spec.memory_limit_mb(chosen) == 1_024


@pytest.mark.model
async def test_the_model_that_comes_with_senter_stays_within_what_is_reckoned(tmp_path: Path) -> None:
    before = psutil.Process().memory_full_info().pss
    records = SpeedRecords(tmp_path / "speed.json")
    model = EmbeddedModel(PrimarySettings(), tmp_path / "m.sock", records, structlog.stdlib.get_logger("test"))
    await model.endpoint()
    taken = (psutil.Process().memory_full_info().pss - before) / MIB
    await model.close()
    assert 98 < taken < memory_limit_mb(PrimarySettings(max_memory_mb=32))
