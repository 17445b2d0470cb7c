from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from senter.component.frames import Frame
from senter.component.isolated import ChildLimits, Isolated
from senter.errors import ChildFailed
from senter.masking import remember
from senter.operations.scratch import is_running
from tests.waiting import until

pytestmark = pytest.mark.process

CHILD = "tests.support.odd_child"
ROOT = Path(__file__).parents[3]


@pytest.fixture
async def child() -> AsyncGenerator[Isolated]:
    assert str(ROOT) in sys.path or "" in sys.path
    async with Isolated(CHILD, limits=ChildLimits(cpu_seconds=1, answer_bytes=1_000_000)) as opened:
        yield opened


async def ask(child: Isolated, what: str, seconds: float = 20.0) -> Frame:
    return await child.ask(Frame({"do": what}), timeout_seconds=seconds)


async def pid_of(child: Isolated) -> int:
    return int(str((await ask(child, "pid")).head["pid"]))


async def test_heads_and_bytes_come_back_as_they_went(child: Isolated) -> None:
    sent = Frame({"do": "echo", "text": "Grüße \ud800", "list": [1, None]}, bytes(range(256)) * 1_000)
    assert await child.ask(sent, timeout_seconds=20) == sent


async def test_one_child_answers_many_requests_one_at_a_time(child: Isolated) -> None:
    pids = await asyncio.gather(*(pid_of(child) for _ in range(5)))
    assert len(set(pids)) == 1


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("unknown", "exit code 1.*that is not known"),
        ("group", "exit code 1.*: ValueError: one is odd"),
        ("flood", "cannot be taken"),
        ("spin", "SIGXCPU"),
        ("escape", "exit code 9"),
    ],
)
async def test_a_child_that_goes_wrong_is_ended_with_the_reason_and_replaced(
    child: Isolated, what: str, why: str
) -> None:
    before = await pid_of(child)
    with pytest.raises(ChildFailed, match=why):
        await ask(child, what)
    assert not is_running(before)
    assert await pid_of(child) != before


async def test_a_secret_in_its_last_words_is_masked(child: Isolated) -> None:
    remember(["wh1sper-it"])
    with pytest.raises(ChildFailed, match=r"that is not known: \*\*\*"):
        await ask(child, "wh1sper-it")


async def test_a_child_that_hangs_is_given_up_in_time(child: Isolated) -> None:
    before = await pid_of(child)
    with pytest.raises(ChildFailed, match=r"did not answer within 0\.3 s"):
        await ask(child, "hang", 0.3)
    assert not is_running(before)


async def test_a_request_that_is_cancelled_ends_the_child(child: Isolated) -> None:
    before = await pid_of(child)
    asking = asyncio.create_task(ask(child, "hang"))
    await asyncio.sleep(0)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert await pid_of(child) != before


async def test_closing_ends_a_request_in_the_middle_and_those_that_wait_behind_it(child: Isolated) -> None:
    requests = [asyncio.create_task(ask(child, "hang", seconds=60)) for _ in range(3)]
    await until(lambda: child.pid is not None)
    pid = child.pid
    assert pid is not None
    async with asyncio.timeout(5):
        await child.close()
    assert not is_running(pid)
    for failure in await asyncio.gather(*requests, return_exceptions=True):
        assert isinstance(failure, ChildFailed)
        assert "is ending too" in failure.message


async def test_a_child_that_is_being_ended_can_be_closed(child: Isolated) -> None:
    asking = asyncio.create_task(ask(child, "hang"))
    await until(lambda: child.pid is not None)
    asking.cancel()
    while child.pid is not None:
        await asyncio.sleep(0)
    assert not asking.done()
    await child.close()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_what_a_child_started_ends_with_it(child: Isolated) -> None:
    left = int(str((await ask(child, "leave")).head["pid"]))
    assert is_running(left)
    os.kill(await pid_of(child), signal.SIGKILL)
    with pytest.raises(ChildFailed):
        await ask(child, "hang")
    await until(lambda: not is_running(left))


async def test_an_idle_child_is_let_go_and_another_comes_when_asked() -> None:
    async with Isolated(CHILD, limits=ChildLimits(idle_seconds=0.05)) as child:
        before = await pid_of(child)
        await until(lambda: not is_running(before))
        assert await pid_of(child) != before


async def test_a_child_dies_with_its_parent(tmp_path: Path) -> None:
    program = (
        "import asyncio\n"
        "from senter.component.isolated import Isolated\n"
        "from senter.component.frames import Frame\n"
        "async def main():\n"
        f"    child = Isolated('{CHILD}')\n"
        "    print((await child.ask(Frame({'do': 'pid'}), timeout_seconds=20)).head['pid'], flush=True)\n"
        "    await child.ask(Frame({'do': 'hang'}), timeout_seconds=100)\n"
        "asyncio.run(main())\n"
    )
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, [*sys.path, str(ROOT)]))}
    parent = await asyncio.create_subprocess_exec(
        sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE, env=environment
    )
    assert parent.stdout is not None
    pid = int(await parent.stdout.readline())
    assert is_running(pid)
    parent.kill()
    await parent.wait()
    await until(lambda: not is_running(pid))
