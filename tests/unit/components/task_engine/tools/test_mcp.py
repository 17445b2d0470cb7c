from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import AbstractAsyncContextManager, closing
from pathlib import Path

import pytest
import pytest_asyncio

from senter.component.testing import FakeClock
from senter.components.task_engine.settings import McpServer, TaskEngineSettings
from senter.components.task_engine.tools.children.mcp_servers import McpSession
from senter.errors import ChildFailed, NotFound, PermissionNeeded, ToolError
from senter.masking import remember
from senter.messages.tools import EffectClass
from senter.operations.scratch import is_running
from senter.settings.secret import known_values
from tests.support.settings import mcp_server
from tests.support.tool_desk import ToolDesk, tool_desk
from tests.waiting import until

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]

SERVER = Path(__file__).parents[4] / "support" / "mcp_server.py"
PROGRAM = (sys.executable, str(SERVER))


def with_server(server: McpServer) -> TaskEngineSettings:
    return TaskEngineSettings(mcp_servers={"test": server})


def new_desk(folder: Path) -> AbstractAsyncContextManager[ToolDesk]:
    server = mcp_server(command=PROGRAM, in_default_grant=True, timeout_seconds=4, environment={"KEY": "for it"})
    return tool_desk(folder, with_server(server))


@pytest_asyncio.fixture(loop_scope="module")
async def desk(tmp_path: Path) -> AsyncGenerator[ToolDesk]:
    async with new_desk(tmp_path) as opened:
        yield opened


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[ToolDesk]:
    """One for all tests that do not mind what was called before: the server was asked for its tools."""
    async with new_desk(tmp_path_factory.mktemp("shared")) as opened:
        await opened.registry.complete()
        yield opened


async def test_tools_of_a_server_are_known_once_it_was_asked(desk: ToolDesk) -> None:
    assert "test.add" not in desk.registry.names()
    (view,) = [view for view in desk.registry.views() if view.name == "test.*"]
    assert "not asked" in view.reason
    await desk.registry.complete()
    assert {"test.add", "test.greet", "test.fail"} <= set(desk.registry.names())
    assert not [view for view in desk.registry.views() if view.name == "test.*"]
    with pytest.raises(NotFound):
        desk.registry.get("test.nothing")


async def test_a_call_from_before_a_restart_asks_the_server_by_itself(desk: ToolDesk) -> None:
    assert (await desk.call("test.add", first=2, second=3)).text == "5"


async def test_a_call_of_a_tool_that_the_server_does_not_have_is_an_error(desk: ToolDesk) -> None:
    with pytest.raises(ToolError, match="no such tool"):
        await desk.call("test.nothing")
    with pytest.raises(NotFound):
        desk.registry.get("other.add")


async def test_arguments_are_checked_even_where_the_schema_came_late(desk: ToolDesk) -> None:
    with pytest.raises(ToolError, match="integer"):
        await desk.call("test.add", first="two", second=3)


async def test_a_tool_is_called_and_what_it_says_is_not_trusted(shared: ToolDesk) -> None:
    assert (await shared.call("test.add", first=2, second=3)).text == "5"
    result = await shared.call("test.greet", name="Ann")
    assert result.text.startswith("Hello Ann.")
    assert not result.trusted


async def test_arguments_are_checked_by_the_servers_schema(shared: ToolDesk) -> None:
    with pytest.raises(ValueError, match="not of type 'integer'"):
        await shared.call("test.add", first="two", second=3)
    with pytest.raises(ValueError, match="required"):
        await shared.call("test.add", first=2)


async def test_the_effect_is_what_the_tool_says_or_else_what_the_settings_say(shared: ToolDesk) -> None:
    effects = {name: shared.registry.get(name).effect for name in ("test.add", "test.greet", "test.fail")}
    assert effects == {
        "test.add": EffectClass.PURE,
        "test.greet": EffectClass.IDEMPOTENT,
        "test.fail": EffectClass.ONCE_ONLY,
    }


async def test_a_tool_that_fails_is_an_error_with_its_words(shared: ToolDesk) -> None:
    with pytest.raises(ToolError, match="Error executing tool fail"):
        await shared.call("test.fail")
    assert (await shared.call("test.add", first=1, second=1)).text == "2"


async def test_a_secret_that_a_failing_tool_repeats_is_masked(tmp_path: Path) -> None:
    server = mcp_server(command=PROGRAM, in_default_grant=True, environment={"KEY": "k3y-of-this-server"})
    remember(known_values(server))
    async with tool_desk(tmp_path, with_server(server)) as desk:
        with pytest.raises(ToolError, match=r"no luck with \*\*\*"):
            await desk.call("test.confess")
        told = await desk.call("test.tell")
        assert "***" in told.text
        assert str(server.environment["KEY"].get_secret_value()) not in f"{told.text} {told.data}"


