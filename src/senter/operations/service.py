"""Running the daemon as a service of the user's session: a systemd user unit or a launchd agent.

The definitions are pure functions of a `Launcher`; `ServiceManager` hands them to the program that owns
them. It does not start or stop a daemon that was started by hand: that is `senter start` and `senter stop`.
"""

from __future__ import annotations

import os
import plistlib
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import senter
from senter.errors import Conflict, InvalidInput, StartError, Unavailable
from senter.paths import Paths

UNIT_NAME = "senter.service"
AGENT_LABEL = "org.senter.daemon"
COMMAND_TIMEOUT_SECONDS = 200.0  # above the unit's TimeoutStartSec: `enable --now` waits for READY

ManagerName = Literal["systemd", "launchd"]

_UNIT = """\
[Unit]
Description=Senter, a personal assistant
StartLimitIntervalSec=300
StartLimitBurst=10

[Service]
Type=notify
NotifyAccess=main
ExecStart={command}
Environment={environment}
Restart=on-failure
RestartSec=5
WatchdogSec=30
TimeoutStartSec=180
TimeoutStopSec=20
KillMode=mixed
OOMPolicy=continue

[Install]
WantedBy=default.target
"""


@dataclass(frozen=True, slots=True)
class Launcher:
    """What a service runs, and for which home."""

    argv: tuple[str, ...]
    home: Path
    logs: Path

    @staticmethod
    def of_this_installation(paths: Paths) -> Launcher:
        """A checkout is run through bin/senter, which keeps its environment fresh; a package by its interpreter."""
        script = Path(senter.__file__).resolve().parents[2] / "bin" / "senter"
        program = (str(script),) if os.access(script, os.X_OK) else (sys.executable, "-P", "-m", "senter")
        return Launcher((*program, "start", "--foreground"), paths.home, paths.logs)


@dataclass(frozen=True, slots=True)
class ServiceStatus:
    """What the service manager knows about Senter."""

    manager: ManagerName
    path: Path
    installed: bool
    enabled: bool
    active: bool


def systemd_unit(launcher: Launcher) -> str:
    """The text of the user unit. Raises `InvalidInput` for a path that a unit cannot hold."""
    program, *arguments = launcher.argv
    command = " ".join([_unit_word(program), *(_unit_word(argument).replace("$", "$$") for argument in arguments)])
    return _UNIT.format(command=command, environment=_unit_word(f"SENTER_HOME={launcher.home}"))


def _unit_word(text: str) -> str:
    """One word in systemd's quoting (systemd.syntax(7)); `%` would begin a specifier."""
    if not text.isprintable() or any(character in text for character in "\"'\\"):
        raise InvalidInput(
            f"A systemd unit cannot hold this: {text!r}.", "Use a folder without quotes, backslashes and line ends."
        )
    return '"' + text.replace("%", "%%") + '"'


def launchd_agent(launcher: Launcher) -> str:
    """The text of the launch agent, an XML property list."""
    output = str(launcher.logs / "service.log")
    agent = {
        "Label": AGENT_LABEL,
        "ProgramArguments": list(launcher.argv),
        "EnvironmentVariables": {"SENTER_HOME": str(launcher.home)},
        "RunAtLoad": True,
        "KeepAlive": {"SuccessfulExit": False},
        "ThrottleInterval": 10,
        "ExitTimeOut": 20,
        "StandardOutPath": output,
        "StandardErrorPath": output,
    }
    return plistlib.dumps(agent).decode()


