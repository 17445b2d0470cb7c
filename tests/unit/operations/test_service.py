from __future__ import annotations

import os
import plistlib
import shutil
import subprocess
from pathlib import Path

import pytest

from senter.errors import Conflict, InvalidInput, Unavailable
from senter.operations.service import (
    AGENT_LABEL,
    Launcher,
    launchd_agent,
    service_manager,
    systemd_unit,
)
from senter.paths import Paths


def launcher_in(folder: Path) -> Launcher:
    program = folder / "senter"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    return Launcher((str(program), "start", "--foreground"), folder, folder / "logs")


def verify(unit: Path, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", "verify", "--user", str(unit)],
        env={**os.environ, "XDG_RUNTIME_DIR": str(folder), "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
@pytest.mark.parametrize("name", ["plain", "with space", "per%hcent", "dol$lar", "größe"])
def test_systemd_accepts_the_unit_wherever_the_home_is(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    unit = tmp_path / "senter.service"
    unit.write_text(systemd_unit(launcher_in(folder)), encoding="utf-8")
    checked = verify(unit, tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed")
def test_systemd_would_refuse_a_unit_without_its_program(tmp_path: Path) -> None:
    unit = tmp_path / "senter.service"
    unit.write_text(systemd_unit(Launcher(("/nowhere/senter", "start"), tmp_path, tmp_path)), encoding="utf-8")
    assert verify(unit, tmp_path).returncode != 0


def test_the_unit_notifies_is_watched_and_starts_again_only_after_a_failure(tmp_path: Path) -> None:
    lines = systemd_unit(launcher_in(tmp_path)).splitlines()
    assert {"Type=notify", "NotifyAccess=main", "Restart=on-failure", "RestartSec=5", "WatchdogSec=30"} <= set(lines)
    assert f'Environment="SENTER_HOME={tmp_path}"' in lines


@pytest.mark.parametrize("name", ["two\nlines", 'quo"te', "quo'te", "back\\slash"])
def test_a_path_that_a_unit_cannot_hold_is_refused_with_a_sentence(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="cannot hold this"):
        systemd_unit(Launcher(("/bin/senter",), tmp_path / name, tmp_path))


def test_the_launch_agent_is_a_property_list_that_restarts_after_failure_only(tmp_path: Path) -> None:
    agent = plistlib.loads(launchd_agent(launcher_in(tmp_path)).encode())
    assert agent["Label"] == AGENT_LABEL
    assert agent["ProgramArguments"] == [str(tmp_path / "senter"), "start", "--foreground"]
    assert agent["KeepAlive"] == {"SuccessfulExit": False}
    assert agent["EnvironmentVariables"] == {"SENTER_HOME": str(tmp_path)}
    assert agent["RunAtLoad"] is True


def test_windows_gets_a_sentence_about_what_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="on Windows") as caught:
        service_manager(Paths(tmp_path), platform="win32")
    assert "senter start" in caught.value.hint


@pytest.fixture
def systemctl_calls(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A systemctl that writes down how it was called, and succeeds unless `refuse` exists."""
    folder = tmp_path / "bin"
    folder.mkdir()
    calls = tmp_path / "calls"
    program = folder / "systemctl"
    program.write_text(
        f'#!/bin/sh\necho "$@" >>{calls}\n[ ! -e {tmp_path}/refuse ] || {{ echo "no bus" >&2; exit 1; }}\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return calls


def test_installing_writes_the_unit_and_starts_it_and_removing_undoes_both(
    tmp_path: Path, systemctl_calls: Path
) -> None:
    manager = service_manager(Paths(tmp_path / "home"), platform="linux")
    manager.install()
    assert manager.path.read_text(encoding="utf-8") == manager.text
    assert systemctl_calls.read_text().splitlines() == ["--user daemon-reload", "--user enable --now senter.service"]
    assert manager.remove()
    assert not manager.path.exists()
    assert "--user disable --now senter.service" in systemctl_calls.read_text()
    assert not manager.remove()


def test_installing_twice_is_the_same_as_once_but_another_homes_service_is_left_alone(
    tmp_path: Path, systemctl_calls: Path
) -> None:
    service_manager(Paths(tmp_path / "one"), platform="linux").install()
    service_manager(Paths(tmp_path / "one"), platform="linux").install()
    with pytest.raises(Conflict, match="another Senter service"):
        service_manager(Paths(tmp_path / "two"), platform="linux").install()


def test_a_systemd_that_refuses_is_quoted_and_the_command_to_repeat_is_named(
    tmp_path: Path, systemctl_calls: Path
) -> None:
    (tmp_path / "refuse").touch()
    manager = service_manager(Paths(tmp_path / "home"), platform="linux")
    with pytest.raises(Unavailable, match="no bus") as caught:
        manager.install()
    assert "systemctl --user daemon-reload" in caught.value.hint
    status = manager.status()
    assert (status.installed, status.enabled, status.active) == (True, False, False)
