"""The catalogue agrees with itself and with the lock file of its parts."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from senter.errors import NotFound
from senter.weights.catalogue import BRAIN, catalogue, find_weights, pinned_parts

ROOT = Path(__file__).parents[3]


@pytest.mark.parametrize("name", catalogue())
def test_an_entry_is_whole(name: str) -> None:
    weights = find_weights(name)
    assert re.fullmatch(r"[0-9a-f]{64}", weights.sha256)
    assert weights.address.startswith("https://")
    assert weights.address.endswith(weights.file)
    assert weights.licence
    assert weights.memory_mib * 1024 * 1024 > weights.size_bytes * 0.9


@pytest.mark.parametrize("name", [name for name, weights in catalogue().items() if weights.package])
def test_the_parts_of_an_entry_make_up_its_size_and_each_is_pinned(name: str) -> None:
    weights = find_weights(name)
    parts = pinned_parts(weights)
    assert len(parts) == -(-weights.size_bytes // weights.part_bytes)
    for number, line in enumerate(parts, start=1):
        assert re.fullmatch(rf"{weights.package}{number}==[\d.]+ --hash=sha256:[0-9a-f]{{64}}", line)


def test_the_brain_is_one_of_them() -> None:
    assert BRAIN in catalogue()


def test_a_name_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(NotFound) as refused:
        find_weights("gpt-5")
    assert BRAIN in refused.value.hint


def test_the_case_of_a_name_does_not_matter() -> None:
    assert find_weights(BRAIN.upper()) is find_weights(BRAIN)


def test_the_licence_of_what_is_fetched_by_itself_comes_along_with_its_notice() -> None:
    shipped = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["license-files"]
    assert {"LICENSE", "NOTICE"} <= set(shipped)
    assert find_weights(BRAIN).licence == "Apache-2.0"
    assert "Apache License" in (ROOT / "LICENSE").read_text("utf-8")
    assert "Qwen2.5-Coder-1.5B-Instruct (GGUF), Copyright 2024 Alibaba Cloud" in (ROOT / "NOTICE").read_text("utf-8")