@dataclass(frozen=True, slots=True)
class ServiceManager:
    """systemd or launchd, as far as one service is concerned."""

    name: ManagerName
    path: Path
    text: str
    enable: tuple[tuple[str, ...], ...]
    """Run after the definition was written. Starts it too."""
    disable: tuple[str, ...]
    forget: tuple[tuple[str, ...], ...]
    """Run after the definition was removed."""
    ask_enabled: tuple[str, ...]
    ask_active: tuple[str, ...]
    hint: str

    def install(self) -> None:
        """Write the definition and start the service; it starts with the session from now on."""
        if self.path.exists() and self.path.read_text(encoding="utf-8") != self.text:
            raise Conflict(
                f"There is another Senter service in {self.path}.", "Remove it first with: senter service remove"
            )
        _write(self.path, self.text)
        for command in self.enable:
            _run(command, f"{self.path} was written, but {self.name} did not take it")

    def remove(self) -> bool:
        """Stop the service and remove its definition; whether there was one."""
        if not self.path.exists():
            return False
        stopped = _succeeds(self.disable)  # also fails for a service that was written but never taken
        if not stopped and _succeeds(self.ask_active):
            raise Unavailable(f"{self.name} could not stop the service.", f"Try: {' '.join(self.disable)}")
        self.path.unlink(missing_ok=True)
        for command in self.forget:
            _run(command, f"{self.path} was removed, but {self.name} did not take notice")
        return True

    def status(self) -> ServiceStatus:
        return ServiceStatus(
            self.name, self.path, self.path.exists(), _succeeds(self.ask_enabled), _succeeds(self.ask_active)
        )


def service_manager(paths: Paths, platform: str = sys.platform) -> ServiceManager:
    """The manager of this system. Raises `Unavailable` where there is none that Senter knows."""
    launcher = Launcher.of_this_installation(paths)
    if platform == "linux":
        return _systemd(launcher)
    if platform == "darwin":
        return _launchd(launcher)
    raise Unavailable(
        f"Senter cannot install itself as a service on {'Windows' if platform == 'win32' else platform}.",
        "Have the system run this at log-on instead: senter start",
    )


def _systemd(launcher: Launcher) -> ServiceManager:
    settings_home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    systemctl = ("systemctl", "--user")
    return ServiceManager(
        name="systemd",
        path=settings_home / "systemd" / "user" / UNIT_NAME,
        text=systemd_unit(launcher),
        enable=((*systemctl, "daemon-reload"), (*systemctl, "enable", "--now", UNIT_NAME)),
        disable=(*systemctl, "disable", "--now", UNIT_NAME),
        forget=((*systemctl, "daemon-reload"),),
        ask_enabled=(*systemctl, "--quiet", "is-enabled", UNIT_NAME),
        ask_active=(*systemctl, "--quiet", "is-active", UNIT_NAME),
        hint="It runs while you are logged in. To keep it running after that: loginctl enable-linger",
    )


def _launchd(launcher: Launcher) -> ServiceManager:
    path = Path.home() / "Library" / "LaunchAgents" / f"{AGENT_LABEL}.plist"
    domain = f"gui/{os.getuid()}"
    ask = ("launchctl", "print", f"{domain}/{AGENT_LABEL}")
    return ServiceManager(
        name="launchd",
        path=path,
        text=launchd_agent(launcher),
        enable=(("launchctl", "bootstrap", domain, str(path)),),
        disable=("launchctl", "bootout", f"{domain}/{AGENT_LABEL}"),
        forget=(),
        ask_enabled=ask,
        ask_active=ask,
        hint="It runs while you are logged in.",
    )


def _write(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StartError(f"{path} cannot be written: {error.strerror}.", "Make its folder writable.") from error


def _run(command: tuple[str, ...], failure: str) -> None:
    try:
        subprocess.run(command, check=True, capture_output=True, text=True, timeout=COMMAND_TIMEOUT_SECONDS)
    except FileNotFoundError as error:
        raise Unavailable(f"{failure}: there is no {command[0]} here.", f"Later, run: {' '.join(command)}") from error
    except subprocess.TimeoutExpired as error:
        raise Unavailable(f"{failure}: {command[0]} did not answer.", f"Try: {' '.join(command)}") from error
    except subprocess.CalledProcessError as error:
        detail = str(error.stderr).strip() or f"exit status {error.returncode}"
        raise Unavailable(f"{failure}: {detail}", f"Later, run: {' '.join(command)}") from error


def _succeeds(command: tuple[str, ...]) -> bool:
    try:
        answer = subprocess.run(command, check=False, capture_output=True, timeout=COMMAND_TIMEOUT_SECONDS)
    except (FileNotFoundError, subprocess.TimeoutExpired):
        return False
    return answer.returncode == 0
