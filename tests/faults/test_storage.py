"""Folders that cannot be written, a disk that is full, and databases that are damaged or too new."""

from __future__ import annotations

import re
import shutil
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from senter.clock import SystemClock
from senter.components.specs import SPECS
from senter.errors import SenterError, StartError
from senter.operations.scratch import wait_until
from senter.paths import Paths
from senter.store.recovery import SIDE_FILES
from senter.store.snapshots import Snapshots
from tests.support.daemon import (
    Section,
    model_server,
    quick_settings,
    senter,
    short_home,
    texts,
    turns,
)
from tests.support.scratch import scratch_daemon
from tests.support.small_disk import fill, mounted

pytestmark = pytest.mark.process

DATABASES = ["conversations", "supervisor"]
OWNED = [*sorted(spec.database for spec in SPECS if spec.database), "supervisor"]
ADD_CONVERSATION = "INSERT INTO conversations VALUES (?, 'Bees', 'general', '2026-01-01', '2026-01-01')"


def test_a_read_only_home_is_refused_with_a_sentence() -> None:
    with short_home() as home, mounted(home):
        subprocess.run(["mount", "-o", "remount,ro", home], check=True)
        for arguments in (("start",), ("ask", "Why is the sky blue?")):
            said = senter(home, *arguments, "--json")
            assert said.code == 1
            assert str(home) in said.error["message"]
            assert said.error["hint"] == "Make it writable, free some space, or point SENTER_HOME at another folder."
        assert senter(home, "status").code == 3


def test_a_home_that_is_a_file_is_refused_with_a_sentence() -> None:
    with short_home() as folder:
        (folder / "file").write_text("")
        said = senter(folder / "file", "start", "--json")
        assert said.code == 1
        assert str(folder / "file") in said.error["message"]


def test_a_full_disk_fails_the_start_with_a_sentence_and_the_next_start_is_fine() -> None:
    with short_home() as home, mounted(home, "size=24m"):
        (home / "settings.toml").write_text(quick_settings())
        filler = fill(home)
        said = senter(home, "start", "--json")
        assert said.code == 1
        assert said.error["message"]
        assert "space" in said.error["hint"] or "space" in said.error["message"], said.error
        filler.unlink()
        with scratch_daemon(home) as daemon:
            assert daemon.status()["state"] == "running"


def test_a_disk_that_fills_up_refuses_questions_with_a_sentence_loses_nothing_and_recovers() -> None:
    with short_home() as home, mounted(home, "size=24m"), model_server() as model:
        with scratch_daemon(home, quick_settings(model.url)) as daemon:
            kept = daemon.client.ask("What is Ruby?")
            filler = fill(home)
            before = daemon.pids()
            with pytest.raises(SenterError) as refused:
                for number in range(100):  # what the databases have in reserve is soon used up
                    daemon.client.ask(f"What is {number}? " + "long " * 800)
            assert refused.value.code == "storage_full"
            assert "disk" in refused.value.message
            assert daemon.pids() == before
            filler.unlink()
            assert daemon.client.ask("What is Python?")["response"] == "Hello there"
            assert any(turn["query_id"] == kept["id"] for turn in turns(daemon))
        with scratch_daemon(home) as daemon:
            assert {"What is Ruby?", "What is Python?"} <= {turn["text"] for turn in turns(daemon)}


@pytest.fixture(scope="module")
def used_home() -> Iterator[Path]:
    """A home in which a daemon ran, was asked something, and stopped."""
    with short_home() as home, model_server() as model:
        with scratch_daemon(home, quick_settings(model.url)) as daemon:
            daemon.client.ask("What is a snapshot?")
        yield home


@pytest.fixture
def paths(used_home: Path) -> Iterator[Paths]:
    """A copy of it."""
    with short_home() as home:
        shutil.copytree(used_home, home, dirs_exist_ok=True)
        yield Paths(home)


def damage(path: Path) -> None:
    """Overwrite everything behind the file's first page."""
    with path.open("r+b") as file:
        file.seek(0)
        file.write(b"\xde\xad" * 4_096)


def take_snapshot(paths: Paths, name: str) -> None:
    Snapshots(paths.snapshots, name, SystemClock()).take(paths.database(name))


def test_a_damaged_database_is_set_aside_and_the_newest_snapshot_goes_on_and_that_is_said(paths: Paths) -> None:
    take_snapshot(paths, "conversations")
    damage(paths.database("conversations"))
    with model_server() as model:
        with scratch_daemon(paths.home, quick_settings(model.url)) as daemon:
            said = texts(daemon.lines)
            assert "conversations.db was damaged" in said
            assert "replaced by the snapshot conversations-" in said
            assert list(paths.data.glob("conversations.db.corrupt-*"))
            assert [turn["text"] for turn in turns(daemon)] == ["What is a snapshot?"]
            assert daemon.client.ask("After it.")["response"] == "Hello there"
        with scratch_daemon(paths.home) as daemon:
            assert "damaged" not in texts(daemon.lines)


