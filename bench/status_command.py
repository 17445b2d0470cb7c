"""How long `senter status --json` takes, the whole command, beside `supervisorctl status` in the same run.

Starts one daemon and one supervisord with as many programs as the daemon has components, then runs both
commands in turns. Prints JSON; times are in milliseconds.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[1]
SENTER = (sys.executable, "-P", "-m", "senter")

_SUPERVISORD = """\
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


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--runs", type=int, default=30)
    runs: int = options.parse_args().runs
    with tempfile.TemporaryDirectory(prefix="sn", dir="/tmp") as folder:
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "SENTER_HOME": folder, "SENTER_API__PORT": "0"}
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        with _daemon(environment) as components, _supervisord(Path(folder), components) as supervisorctl:
            times: dict[str, list[float]] = {"senter": [], "supervisorctl": []}
            for _ in range(runs):
                times["senter"].append(_timed((*SENTER, "status", "--json"), environment))
                times["supervisorctl"].append(_timed((*supervisorctl, "status"), environment))
    print(json.dumps({"figure": "status_command", "components": components, **_summary(times)}))


@contextmanager
def _daemon(environment: Mapping[str, str]) -> Generator[int]:
    subprocess.run((*SENTER, "start"), env=environment, check=True, stdout=subprocess.DEVNULL)
    try:
        answer = subprocess.run(
            (*SENTER, "status", "--json"), env=environment, check=True, stdout=subprocess.PIPE
        ).stdout
        yield len(json.loads(answer)["components"])
    finally:
        subprocess.run((*SENTER, "stop"), env=environment, check=True, stdout=subprocess.DEVNULL)


@contextmanager
def _supervisord(folder: Path, programs: int) -> Generator[tuple[str, ...]]:
    settings = folder / "supervisord.conf"
    sections = "".join(f"[program:p{number}]\ncommand=sleep 3600\n" for number in range(programs))
    settings.write_text(_SUPERVISORD.format(folder=folder) + sections, encoding="utf-8")
    scripts = Path(sys.executable).parent
    supervisorctl = (str(scripts / "supervisorctl"), "-c", str(settings))
    process = subprocess.Popen((str(scripts / "supervisord"), "-n", "-s", "-c", str(settings)))
    try:
        _wait_until_all_run(supervisorctl, programs)
        yield supervisorctl
    finally:
        process.terminate()
        process.wait(30)


def _wait_until_all_run(supervisorctl: Sequence[str], programs: int) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        answer = subprocess.run((*supervisorctl, "status"), capture_output=True, text=True, check=False).stdout
        if answer.count("RUNNING") == programs:
            return
        time.sleep(0.1)
    raise TimeoutError("supervisord did not start its programs")


def _timed(command: Sequence[str], environment: Mapping[str, str]) -> float:
    began = time.perf_counter()
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - began) * 1_000


def _summary(times: Mapping[str, Sequence[float]]) -> dict[str, object]:
    figures: dict[str, object] = {}
    for name, values in times.items():
        ordered = sorted(values)
        figures[name] = {
            "median_ms": round(statistics.median(ordered), 1),
            "min_ms": round(ordered[0], 1),
            "p95_ms": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
            "runs": len(ordered),
        }
    return figures


if __name__ == "__main__":
    main()
