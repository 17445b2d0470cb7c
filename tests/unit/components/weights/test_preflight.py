"""What the start says about the default model."""

from __future__ import annotations

from pathlib import Path

import pytest

from senter.components.weights.preflight import look
from senter.components.weights.settings import WeightsSettings
from senter.paths import Paths
from senter.weights import room


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    variables = {
        "SENTER_HOME": str(tmp_path),
        "SENTER_MODELS__FOLDER": str(tmp_path / "cache"),
        "SENTER_MODELS__PRIMARY__USE_OLLAMA": "false",
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("SENTER_MODELS__FETCH")
    monkeypatch.setattr(room, "LEAST_MEMORY_BYTES", 0)
    monkeypatch.setattr(room, "LEAST_DISK_BYTES", 0)
    return tmp_path


async def test_what_will_be_fetched_is_said_with_how_to_leave_it_out(home: Path) -> None:
    (found,) = await look(WeightsSettings(), Paths(home))
    assert found.well
    assert "huggingface.co" in found.text
    assert "--small" in found.hint


async def test_why_it_is_left_out_is_said(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LEAST_DISK_BYTES", 10**18)
    (found,) = await look(WeightsSettings(), Paths(home))
    assert found.well
    assert "disk" in found.text
    assert found.hint


async def test_who_leaves_it_out_is_told_nothing(home: Path) -> None:
    (home / "settings.toml").write_text('[models]\nfetch = "never"\n')
    assert await look(WeightsSettings(), Paths(home)) == []
