"""The zygote with real forks: what it delivers, and what becomes of it and of its children."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
import pytest_asyncio
from pydantic import JsonValue

from senter.bus.access import BusAccess
from senter.component.launch import ExitCode, Launch
from senter.errors import StartError
from senter.messages.message import ComponentName
from senter.operations.scratch import is_running
from senter.parenthood import adopt_orphans
from senter.paths import Paths
from senter.supervisor.forking import Zygote
from senter.supervisor.process import Child, reap_strays
from tests.support.supervision import ENVIRONMENT, is_gone
from tests.waiting import until

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]

NOBODY = "nats://127.0.0.1:1"
# A launch with these ends at once.
MISTAKEN: dict[str, JsonValue] = {"no_such_setting": True}


EARLY = """
import asyncio, sys
from pathlib import Path
from senter.supervisor.forking import Zygote
from senter.supervisor.zygote import fork_zygote

early = fork_zygote()
print(early.pid, flush=True)

async def main():
    heard = asyncio.get_running_loop().create_future()
    child = await Zygote(Path(sys.argv[1]), heard.set_result, early).spawn()
    print(child.pid, await heard)

if len(sys.argv) > 1:
    asyncio.run(main())
"""


def run_early(*arguments: str) -> list[int]:
    """The processes a program names that forks a zygote before all else."""
    argv = [sys.executable, "-P", "-c", EARLY, *arguments]
    done = subprocess.run(argv, capture_output=True, text=True, timeout=60, check=True, env=ENVIRONMENT)
    return [int(word) for word in done.stdout.split()]


class Running:
    """A zygote, its process, and the signs of life it gave."""

    def __init__(self, paths: Paths) -> None:
        self.signs: list[int] = []
        self.zygote = Zygote(paths.log_output, self.signs.append)
        self.paths = paths
        self.child: Child

    async def start(self) -> None:
        self.child = await self.zygote.spawn()
        async with asyncio.timeout(20):
            await self.zygote.until_up()

    async def end(self) -> None:
        self.child.kill()
        await self.child.wait()
        await self.zygote.died(self.child.pid, "killed")

    def launch(self, **settings: JsonValue) -> Launch:
        name = ComponentName("assistant")
        access = BusAccess(url=NOBODY, name=name)
        return Launch(
            process=name,
            component=name,
            home=self.paths.home,
            settings=settings,
            bus=access,
            supervisor_pid=os.getpid(),
        )


def wait_until_one_has_died() -> None:
    """The loop stands still meanwhile, as a busy supervisor's may: nothing is read from the zygote."""
    assert os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[Running]:
    """One for all tests: those that end it start it again."""
    adopt_orphans()
    reap_strays(lambda: None)
    paths = Paths(tmp_path_factory.mktemp("home"))
    paths.make_folders()
    running = Running(paths)
    await running.start()
    yield running
    await running.end()


async def test_a_fork_is_this_process_s_own_child_and_gives_its_true_exit_status(running: Running) -> None:
    child = await running.zygote.fork(running.launch())
    # Nothing answers where its bus should be: that is no failure of its own.
    assert await child.wait() == ExitCode.NOT_READY


async def test_a_fork_that_ended_before_it_was_heard_of_keeps_its_exit_status(running: Running) -> None:
    forking = asyncio.create_task(running.zygote.fork(running.launch(**MISTAKEN)))
    await asyncio.sleep(0)
    wait_until_one_has_died()
    reap_strays(running.zygote.catch_up)
    assert await (await forking).wait() == ExitCode.CRASHED


async def test_a_fork_that_was_not_heard_of_when_the_zygote_died_is_delivered(running: Running) -> None:
    forking = asyncio.create_task(running.zygote.fork(running.launch(**MISTAKEN)))
    await asyncio.sleep(0)
    wait_until_one_has_died()
    running.child.kill()
    await running.zygote.died(running.child.pid, "killed")
    assert await (await forking).wait() == ExitCode.CRASHED
    await running.child.wait()
    await running.start()


async def test_it_answers_a_ping(running: Running) -> None:
    running.signs.clear()
    running.zygote.ping()
    await until(lambda: bool(running.signs))
    assert set(running.signs) == {running.child.pid}


async def test_a_fork_lives_on_when_the_zygote_is_killed(running: Running) -> None:
    child = await running.zygote.fork(running.launch())
    os.kill(child.pid, signal.SIGSTOP)
    await running.end()
    assert not is_gone(child.pid)
    child.kill()
    assert await child.wait() == -signal.SIGKILL
    await running.start()


async def test_a_request_that_waits_is_told_when_the_zygote_dies(running: Running) -> None:
    os.kill(running.child.pid, signal.SIGSTOP)
    waiting = asyncio.create_task(running.zygote.fork(running.launch(**MISTAKEN)))
    await asyncio.sleep(0)
    await running.end()
    with pytest.raises(StartError, match="zygote"):
        await waiting
    await running.start()
    assert await (await running.zygote.fork(running.launch(**MISTAKEN))).wait() == ExitCode.CRASHED


async def test_a_zygote_that_is_gone_refuses_a_fork_and_takes_a_ping_for_nothing(running: Running) -> None:
    running.child.kill()
    await running.child.wait()
    running.zygote.ping()
    with pytest.raises(StartError, match="zygote"):
        await running.zygote.fork(running.launch())
    await running.zygote.died(running.child.pid, "killed")
    running.zygote.ping()
    with pytest.raises(StartError, match="not running"):
        await running.zygote.fork(running.launch())
    await running.start()


async def test_one_that_was_forked_before_all_else_is_the_first_and_ends_with_its_parent(tmp_path: Path) -> None:
    early, spawned, heard = run_early(str(tmp_path / "output.log"))
    assert early == spawned == heard
    assert (tmp_path / "output.log").read_text() == ""
    await until(lambda: not is_running(early))


async def test_one_that_is_never_needed_ends_with_its_parent() -> None:
    [early] = run_early()
    await until(lambda: not is_running(early))


async def test_a_hundred_forks_leave_no_open_file_and_no_zombie(running: Running) -> None:
    await (await running.zygote.fork(running.launch(**MISTAKEN))).wait()
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208 - a count
    before_in_zygote = len(os.listdir(f"/proc/{running.child.pid}/fd"))  # noqa: PTH208 - a count
    for _ in range(25):  # so few at once that a busy machine is through with them in time
        launches = [running.launch().model_copy(update={"process": f"fork_{n}"}) for n in range(4)]
        children = await asyncio.gather(*map(running.zygote.fork, launches))
        for child in children:
            child.kill()
        await asyncio.gather(*(child.wait() for child in children))
    assert len(os.listdir("/proc/self/fd")) == before  # noqa: PTH208 - a count
    assert len(os.listdir(f"/proc/{running.child.pid}/fd")) == before_in_zygote  # noqa: PTH208 - a count
