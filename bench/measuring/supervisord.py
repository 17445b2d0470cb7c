"""supervisord, the peer of what Senter's supervisor does."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from senter.operations.scratch import wait_until

START_SECONDS = 30.0
STOP_SECONDS = 30.0
SCRIPTS = Path(sys.executable).parent

CONFIGURATION = """\
[unix_http_server]
file={folder}/s.sock
[supervisord]
logfile={folder}/supervisord.log
pidfile={folder}/supervisord.pid
childlogdir={folder}
[rpcinterface:supervisor]
supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://{folder}/s.sock
"""
PROGRAM = """\
[program:{name}]
command={command}
autorestart=true
startsecs=0
startretries=1000
stopsignal=KILL
"""


@dataclass(frozen=True)
class Supervisord:
    """A running supervisord."""

    supervisorctl: tuple[str, ...]

    def status(self) -> str:
        command = (*self.supervisorctl, "status")
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout


@contextmanager
def supervisord(folder: Path, programs: Mapping[str, str]) -> Generator[Supervisord]:
    """Runs `programs`, command lines by name, and restarts them at once when they die."""
    path = folder / "supervisord.conf"
    sections = "".join(PROGRAM.format(name=name, command=command) for name, command in programs.items())
    path.write_text(CONFIGURATION.format(folder=folder) + sections, encoding="utf-8")
    running = Supervisord((str(SCRIPTS / "supervisorctl"), "-c", str(path)))
    process = subprocess.Popen((str(SCRIPTS / "supervisord"), "-n", "-s", "-c", str(path)), cwd=folder)
    try:
        wait_until(lambda: running.status().count("RUNNING") == len(programs), "supervisord is not up", START_SECONDS)
        yield running
    finally:
        process.terminate()
        process.wait(STOP_SECONDS)
