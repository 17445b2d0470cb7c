"""Where Senter's folders are when nobody says."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import platformdirs
import pytest

from senter.paths import from_environment, user_folder


@pytest.mark.parametrize("chosen", [None, "/somewhere/else", "relative"])
@pytest.mark.parametrize("kind", ["data", "cache"])
def test_the_user_s_folders_are_where_the_system_has_them(
    monkeypatch: pytest.MonkeyPatch, kind: Literal["data", "cache"], chosen: str | None
) -> None:
    variable = f"XDG_{kind.upper()}_HOME"
    monkeypatch.setenv(variable, chosen) if chosen else monkeypatch.delenv(variable, raising=False)
    known = {"data": platformdirs.user_data_path, "cache": platformdirs.user_cache_path}[kind]
    assert user_folder(kind) == known("senter", appauthor=False)


def test_a_home_above_this_folder_has_its_own_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    monkeypatch.setenv("SENTER_HOME", "../there")
    assert from_environment().home == tmp_path / "there"


def test_a_home_that_is_named_is_the_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SENTER_HOME", str(tmp_path))
    assert from_environment().home == tmp_path
    monkeypatch.delenv("SENTER_HOME")
    assert from_environment().home == user_folder("data")
