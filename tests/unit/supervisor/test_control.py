"""The supervisor's own socket: who is answered, and what is made of bad requests."""

from __future__ import annotations

import asyncio
import json
import stat
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import cast

import pytest

from senter.errors import NotFound
from senter.paths import Paths
from senter.supervisor.control import REQUEST_LIMIT_BYTES, Handler, control_server


async def say(name: str | None) -> str:
    return f"hello {name}"


async def refuse(_: str | None) -> str:
    raise NotFound("There is no such thing.", "Look again.")


HANDLERS: dict[str, Handler] = {"say": say, "refuse": refuse}


@pytest.fixture
async def paths(tmp_path: Path) -> AsyncGenerator[Paths]:
    paths = Paths(tmp_path)
    paths.make_folders()
    async with control_server(paths, HANDLERS):
        yield paths


async def converse(paths: Paths, *pieces: bytes, end: bool = False) -> dict[str, object]:
    """Send the pieces one by one; the answer, or nothing where the other side hung up without one."""
    reader, writer = await asyncio.open_unix_connection(str(paths.control_socket))
    for piece in pieces:
        writer.write(piece)
        await writer.drain()
        await asyncio.sleep(0)
    if end:
        writer.write_eof()
    line = await reader.readline()
    writer.close()
    return cast("dict[str, object]", json.loads(line)) if line else {}


async def test_a_request_is_answered_with_one_line(paths: Paths) -> None:
    assert await converse(paths, b'{"command": "say", "component": "api"}\n') == {"result": "hello api"}


async def test_a_request_split_over_many_writes_is_understood(paths: Paths) -> None:
    request = b'{"command": "say", "component": null}\n'
    assert await converse(paths, *(bytes([byte]) for byte in request)) == {"result": "hello None"}


async def test_an_error_travels_with_its_code_sentence_and_hint(paths: Paths) -> None:
    answer = await converse(paths, b'{"command": "refuse"}\n')
    assert answer == {"error": {"code": "not_found", "message": "There is no such thing.", "hint": "Look again."}}


@pytest.mark.parametrize(
    "request_line",
    [
        b"\n",
        b"nonsense\n",
        b"[]\n",
        b'{"command": 5}\n',
        b'{"command": "say", "more": 1}\n',
        b"\xff\x00\n",
        b'{"command": "\\ud800"}\n',
        b'{"command": "nobody"}\n',
        b'{"command": "say", "token": "wrong"}\n',
        b" " * (2 * REQUEST_LIMIT_BYTES) + b"\n",
    ],
)
async def test_what_is_no_request_is_refused_with_a_sentence(paths: Paths, request_line: bytes) -> None:
    answer = await converse(paths, request_line)
    error = cast("dict[str, str]", answer["error"])
    assert error["code"] == "invalid_input"
    assert error["message"]
    assert await converse(paths, b'{"command": "say"}\n') == {"result": "hello None"}


async def test_half_a_request_is_refused(paths: Paths) -> None:
    answer = await converse(paths, b'{"command": "s', end=True)
    assert "error" in answer


async def test_half_a_request_and_then_silence_is_hung_up_on(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    paths.make_folders()
    async with asyncio.timeout(20), control_server(paths, HANDLERS, read_seconds=0.05):
        assert await converse(paths, b'{"command": "s') == {}


async def test_the_socket_is_for_this_user_only_and_goes_with_the_server(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    paths.make_folders()
    async with control_server(paths, HANDLERS):
        assert stat.S_IMODE(paths.control_socket.stat().st_mode) == 0o600
    assert not paths.control_socket.exists()


async def test_a_stale_socket_file_is_replaced(tmp_path: Path) -> None:
    paths = Paths(tmp_path)
    paths.make_folders()
    paths.control_socket.write_text("left by a killed daemon")
    async with control_server(paths, HANDLERS):
        assert await converse(paths, b'{"command": "say"}\n') == {"result": "hello None"}
