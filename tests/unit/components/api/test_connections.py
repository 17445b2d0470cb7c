from __future__ import annotations

import asyncio
import contextlib
import json
import socket
from collections.abc import AsyncGenerator

import httpx2
import pytest

from senter.components.api.settings import ApiSettings
from senter.components.api.sockets import PortTaken, open_tcp_socket, raise_file_limit
from senter.errors import SettingsError
from senter.messages.query import QueryAnswer, UserQuery
from senter.paths import Paths
from tests.support.api_stage import Scene, eventually, over_unix, serving

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def connect(scene: Scene) -> Streams:
    return await asyncio.open_unix_connection(str(scene.paths.api_socket))


def request(text: str = "hi", *, length: int | None = None) -> bytes:
    body = json.dumps({"text": text}).encode()
    head = (
        "POST /api/query HTTP/1.1\r\nHost: senter\r\nContent-Type: application/json\r\n"
        f"Content-Length: {length or len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def read_status(reader: asyncio.StreamReader) -> int:
    async with asyncio.timeout(10):
        line = await reader.readline()
    return int(line.split()[1])


async def is_closed(reader: asyncio.StreamReader) -> bool:
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionError):
            await reader.read()
    return True


async def test_a_request_split_over_many_writes_is_answered(scene: Scene) -> None:
    reader, writer = await connect(scene)
    for byte in request():
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0)

    assert await read_status(reader) == 200
    writer.close()


async def test_two_requests_in_one_write_are_answered_in_order(scene: Scene) -> None:
    reader, writer = await connect(scene)
    writer.write(request("first") + request("second"))
    async with asyncio.timeout(10):
        received = b""
        while b"said: second" not in received:
            received += await reader.read(65_536)

    assert received.index(b"said: first") < received.index(b"said: second")
    writer.close()


@pytest.mark.parametrize(
    "sent",
    [b"", b"POST /api/qu", request(length=500), b"\r\n\r\n", request()[:60]],
    ids=["silence", "half-a-line", "half-a-body", "blank-lines", "half-the-headers"],
)
async def test_a_connection_without_a_whole_request_is_closed_in_time(paths: Paths, sent: bytes) -> None:
    async with serving(paths, ApiSettings(port=0, request_timeout_seconds=0.2)) as scene:
        reader, writer = await connect(scene)
        writer.write(sent)

        assert await is_closed(reader)
        assert scene.assistant.asked == []
        writer.close()


async def trickle(writer: asyncio.StreamWriter) -> None:
    writer.write(b"POST /api/query HTTP/1.1\r\nX-Endless: ")
    with contextlib.suppress(ConnectionError):
        while True:
            writer.write(b"a")
            await writer.drain()
            await asyncio.sleep(0.02)


async def test_trickling_does_not_extend_the_time_for_a_request(paths: Paths) -> None:
    async with serving(paths, ApiSettings(port=0, request_timeout_seconds=0.3)) as scene:
        reader, writer = await connect(scene)
        trickling = asyncio.create_task(trickle(writer))

        assert await is_closed(reader)
        trickling.cancel()
        writer.close()


async def test_a_slow_answer_is_not_cut_off_by_the_deadline_for_requests(paths: Paths) -> None:
    async with serving(paths, ApiSettings(port=0, request_timeout_seconds=0.1)) as scene, over_unix(scene) as http:

        async def slow(query: UserQuery) -> QueryAnswer:
            await asyncio.sleep(0.4)
            return await scene.assistant.echo(query)

        scene.assistant.answer = slow
        assert (await http.post("/api/query", json={"text": "hi"})).status_code == 200


async def test_an_idle_connection_is_closed_after_its_keep_alive(paths: Paths) -> None:
    async with serving(paths, ApiSettings(port=0, keep_alive_seconds=1)) as scene:
        reader, writer = await connect(scene)
        writer.write(request())

        assert await read_status(reader) == 200
        assert await is_closed(reader)
        writer.close()


async def test_garbage_is_refused_and_the_others_are_served(scene: Scene, http: httpx2.AsyncClient) -> None:
    for garbage in (b"\x16\x03\x01\x02\x00\x01\x00", b"GET\r\n\r\n", b"GET /\xff HTTP/1.1\r\n\r\n", b"\x00" * 1000):
        reader, writer = await connect(scene)
        writer.write(garbage)
        assert await read_status(reader) == 400
        assert await is_closed(reader)
        writer.close()

    assert (await http.get("/healthz")).status_code == 200


async def test_headers_without_end_are_refused(scene: Scene) -> None:
    reader, writer = await connect(scene)
    writer.write(b"GET / HTTP/1.1\r\n")
    with contextlib.suppress(ConnectionError):
        for _ in range(100):
            writer.write(b"X-Fill: " + b"a" * 4_000 + b"\r\n")
            await writer.drain()
    async with asyncio.timeout(10):
        with contextlib.suppress(ConnectionError):
            assert (await reader.read()).startswith(b"HTTP/1.1 431")
    writer.close()


