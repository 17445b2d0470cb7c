"""A daemon that was told secrets in every place its settings have for them says none of them, and keeps its files to
itself."""

from __future__ import annotations

import json
import os
import signal
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from senter.components.specs import SPECS
from senter.operations.scratch import wait_until
from senter.paths import Paths
from senter.supervisor.configuration import sections
from tests.support.daemon import SUPERVISOR, UnixConnection, call, model_server, senter, short_home
from tests.support.marked_settings import MARKED, MARKER, Tables, as_toml, marked
from tests.support.scratch import ScratchDaemon, scratch_daemon

pytestmark = pytest.mark.process

# Says all it was told, and ends.
TELLS_ALL = "import os, sys; sys.exit(' '.join([*sys.argv, os.environ['KEY']]))"
COMMANDS = (
    ("config", "show"),
    ("config", "show", "--json"),
    ("config", "check"),
    ("status",),
    ("status", "--json"),
    ("status", "task_engine", "--json"),
    ("models",),
    ("tools",),
    ("tools", "--json"),
    ("tools", "test", "calendar_check"),
    ("tools", "test", "web_search", "query=tea"),
    ("notify", "test"),
    ("logs", "--level", "debug"),
    ("audit", "--json"),
)


def with_secrets(model_url: str) -> Tables:
    """Markers everywhere but in the address of the bus, which would lead to another cluster."""
    tables = marked(sections(SPECS))
    del tables["bus"]["url"]
    model = {"url": model_url, "name": "scripted", "embedded": False, "use_ollama": False}
    for name in ("models.primary", "models.research"):
        tables[name] |= model
    tables["reporter"]["targets"] = [MARKED, f"json://u:{MARKER}@127.0.0.1:9/{MARKER}"]
    servers = tables["task_engine"]["mcp_servers"]
    assert isinstance(servers, dict)
    servers["tells"] = {"command": [sys.executable, "-c", TELLS_ALL, MARKED, MARKER], "environment": {"KEY": MARKED}}
    return {**tables, "supervisor": {**SUPERVISOR}, "log": {"level": "debug"}}


@pytest.fixture(scope="module")
def daemon() -> Iterator[ScratchDaemon]:
    before = os.umask(0o000)
    try:
        with (
            short_home() as home,
            model_server() as model,
            scratch_daemon(home, as_toml(with_secrets(model.url))) as running,
        ):
            yield running
    finally:
        os.umask(before)


def api(daemon: ScratchDaemon) -> str:
    """What every address of the API says that needs no more than itself."""
    described = call(UnixConnection(daemon.paths), "GET", "/api/openapi.json").json
    paths = cast("dict[str, dict[str, object]]", described["paths"])
    plain = [path for path, methods in paths.items() if "get" in methods and "{" not in path and "events" not in path]
    assert {"/api/status", "/api/tools", "/api/models"} <= set(plain)
    return "\n".join(call(UnixConnection(daemon.paths), "GET", path).body.decode() for path in plain)


def test_a_running_daemon_says_no_secret_of_its_settings(daemon: ScratchDaemon) -> None:
    home = daemon.paths.home
    said = {" ".join(command): senter(home, *command).all for command in COMMANDS}
    said["api"] = api(daemon)
    said["start"] = json.dumps(daemon.lines)
    daemon.paths.settings.write_text(as_toml({"bus": {"password": [MARKED]}, "reporter": {"targets": MARKED}}))
    wait_until(lambda: bool(daemon.status()["settings_problem"]), "the settings are not looked at", 20)
    said["wrong settings"] = json.dumps(daemon.status()) + senter(home, "config", "check").all
    said |= {str(path): path.read_text(errors="replace") for path in daemon.paths.logs.iterdir()}
    assert [place for place, text in said.items() if MARKER in text] == []
    assert "tells.*" in said["tools"]
    assert "http://***@127.0.0.1:9/***" in said["config show"]


def test_no_other_user_can_read_what_is_in_run_and_logs(daemon: ScratchDaemon) -> None:
    paths = daemon.paths
    killed = daemon.kill("assistant", signal.SIGABRT)
    daemon.wait_for("assistant", "running", not_pid=killed)
    folders = {paths.run, paths.logs, paths.sockets}
    found = {path: path.lstat() for folder in folders for path in (folder, *folder.rglob("*"))}
    wide = {str(path): oct(one.st_mode) for path, one in found.items() if stat.S_IMODE(one.st_mode) != allowed(one)}
    assert wide == {}
    names = {path.name for path in found}
    assert {"nats-server.log", "output.log", "nats-server.json", "senter.pid", "port", "token", "senter.sock"} <= names


def allowed(found: os.stat_result) -> int:
    return 0o700 if stat.S_ISDIR(found.st_mode) else 0o600


def test_what_an_earlier_version_left_readable_is_closed_at_the_next_start(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "home")
    paths.make_folders()
    old = [paths.log("api"), paths.logs / "api.log.1", paths.pid]
    for path in old:
        path.write_text("old")
        path.chmod(0o664)
    paths.make_folders()
    assert [stat.S_IMODE(path.stat().st_mode) for path in old] == [0o600] * 3
