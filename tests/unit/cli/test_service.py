from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pytest

from tests.support.scripted_daemon import Cli, ScriptedDaemon

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="systemd user units are Linux's")


@pytest.fixture
def with_systemd(cli: Cli, tmp_path: Path) -> Cli:
    """A systemctl that says yes to everything but that the service is active."""
    program = tmp_path / "systemctl"
    program.write_text('#!/bin/sh\ncase "$*" in *is-active*) exit 3 ;; esac\n')
    program.chmod(0o755)
    environment = {"PATH": f"{tmp_path}:{os.environ['PATH']}", "XDG_CONFIG_HOME": str(tmp_path / "config")}
    return Cli(cli.home, environment)


def test_print_shows_the_unit_for_this_home_and_installs_nothing(with_systemd: Cli, tmp_path: Path) -> None:
    shown = with_systemd.run("service", "install", "--print")
    assert shown.returncode == 0
    assert f'Environment="SENTER_HOME={with_systemd.home}"' in shown.stdout
    assert '"start" "--foreground"' in shown.stdout
    assert not (tmp_path / "config").exists()


def test_install_status_and_remove(with_systemd: Cli, tmp_path: Path) -> None:
    installed = with_systemd.run("service", "install")
    assert installed.returncode == 0
    assert "loginctl enable-linger" in installed.stdout
    status = json.loads(with_systemd.run("service", "status", "--json").stdout)
    assert status == {
        "manager": "systemd",
        "path": str(tmp_path / "config" / "systemd" / "user" / "senter.service"),
        "installed": True,
        "enabled": True,
        "active": False,
    }
    assert json.loads(with_systemd.run("service", "remove", "--json").stdout)["removed"] is True
    assert json.loads(with_systemd.run("service", "remove", "--json").stdout)["removed"] is False


def test_a_daemon_that_was_started_by_hand_is_not_fought_with(with_systemd: Cli, daemon: ScriptedDaemon) -> None:
    assert with_systemd.refused("service", "install") == (1, "conflict")
    assert json.loads(with_systemd.run("service", "status", "--json").stdout)["installed"] is False


def test_without_systemd_an_installation_fails(cli: Cli, tmp_path: Path) -> None:
    bare = Cli(cli.home, {"PATH": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config")})
    assert bare.refused("service", "install") == (1, "unavailable")
