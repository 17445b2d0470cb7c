from __future__ import annotations

import stat
from pathlib import Path

import pytest

from senter.shell.history import KEPT_BYTES, LONGEST_CHARACTERS, PrivateHistory


def kept(file: Path) -> list[str]:
    return list(PrivateHistory(file).load_history_strings())


def test_what_was_typed_is_there_again_newest_first(tmp_path: Path) -> None:
    file = tmp_path / "history"
    history = PrivateHistory(file)
    history.store_string("what is on tomorrow")
    history.store_string("two\nlines")
    assert kept(file) == ["two\nlines", "what is on tomorrow"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_two_shells_keep_what_both_were_told(tmp_path: Path) -> None:
    file = tmp_path / "history"
    one, other = PrivateHistory(file), PrivateHistory(file)
    one.store_string("one")
    other.store_string("other")
    one.store_string("one again")
    assert kept(file) == ["one again", "other", "one"]


@pytest.mark.parametrize("secret", ["/config set password=hunter2hunter2", "my api_key: abcdef123456", "x" * 5_000])
def test_secrets_and_pastes_are_not_kept(tmp_path: Path, secret: str) -> None:
    file = tmp_path / "history"
    PrivateHistory(file).store_string(secret)
    assert not file.exists()


def test_others_cannot_read_a_history_that_they_could(tmp_path: Path) -> None:
    file = tmp_path / "history"
    file.write_text("\n# then\n+old\n")
    file.chmod(0o644)
    assert kept(file) == ["old"]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_damaged_history_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    file = tmp_path / "history"
    file.write_bytes(b"\n# then\n+good\n\xff\xfe\x00garbage\n+bad \xff\n")
    assert "good" in kept(file)


def test_what_cannot_be_written_is_said_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    history = PrivateHistory(tmp_path / "is not there" / "history")
    history.store_string("one")
    history.store_string("two")
    assert capsys.readouterr().err.count("is not kept") == 1


def test_a_long_history_keeps_its_newest_half(tmp_path: Path) -> None:
    file = tmp_path / "history"
    history = PrivateHistory(file)
    text = "y" * (LONGEST_CHARACTERS - 10)
    count = KEPT_BYTES // len(text) + 2
    for number in range(count):
        history.store_string(f"{text} {number}")
    found = kept(file)
    assert found[0].endswith(f" {count - 1}")
    assert file.stat().st_size < KEPT_BYTES
    assert 0.3 * count < len(found) < 0.7 * count
