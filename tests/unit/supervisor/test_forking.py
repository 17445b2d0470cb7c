"""The supervisor's side of the zygote, without one."""

from __future__ import annotations

from pathlib import Path

import pytest

from senter.bus.access import BusAccess
from senter.component.launch import Launch
from senter.errors import StartError
from senter.messages.message import ComponentName
from senter.supervisor.forking import Zygote

NAME = ComponentName("echo")


def zygote(tmp_path: Path) -> Zygote:
    return Zygote(tmp_path / "output.log", lambda pid: None)


@pytest.mark.process
async def test_a_zygote_that_has_just_died_may_be_asked_for_a_sign_of_life(tmp_path: Path) -> None:
    asked = zygote(tmp_path)
    child = await asked.spawn()
    child.kill()
    await child.wait()
    asked.ping()
    await asked.died(child.pid, "was killed")
    asked.ping()


async def test_a_zygote_that_is_gone_refuses_to_fork_with_a_sentence(tmp_path: Path) -> None:
    access = BusAccess(url="nats://127.0.0.1:1", name=NAME)
    launch = Launch(process=NAME, component=NAME, home=tmp_path, settings={}, bus=access, supervisor_pid=1)
    with pytest.raises(StartError, match="The zygote is not running"):
        await zygote(tmp_path).fork(launch)