@pytest.mark.parametrize("declared", [True, False], ids=["declared", "chunked"])
async def test_two_megabytes_are_refused(http: httpx2.AsyncClient, scene: Scene, declared: bool) -> None:
    body = json.dumps({"text": "a" * 2_000_000}).encode()

    async def chunks() -> AsyncGenerator[bytes]:
        for start in range(0, len(body), 100_000):
            yield body[start : start + 100_000]

    content = body if declared else chunks()
    response = await http.post("/api/query", content=content, headers={"Content-Type": "application/json"})

    assert (response.status_code, response.json()["code"]) == (413, "too_large")
    assert "1048576 bytes" in response.json()["detail"] or "too large" in response.json()["detail"]
    assert scene.assistant.asked == []
    assert (await http.get("/healthz")).status_code == 200


async def test_idle_connections_beyond_the_cap_make_room_and_starve_nobody(paths: Paths) -> None:
    raise_file_limit(6_000)
    settings = ApiSettings(port=0, max_tcp_connections=200, max_unix_connections=200)
    async with serving(paths, settings) as scene, over_unix(scene) as http:
        flood = [await asyncio.open_connection("127.0.0.1", scene.port) for _ in range(2_000)]
        try:
            headers = {"Authorization": f"Bearer {scene.token}"}
            async with httpx2.AsyncClient(verify=False, base_url=scene.address, headers=headers, timeout=20) as tcp:
                assert (await tcp.post("/api/query", json={"text": "hi"})).status_code == 200
            assert (await http.post("/api/query", json={"text": "hi"})).status_code == 200
            assert int(scene.api.health().facts["connections"] or 0) <= 202
            await eventually(lambda: sum(reader.at_eof() or bool(reader.exception()) for reader, _ in flood) >= 1_790)
        finally:
            for _, writer in flood:
                writer.close()


async def test_connections_that_all_work_turn_a_new_one_away(paths: Paths) -> None:
    async with serving(paths, ApiSettings(port=0, max_unix_connections=10)) as scene:
        go = asyncio.Event()

        async def later(query: UserQuery) -> QueryAnswer:
            await go.wait()
            return await scene.assistant.echo(query)

        scene.assistant.answer = later
        working = [await connect(scene) for _ in range(10)]
        for _, writer in working:
            writer.write(request())
        await eventually(lambda: len(scene.assistant.asked) == 10)
        reader, writer = await connect(scene)

        assert await read_status(reader) == 503
        go.set()
        assert [await read_status(reader) for reader, _ in working] == [200] * 10
        for _, one in [*working, (reader, writer)]:
            one.close()


async def test_the_port_in_use_is_written_and_removed_at_the_end(paths: Paths) -> None:
    async with serving(paths) as scene:
        port = scene.port
        assert scene.api.health().facts["tcp"] == f"127.0.0.1:{port}"

    assert not paths.port.exists()
    assert not paths.api_socket.exists()


async def test_a_socket_file_of_a_killed_predecessor_is_replaced(paths: Paths) -> None:
    paths.make_folders()
    with socket.socket(socket.AF_UNIX) as stale:
        stale.bind(str(paths.api_socket))

    async with serving(paths) as scene, over_unix(scene) as http:
        assert (await http.get("/healthz")).status_code == 200


async def test_a_port_that_was_set_and_is_taken_fails_the_start_and_names_the_owner(paths: Paths) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(SettingsError, match=rf"port {port} is taken by .*\(pid \d+\)"):
            async with serving(paths, ApiSettings(port=port)):
                pass


async def test_a_default_port_that_is_taken_leaves_tcp_off_and_says_so(paths: Paths) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        settings = ApiSettings.model_construct(set(), **{**ApiSettings().model_dump(), "port": port})
        async with serving(paths, settings) as scene, over_unix(scene) as http:
            tcp = str(scene.api.health().facts["tcp"])

            assert tcp.startswith(f"off: port {port} was taken by ")
            assert "(pid " in tcp
            assert "senter restart api" in scene.api.health().detail
            assert not paths.port.exists()
            assert (await http.post("/api/query", json={"text": "hi"})).status_code == 200


def test_an_address_of_another_machine_is_a_settings_error() -> None:
    with pytest.raises(SettingsError, match=r"203\.0\.113\.1"):
        open_tcp_socket(ApiSettings(host="203.0.113.1", port=0))


def test_a_taken_port_names_who_listens() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, pytest.raises(PortTaken, match=r"pid \d+"):
        open_tcp_socket(ApiSettings(port=other.getsockname()[1]))


async def test_answers_over_tcp_are_sent_at_once_instead_of_waiting_for_more() -> None:
    delays: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def accepted(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        delays.set_result(writer.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))
        writer.close()

    listener = open_tcp_socket(ApiSettings(port=0))
    async with await asyncio.start_server(accepted, sock=listener):
        _, writer = await asyncio.open_connection(*listener.getsockname()[:2])
        assert await asyncio.wait_for(delays, 5) == 1
        writer.close()
        await writer.wait_closed()
