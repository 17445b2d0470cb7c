"""What servers send that is odd: nothing of a result is lost, one bad tool costs no other, changes are taken over."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from senter.components.task_engine.settings import TaskEngineSettings
from senter.components.task_engine.tools.children import mcp_servers, mcp_tools
from senter.components.task_engine.tools.children.mcp_tools import plain_name
from senter.errors import ToolError
from tests.support.settings import mcp_server
from tests.support.tool_desk import ToolDesk, tool_desk
from tests.waiting import until

pytestmark = [pytest.mark.process, pytest.mark.asyncio(loop_scope="module")]

SERVER = Path(__file__).parents[4] / "support" / "odd_mcp_server.py"


@asynccontextmanager
async def with_oddity(folder: Path, oddity: str, **settings: object) -> AsyncGenerator[ToolDesk]:
    command = (sys.executable, str(SERVER), oddity, str(folder / "go"))
    server = mcp_server(command=command, in_default_grant=True, timeout_seconds=4, **settings)
    async with tool_desk(folder, TaskEngineSettings(mcp_servers={"odd": server})) as desk:
        yield desk


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def odd(tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[ToolDesk]:
    """Of one that has noise between its answers, for all tests that change nothing."""
    async with with_oddity(tmp_path_factory.mktemp("odd"), "noise") as desk:
        await desk.registry.complete()
        yield desk


@pytest.mark.parametrize(
    ("tool", "text"),
    [
        ("echo", "answered echo"),
        (
            "resource",
            "one file:\nrepo://x/README.md:\nopen 9 to 5\nfile:///m.txt:\nleek\n[application/pdf, 4 bytes: file:///m.pdf]",
        ),
        ("link", "report.pdf: file:///home/anna/report.pdf"),
        ("structured", '{"temperature": 21, "town": "Köln"}'),
        ("media", "[image image/png, 8 bytes]\n[audio audio/wav, 30 kB]"),
        ("odd_block", "[hologram that cannot be read]\n[text that cannot be read]\nthe rest"),
        ("nothing", ""),
        ("latin", "answered latin"),
        ("with_promise", "n is not there"),
    ],
)
async def test_every_part_of_a_result_is_told(odd: ToolDesk, tool: str, text: str) -> None:
    assert (await odd.call(f"odd.{tool}")).text == text


async def test_structured_content_is_data_too(odd: ToolDesk) -> None:
    assert (await odd.call("odd.structured")).data == {"temperature": 21, "town": "Köln"}


async def test_what_a_tool_calls_an_error_is_one(odd: ToolDesk) -> None:
    with pytest.raises(ToolError, match="rate limit: try in 60 s"):
        await odd.call("odd.refuses")


async def test_an_error_of_a_server_is_told_and_costs_no_connection(odd: ToolDesk) -> None:
    with pytest.raises(ToolError, match="refuses: no such city"):
        await odd.call("odd.rejects")
    assert (await odd.call("odd.echo")).text == "answered echo"


async def test_a_server_that_refuses_to_begin_is_told_with_its_reason(tmp_path: Path) -> None:
    async with with_oddity(tmp_path, "no_licence") as desk:
        await desk.registry.complete()
        (reason,) = (view.reason for view in desk.registry.views() if view.name == "odd.*")
    assert reason == "The MCP server odd refuses: licence expired."


async def test_a_bad_tool_is_left_out_with_the_reason_and_costs_no_other(tmp_path: Path) -> None:
    async with with_oddity(tmp_path, "bad_tools") as desk:
        await desk.registry.complete()
        left_out = {view.name: view.reason for view in desk.registry.views() if view.reason}
        mine = {name: reason for name, reason in left_out.items() if name.startswith("odd.")}
        assert mine == {
            "odd.no_schema": "it has no inputSchema.",
            "odd.null_schema": "its inputSchema is wrong.",
            "odd.wrong_description": "its description is wrong.",
            "odd.(no name)": "it is no description of a tool.",
            "odd.wrong_schema": mine["odd.wrong_schema"],
            "odd.name_with_space": "Another tool of the server has the name odd.name_with_space.",
            "odd.日本": "Its name has no letter from A to Z and no digit.",
        }
        assert mine["odd.wrong_schema"].startswith("The schema of its arguments is wrong")
        assert {"odd.name_with_space", "odd.Unicode", "odd." + "x" * 128, "odd.echo"} <= set(desk.registry.names())
        assert (await desk.call("odd.name_with_space")).text == "answered name with space"
        assert (await desk.call("odd.Unicode")).text == "answered Ünïcode"


async def test_what_is_nested_without_end_costs_itself_and_not_the_server(tmp_path: Path) -> None:
    async with with_oddity(tmp_path, "deep") as desk:
        await desk.registry.complete()
        left_out = {view.name: view.reason for view in desk.registry.views() if view.reason}
        reason = "what it says of itself is nested too deeply."
        assert (left_out["odd.deep_400"], left_out["odd.deep_20000"]) == (reason, reason)
        assert {"odd.echo", "odd.deep_5", "odd.deep_60"} <= set(desk.registry.names())
        answer = await desk.call("odd.deep_5")
        assert answer.data["town"] == "Köln"
        assert "(nested too deeply)" in answer.text


async def test_a_page_that_is_named_again_is_read_once(tmp_path: Path) -> None:
    async with with_oddity(tmp_path, "same_page") as desk:
        await desk.registry.complete()
        assert "odd.echo" in desk.registry.names()
        assert not [view.name for view in desk.registry.views() if view.reason and view.name.startswith("odd.")]


async def test_a_banner_before_the_protocol_does_no_harm(tmp_path: Path) -> None:
    async with with_oddity(tmp_path, "banner") as desk:
        assert (await desk.call("odd.echo")).text == "answered echo"


async def test_tools_that_come_and_go_are_taken_over(tmp_path: Path) -> None:
    async with with_oddity(tmp_path, "good") as desk:
        await desk.registry.complete()
        assert "odd.added" not in desk.registry.names()
        await desk.call("odd.grow")
        await desk.registry.complete()
        assert (await desk.call("odd.added")).text == "answered added"
        await desk.call("odd.shrink")
        await desk.registry.complete()
        assert "odd.added" not in desk.registry.names()
        await desk.call("odd.grow")
        with pytest.raises(ToolError):
            await desk.call("odd.die")
        await desk.call("odd.echo")  # starts it anew: what had been added is away
        assert "odd.added" not in desk.registry.names()


async def test_a_server_that_dies_says_so_in_a_sentence_and_comes_again(tmp_path: Path) -> None:
    async with with_oddity(tmp_path, "good") as desk:
        await desk.registry.complete()
        with pytest.raises(ToolError) as failed:
            await desk.call("odd.die")
        assert failed.value.message == (
            "The tool odd.die failed. The MCP server odd ended before it answered; its last words: out of cheese."
        )
        assert (await desk.call("odd.echo")).text == "answered echo"


async def test_a_server_that_speaks_something_else_is_told_so(tmp_path: Path) -> None:
    async with with_oddity(tmp_path, "dies_at_start") as desk:
        await desk.registry.complete()
        (reason,) = (view.reason for view in desk.registry.views() if view.name == "odd.*")
    assert reason == (
        'The MCP server odd ended before it answered; it wrote "no protocol here" to its standard output, '
        "where only messages belong; its last words: not today."
    )


async def test_a_server_that_ended_while_nothing_was_asked_is_started_for_the_next_call(tmp_path: Path) -> None:
    async with with_oddity(tmp_path, "good") as desk:
        await desk.registry.complete()
        (server,) = (
            int(process.name)
            for process in Path("/proc").glob("[0-9]*")
            if f"{SERVER}\0good\0{tmp_path}".encode() in read(process / "cmdline")
        )
        os.kill(server, signal.SIGKILL)
        await until(lambda: not Path(f"/proc/{server}").exists())  # whoever started it has seen that it ended
        assert (await desk.call("odd.echo")).text == "answered echo"


async def test_a_slow_start_is_not_ended_and_holds_up_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mcp_servers, "FIRST_WAIT_SECONDS", 0.05)
    async with with_oddity(tmp_path, "slow", start_seconds=60) as desk:
        await desk.registry.complete()
        (reason,) = (view.reason for view in desk.registry.views() if view.name == "odd.*")
        assert reason == "The MCP server odd is starting, for 0 s so far."
        waiting = asyncio.create_task(desk.call("odd.echo"))
        (tmp_path / "go").touch()
        assert (await waiting).text == "answered echo"
        assert "odd.echo" in desk.registry.names()


async def test_a_call_is_told_of_a_start_that_takes_longer_than_it_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mcp_tools, "START_SECONDS", 0.1)
    command = (sys.executable, str(SERVER), "slow", str(tmp_path / "go"))
    server = mcp_server(command=command, in_default_grant=True, timeout_seconds=0.1)
    async with tool_desk(tmp_path, TaskEngineSettings(mcp_servers={"odd": server})) as desk:
        with pytest.raises(ToolError, match="is starting") as refused:
            await desk.call("odd.echo")
        assert refused.value.retryable


async def test_a_start_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    async with with_oddity(tmp_path, "slow", start_seconds=0.2) as desk:
        await desk.registry.complete()
        (reason,) = (view.reason for view in desk.registry.views() if view.name == "odd.*")
    assert reason.startswith("The MCP server odd did not start. It did not answer within 0.2 s")


@pytest.mark.parametrize(
    ("name", "plain"), [("a.dotted", "a.dotted"), ("slash/name", "slash/name"), ("naïve café", "naive_cafe")]
)
async def test_a_name_is_made_one_that_can_be_typed(name: str, plain: str) -> None:
    assert plain_name(name) == plain


def read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""