async def test_a_server_that_crashes_is_started_again_for_the_next_call(shared: ToolDesk) -> None:
    with pytest.raises((ChildFailed, ToolError)):
        await shared.call("test.crash")
    assert (await shared.call("test.add", first=1, second=1)).text == "2"


async def test_a_tool_that_hangs_is_given_up(shared: ToolDesk) -> None:
    with pytest.raises(ToolError):
        await shared.call("test.hang")
    assert (await shared.call("test.add", first=1, second=1)).text == "2"


async def test_fifty_megabytes_are_refused(shared: ToolDesk) -> None:
    with pytest.raises(ToolError):
        await shared.call("test.flood")
    assert (await shared.call("test.add", first=1, second=1)).text == "2"


async def test_the_server_gets_its_own_variables_and_ends_with_the_registry(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SENTER_MODELS__PRIMARY__API_KEY", "secret")
    server = mcp_server(command=PROGRAM, in_default_grant=True, environment={"KEY": "for it"})
    async with tool_desk(tmp_path, with_server(server)) as desk:
        await desk.registry.complete()
        pid, _, rest = (await desk.call("test.who")).text.partition(" ")
        assert rest == "['KEY']"
        assert is_running(int(pid))
    await until(lambda: not is_running(int(pid)))


async def test_the_server_does_not_outlive_a_child_that_is_killed(shared: ToolDesk) -> None:
    pid = int((await shared.call("test.who")).text.split()[0])
    for child in Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children").read_text().split():
        if b"mcp_child" in Path(f"/proc/{child}/cmdline").read_bytes():
            os.kill(int(child), signal.SIGKILL)
    await until(lambda: not is_running(pid))


async def test_a_server_that_goals_may_not_use_waits_for_a_person(tmp_path: Path) -> None:
    async with tool_desk(tmp_path, with_server(mcp_server(command=PROGRAM))) as desk:
        await desk.registry.complete()
        with pytest.raises(PermissionNeeded, match="MCP server test"):
            await desk.call("test.add", first=1, second=2)


@pytest.mark.parametrize(
    ("server", "why"),
    [
        (mcp_server(command=("/no/such/program",)), "No such file or directory"),
        (mcp_server(command=(sys.executable, "-c", "import sys; sys.exit('not today')")), "last words: not today"),
        (mcp_server(url="http://127.0.0.1:9/mcp"), "cannot be used: "),
        (McpServer(), "cannot be used: "),
    ],
)
async def test_a_server_that_cannot_be_reached_is_shown_with_the_reason_and_harms_no_other_tool(
    tmp_path: Path, server: McpServer, why: str
) -> None:
    async with tool_desk(tmp_path, with_server(server)) as desk:
        await desk.registry.complete()
        (view,) = [view for view in desk.registry.views() if view.name == "test.*"]
        assert not view.available
        assert view.reason.startswith("The MCP server test ")
        assert why in view.reason
        assert "file_read" in desk.registry.names()


async def test_a_server_that_failed_is_left_alone_for_a_while_and_then_asked_again(tmp_path: Path) -> None:
    program = tmp_path / "program"
    clock = FakeClock()
    session = McpSession("test", mcp_server(command=(str(program),)), clock)
    await session.list()
    assert session.problem
    program.write_text(f"#!/bin/sh\nexec {sys.executable} {SERVER}\n")
    program.chmod(0o700)
    await session.list()
    assert session.problem
    clock.elapse(61)
    await session.list()
    assert not session.problem
    await session.close()


@pytest.fixture
def over_http(tmp_path: Path) -> Iterator[str]:
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [*PROGRAM, str(port), str(tmp_path / "started")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        yield f"http://127.0.0.1:{port}/mcp"
    finally:
        process.kill()
        process.wait()


async def test_a_server_over_http_works_the_same(tmp_path: Path, over_http: str) -> None:
    port = int(over_http.split(":")[2].split("/")[0])
    await until(lambda: _listens(port))
    settings = with_server(mcp_server(url=over_http, in_default_grant=True, headers={"Authorization": "Bearer x"}))
    async with tool_desk(tmp_path, settings) as desk:
        await desk.registry.complete()
        assert (await desk.call("test.add", first=2, second=3)).text == "5"


def _listens(port: int) -> bool:
    with closing(socket.socket()) as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
