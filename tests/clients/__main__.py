"""`bin/clients [NAME ...]`: programs with clients that others wrote talk to /v1 of a real daemon, which asks a scripted
server. Ends with 1 where one of them fails."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from collections.abc import Mapping

from tests.clients.environments import CLIENTS, Client
from tests.clients.scripted_openai import serving
from tests.support.daemon import quick_settings, short_home, tcp_port
from tests.support.scratch import scratch_daemon

MOST_SECONDS = 120


def main(names: list[str]) -> int:
    chosen = [CLIENTS[name] for name in names]
    for client in chosen:
        try:
            client.make_environment()
        except (subprocess.CalledProcessError, FileNotFoundError) as error:
            sys.stderr.write(f"bin/clients: {client.name} cannot be installed: {error}\n")
            return 1
    with serving() as url, short_home() as home, scratch_daemon(home, quick_settings(url)) as daemon:
        address, token = f"http://127.0.0.1:{tcp_port(daemon.paths)}/v1", daemon.paths.token.read_text()
        ended = [passed(client, address, token) for client in chosen]
    return 0 if all(ended) else 1


def passed(client: Client, address: str, token: str) -> bool:
    """Run one program, and show what it printed where it did not end well."""
    begun = time.monotonic()
    code, printed = run(client, {"OPENAI_BASE_URL": address, "OPENAI_API_KEY": token, "PYTHONPATH": ""})
    sys.stdout.write(f"{client.name} {'failed' if code else 'passed'} in {time.monotonic() - begun:.1f} s\n")
    sys.stdout.write(printed if code else "")
    return code == 0


def run(client: Client, environment: Mapping[str, str]) -> tuple[int, str]:
    try:
        done = subprocess.run(
            client.command,
            cwd=client.folder,
            env={**os.environ, **environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=MOST_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return 1, f"It did not end within {MOST_SECONDS} s.\n"
    return done.returncode, done.stdout


def asked(arguments: list[str]) -> list[str]:
    parser = argparse.ArgumentParser(
        prog="bin/clients",
        description="Run clients that others wrote against /v1 of a daemon of its own.",
        epilog="For example: bin/clients openai-python llm",
    )
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(CLIENTS)}; all where left out")
    names: list[str] = parser.parse_args(arguments).names
    if unknown := [name for name in names if name not in CLIENTS]:
        parser.error(f"There is no client {unknown[0]}. Choose from: {', '.join(CLIENTS)}")
    return names or list(CLIENTS)


if __name__ == "__main__":
    sys.exit(main(asked(sys.argv[1:])))
