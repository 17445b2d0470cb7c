"""Every module can be imported where fork, pidfds, Unix sockets and their signals do not exist.

Linux stands in for the others: what they lack is taken away before Senter is imported.
"""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.support.supervision import ENVIRONMENT

LACKING = """
import asyncio, ctypes, importlib, pkgutil, signal, socket, sqlite3, subprocess, sys, os, threading, tempfile
import click, fastapi, nats, psutil, pydantic, rich, structlog, uvicorn, httptools, httpx2
import logging.handlers, concurrent.futures, multiprocessing, rich.table, rich.live, rich.markdown, fastapi.testclient
import uvicorn.protocols.http.httptools_impl, uvicorn.lifespan.on, uvicorn.lifespan.off, nats.js.api, nats.js.errors

def take(module, *names):
    for name in names:
        if hasattr(module, name):
            delattr(module, name)

platform = sys.argv[1]
take(os, "pidfd_open", "waitid", "P_PIDFD", "P_ALL", "sched_yield")
take(signal, "pidfd_send_signal")
take(socket, "SO_PEERCRED")
if platform == "win32":
    take(os, "fork", "getuid", "geteuid", "nice", "waitpid")
    take(signal, "SIGHUP", "SIGKILL", "SIGUSR1")
    take(socket, "AF_UNIX", "send_fds", "recv_fds")
    take(asyncio, "start_unix_server", "open_unix_connection")
    for name in ("fcntl", "resource", "pwd", "grp", "termios"):
        sys.modules[name] = None
    sys.modules["msvcrt"] = type(sys)("msvcrt")
sys.platform = platform

import senter
for found in pkgutil.walk_packages(senter.__path__, "senter."):
    if not found.name.endswith("__main__"):
        importlib.import_module(found.name)
print("imported")
"""


@pytest.mark.process
@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_every_module_is_imported_without_what_linux_has(platform: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LACKING, platform], env=ENVIRONMENT, capture_output=True, text=True, check=False
    )
    assert done.stdout == "imported\n", done.stderr
