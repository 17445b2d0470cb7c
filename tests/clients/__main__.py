"""`bin/clients [NAME ...]`: programs with clients that others wrote talk to /v1 of a real daemon, which asks a scripted
server. Ends with 1 where one of them fails."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from tests.clients.environments import CLIENTS, ROOT, Client
from tests.clients.scripted_openai import serving
from tests.support.daemon import quick_settings, short_home, tcp_port
from tests.support.scratch import scratch_daemon

MOST_SECONDS = 120


def main(names: list[str]) -> int:
    chosen = [CLIENTS[name] for name in names]
    for client in chosen:
        client.make_environment()
    with (
        serving() as url,
        short_home() as home,
        scratch_daemon(home, quick_settings(url)) as daemon,
    ):
        port, token = tcp_port(daemon.paths), daemon.paths.token.read_text()
        return max([passed(client, f"http://127.0.0.1:{port}/v1", token) for client in chosen])


def passed(client: Client, url: str, token: str) -> int:
    """Run one program; 0 when it ended well, else what it printed is shown and 1."""
    begun = time.monotonic()
    environment = {**os.environ, "OPENAI_BASE_URL": url, "OPENAI_API_KEY": token, "PYTHONPATH": ""}
    done = subprocess.run(
        client.command,
        cwd=client.folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=MOST_SECONDS,
        check=False,
    )
    word = "passed" if done.returncode == 0 else "failed"
    sys.stdout.write(f"{client.name} {word} in {time.monotonic() - begun:.1f} s\n")
    if done.returncode:
        sys.stdout.write(done.stdout + done.stderr)
    return min(done.returncode, 1) if done.returncode >= 0 else 1


def asked(arguments: list[str]) -> list[str]:
    parser = argparse.ArgumentParser(prog="bin/clients", description="Run clients that others wrote against /v1.")
    parser.add_argument("names", nargs="*", choices=[*CLIENTS, []], help=f"which: {', '.join(CLIENTS)} (all)")
    return parser.parse_args(arguments).names or list(CLIENTS)


if __name__ == "__main__":
    os.chdir(Path(ROOT))
    sys.exit(main(asked(sys.argv[1:])))
