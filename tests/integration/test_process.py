"""A child process and the handle it is watched through."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys

import pytest

from senter.supervisor.process import UNKNOWN_STATUS, Child, describe_exit, reap_strays, spawn
from tests.support.supervision import LIVES, is_gone, start_python, wait_until_dead
from tests.waiting import until

pytestmark = pytest.mark.process

DIES_WITH = """
import asyncio, sys
from senter.supervisor.process import spawn
async def main():
    print(spawn([sys.executable, "-c", "import time; time.sleep(60)"]).pid, flush=True)
    await asyncio.sleep(60)
asyncio.run(main())
"""


def python(code: str, *, stdin: int = subprocess.DEVNULL) -> Child:
    return spawn([sys.executable, "-c", code], stdin=stdin)


@pytest.mark.parametrize(
    ("code", "status"), [("pass", 0), ("raise SystemExit(7)", 7), ("import os; os.kill(os.getpid(), 9)", -9)]
)
async def test_everyone_who_waits_gets_the_true_exit_status(code: str, status: int) -> None:
    child = python(code)
    assert await asyncio.gather(child.wait(), child.wait()) == [status, status]
    assert not child.alive
    child.kill()
    child.terminate()


async def test_a_child_whose_status_somebody_else_took_is_gone_all_the_same() -> None:
    child = python("pass")
    wait_until_dead(child.pid, collect=True)
    assert await child.wait() == UNKNOWN_STATUS


async def test_strays_are_collected_and_known_children_are_left_to_their_owners() -> None:
    known = python("raise SystemExit(7)")
    stray = start_python("pass")
    wait_until_dead(stray.pid, collect=False)

    def collected() -> bool:
        reap_strays(lambda: None)
        return is_gone(stray.pid)

    assert await known.wait() == 7
    await until(collected)
    stray.returncode = 0


async def test_where_there_is_no_pidfd_a_thread_waits_for_the_child() -> None:
    popen = start_python(LIVES)
    child = Child(popen.pid, None, popen)
    assert child.alive
    child.terminate()
    assert await child.wait() == -signal.SIGTERM
    assert is_gone(child.pid)


async def test_what_is_written_to_a_child_arrives_and_its_end_closes_the_pipe() -> None:
    child = python("import sys; raise SystemExit(len(sys.stdin.readline()))", stdin=subprocess.PIPE)
    child.tell(b"four\n")
    assert await child.wait() == 5


async def test_a_hundred_children_leave_no_open_file_behind() -> None:
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count
    for _ in range(10):
        await asyncio.gather(*(spawn(["/bin/true"], stdin=subprocess.PIPE).wait() for _ in range(10)))
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - a count


async def test_a_child_dies_with_a_killed_parent() -> None:
    parent = start_python(DIES_WITH, stdout=subprocess.PIPE)
    assert parent.stdout is not None
    grandchild = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    await until(lambda: is_gone(grandchild))


def test_an_exit_is_described_for_people() -> None:
    assert describe_exit(3) == "exited with 3"
    assert describe_exit(-9) == "killed by SIGKILL"
    assert describe_exit(-250) == "killed by signal 250"