def test_a_missing_database_is_damage_and_not_a_first_start(paths: Paths) -> None:
    assert sorted(path.stem for path in paths.data.glob("*.db")) == sorted(OWNED)
    for name in OWNED:
        take_snapshot(paths, name)
        paths.database(name).unlink()
    with scratch_daemon(paths.home, quick_settings()) as daemon:
        said = texts(daemon.lines)
        for name in OWNED:
            assert f"{name}.db was damaged (it is gone): it was replaced by the snapshot {name}-" in said
        assert [turn["text"] for turn in turns(daemon)] == ["What is a snapshot?"]
        health = str(daemon.component("assistant")["health"])
        assert "it is gone" in health
        assert "degraded" in health
    with scratch_daemon(paths.home) as daemon:
        assert "damaged" not in texts(daemon.lines)


def test_an_index_with_a_bad_page_costs_nothing_and_is_said(paths: Paths) -> None:
    with closing(sqlite3.connect(paths.database("conversations"), isolation_level=None)) as connection:
        connection.execute("BEGIN")
        connection.executemany(ADD_CONVERSATION, [(f"{number:04}",) for number in range(2_000)])
        connection.execute("COMMIT")
        root = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = 'conversations_by_change'")
        page = root.fetchone()[0]
    with paths.database("conversations").open("r+b") as file:
        file.seek((page - 1) * 4_096)
        file.write(b"\xa5" * 4_096)
    with scratch_daemon(paths.home, quick_settings()) as daemon:
        said = texts(daemon.lines)
        assert "conversations.db was damaged" in said
        assert "none is missing" in said
    with closing(sqlite3.connect(paths.database("conversations"))) as connection:
        assert connection.execute("SELECT count(*) FROM conversations").fetchone()[0] >= 2_000


def test_damaged_databases_without_a_snapshot_are_replaced_by_empty_ones(paths: Paths) -> None:
    for old in paths.snapshots.iterdir():
        old.unlink()
    for name in DATABASES:
        damage(paths.database(name))
    with model_server() as model, scratch_daemon(paths.home, quick_settings(model.url)) as daemon:
        said = texts(daemon.lines)
        for name in DATABASES:
            assert re.search(rf"{name}\.db was damaged .*: .* an empty file, for want of a good snapshot", said)
            assert list(paths.data.glob(f"{name}.db.corrupt-*"))
        assert daemon.client.ask("Anyone?")["response"] == "Hello there"


def test_a_database_damaged_under_a_running_component_is_replaced_when_it_is_noticed() -> None:
    with short_home() as home, model_server() as model, scratch_daemon(home, quick_settings(model.url)) as daemon:
        daemon.client.ask("Anyone?")
        before = daemon.pid("assistant")
        damage(daemon.paths.database("conversations"))
        daemon.kill("assistant")  # its successor has nothing of the file in memory
        daemon.wait_for("assistant", "running", not_pid=before)
        assert daemon.client.ask("Anyone?")["response"] == "Hello there"
        wait_until(lambda: "was damaged" in str(daemon.component("assistant")["health"]), "it is not said", 10)


def test_a_database_deleted_under_a_running_component_costs_nothing() -> None:
    with short_home() as home, model_server() as model:
        with scratch_daemon(home, quick_settings(model.url)) as daemon:
            daemon.client.ask("What is before?")
            pid, database = daemon.pid("assistant"), daemon.paths.database("conversations")
            for suffix in ("", *SIDE_FILES):
                database.with_name(database.name + suffix).unlink()
            with suppress(SenterError):  # it is not acknowledged, or asked again of the next
                daemon.client.ask("What is new?")
            daemon.wait_for("assistant", "running", not_pid=pid)
            daemon.client.ask("After.")
            assert {"What is before?", "After."} <= {turn["text"] for turn in turns(daemon)}
        with scratch_daemon(home) as daemon:
            assert "damaged" not in texts(daemon.lines)
            assert {"What is before?", "After."} <= {turn["text"] for turn in turns(daemon)}


@pytest.mark.parametrize("name", DATABASES)
def test_a_database_of_a_newer_senter_is_refused_and_left_as_it_is(paths: Paths, name: str) -> None:
    limits: Section = {"fast_limit": 2, "first_wait_seconds": 0.05, "quiet_seconds": 300.0}
    path = paths.database(name)
    with closing(sqlite3.connect(path)) as connection, connection:
        later = "SELECT DISTINCT owner, 99, '0099_later.sql', '', '' FROM schema_migrations"
        connection.execute(f"INSERT INTO schema_migrations {later}")
    before = path.read_bytes()
    refusal = rf"{path} has schema version 99; this Senter knows up to \d\."
    try:
        with scratch_daemon(paths.home, quick_settings(supervisor=limits)) as daemon:
            assert name != "supervisor"
            assert re.search(refusal, texts(daemon.lines))
            daemon.wait_for("assistant", "stopped_by_repeated_failure")
            assert "schema version 99" in str(daemon.component("assistant")["reason"])
            with pytest.raises(SenterError, match="schema version 99"):
                daemon.client.ask("Anyone?")
    except StartError as error:
        assert name == "supervisor", error.message
        assert re.search(refusal, error.message)
    assert path.read_bytes() == before
