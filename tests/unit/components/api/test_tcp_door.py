from __future__ import annotations

import asyncio
import errno
import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import closing
from ipaddress import ip_address
from typing import Any

import httpx2
import pytest
import structlog

from senter.components.api.settings import ApiSettings
from senter.components.api.sock_diag import (
    ERROR,
    ESTABLISHED,
    FOUND,
    HEADER,
    NLMSG_ERROR,
    End,
    SocketDiagnosis,
    open_diagnosis,
)
from senter.components.api.tcp_door import TcpDoor
from senter.paths import Paths
from tests.support.api_stage import Scene, eventually, over_unix, serving

NOBODY = 65_534
ANY_ADDRESS = "0.0.0.0"  # noqa: S104

KNOCK_AS = """
import os, socket, sys
uid, port, request, *waits = sys.argv[1:]
os.setgroups([]); os.setgid(int(uid)); os.setuid(int(uid))
with socket.socket() as connection:
    connection.connect(("127.0.0.1", int(port)))
    connection.sendall(request.encode())
    while waits and (received := connection.recv(65536)):
        os.write(1, received)
"""

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells the user of a TCP connection")
as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user"
)


def knock(uid: int, scene: Scene, request: str, *waits: str) -> Sequence[str]:
    """A program of that user which sends a request, and waits for the answer or hangs up."""
    return (sys.executable, "-I", "-c", KNOCK_AS, str(uid), str(scene.port), request, *waits)


def request_for(scene: Scene, target: str, *lines: str) -> str:
    head = (f"Host: 127.0.0.1:{scene.port}", f"Authorization: Bearer {scene.token}", "Connection: close", *lines)
    return "\r\n".join((f"{target} HTTP/1.1", *head, "", ""))


async def ask_as(uid: int, scene: Scene, path: str) -> tuple[int, dict[str, Any]]:
    """Status and body of the answer."""
    request = request_for(scene, f"GET {path}")
    process = await asyncio.create_subprocess_exec(*knock(uid, scene, request, "waits"), stdout=subprocess.PIPE)
    output, _ = await process.communicate()
    head, _, body = output.decode().partition("\r\n\r\n")
    return int(head.split()[1]), json.loads(body)


def listening(host: str) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    try:
        listener.bind((host, 0))
    except OSError as error:
        listener.close()
        pytest.skip(f"{host}: {error}")
    listener.listen()
    return listener


def diagnosis_at(listener: socket.socket) -> SocketDiagnosis:
    diagnosis = open_diagnosis(listener)
    assert diagnosis is not None
    return diagnosis


@as_root
@pytest.mark.process
async def test_another_user_of_this_machine_is_refused_even_with_the_token(scene: Scene) -> None:
    refused = await ask_as(NOBODY, scene, "/api/status")
    openai = await ask_as(NOBODY, scene, "/v1/models")
    health = await ask_as(NOBODY, scene, "/healthz")

    assert (refused[0], refused[1]["code"]) == (403, "forbidden")
    assert "nobody (uid 65534)" in refused[1]["detail"]
    assert 'api.allowed_users = ["nobody"]' in refused[1]["hint"]
    assert (openai[0], openai[1]["error"]["code"]) == (403, "forbidden")
    assert "nobody" in openai[1]["error"]["message"]
    assert "api.allowed_users" in openai[1]["error"]["message"]
    assert health[0] == 200


@as_root
@pytest.mark.process
@pytest.mark.parametrize("named", ["nobody", NOBODY, str(NOBODY)])
async def test_a_user_whom_the_settings_let_in_still_shows_the_token(paths: Paths, named: str | int) -> None:
    async with serving(paths, ApiSettings(port=0, allowed_users=(named,))) as scene:
        status, _ = await ask_as(NOBODY, scene, "/api/status")
        scene.paths.token.write_text("another one")
        without_token, _ = await ask_as(NOBODY, scene, "/api/status")

    assert (status, without_token) == (200, 401)


@as_root
@pytest.mark.process
async def test_a_stranger_who_sends_and_hangs_up_is_not_taken_for_root(scene: Scene) -> None:
    request = request_for(scene, "POST /api/query", "Content-Type: application/json", "Content-Length: 14")
    # It is gone before the server, which waits here meanwhile, sees it.
    subprocess.run(knock(NOBODY, scene, request + '{"text": "hi"}'), check=True)  # noqa: ASYNC221

    async with over_unix(scene) as client:
        page = ""
        while 'status="403"' not in page:
            page = (await client.get("/metrics")).text
    assert scene.assistant.asked == []


async def test_an_owner_who_hangs_up_at_once_is_refused_too_and_harms_nobody(
    scene: Scene, tcp: httpx2.AsyncClient
) -> None:
    with socket.create_connection(("127.0.0.1", scene.port)) as connection:
        connection.sendall(b"GET /api/status HTTP/1.1\r\n\r\n")

    assert (await tcp.get("/api/status")).status_code == 200
    await eventually(lambda: scene.api.health().facts["connections"] == 1)


def test_root_gets_no_bonus_over_tcp(monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(listening("127.0.0.1")) as listener:
        door = door_at(listener, ApiSettings())
        with closing(socket.create_connection(listener.getsockname())), closing(listener.accept()[0]) as accepted:
            assert door.refusal(accepted) is None
            monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)  # the owner is somebody else
            refusal = door.refusal(accepted)
        door.close()

    assert refusal is not None
    assert f"(uid {os.getuid()})" in refusal.message


@pytest.mark.parametrize(
    ("host", "target"), [("127.0.0.1", "127.0.0.1"), ("::1", "::1"), ("::", "127.0.0.1"), ("::", "::ffff:127.0.0.1")]
)
def test_the_kernel_tells_the_user_at_the_other_end(host: str, target: str) -> None:
    with closing(listening(host)) as listener, closing(diagnosis_at(listener)) as diagnosis:
        client = socket.create_connection((target, listener.getsockname()[1]))
        accepted, _ = listener.accept()
        peer, ours = End.of(accepted.getpeername()), End.of(accepted.getsockname())
        with closing(accepted):
            with closing(client):
                assert diagnosis.user_of(peer, ours) == os.geteuid()
            closed = diagnosis.find(peer, ours)

            assert diagnosis.user_of(peer, ours) is None
        assert closed is None or closed.state != ESTABLISHED


def test_a_listening_socket_is_nobodys_end_of_a_connection() -> None:
    with closing(listening("127.0.0.1")) as listener, closing(diagnosis_at(listener)) as diagnosis:
        ours = End.of(listener.getsockname())

        assert diagnosis.find(ours, End(ours.ip, 1)) is not None
        assert diagnosis.user_of(ours, End(ours.ip, 1)) is None


def kernel_says(number: int, kind: int, body: bytes) -> bytes:
    return HEADER.pack(HEADER.size + len(body), kind, 0, number, 0) + body


def test_an_answer_to_an_earlier_question_is_passed_over_and_a_refusal_is_an_error() -> None:
    end = End(ip_address("127.0.0.1"), 1)
    found = FOUND.pack(socket.AF_INET, ESTABLISHED, 0, 0, 1_000, 77)
    ours, kernel = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    with closing(kernel), closing(SocketDiagnosis(ours)) as diagnosis:
        kernel.send(kernel_says(0, NLMSG_ERROR, ERROR.pack(-errno.ENOENT)))
        kernel.send(kernel_says(1, 20, found))
        assert diagnosis.user_of(end, end) == 1_000

        kernel.send(kernel_says(2, NLMSG_ERROR, ERROR.pack(-errno.EPERM)))
        with pytest.raises(PermissionError):
            diagnosis.user_of(end, end)
        with pytest.raises(BlockingIOError):  # never waits for the kernel
            diagnosis.user_of(end, end)


def door_at(listener: socket.socket, settings: ApiSettings) -> TcpDoor:
    door = TcpDoor(settings, structlog.stdlib.get_logger())
    door.stands_at(listener)
    return door


class Knock:
    """A connection from an address that no machine of a test has (RFC 5737)."""

    def __init__(self, peer: str, ours: str) -> None:
        self.peer, self.ours = peer, ours

    def getpeername(self) -> tuple[str, int]:
        return self.peer, 40_000

    def getsockname(self) -> tuple[str, int]:
        return self.ours, 8_765


@pytest.mark.parametrize(("host", "let_in"), [("127.0.0.1", False), (ANY_ADDRESS, True)])
def test_another_machine_is_let_in_only_where_the_host_is_open_to_it(host: str, let_in: bool) -> None:
    with closing(listening(host)) as listener:
        door = door_at(listener, ApiSettings())
        refusal = door.refusal(Knock("192.0.2.7", "192.0.2.1"))
        door.close()

    assert (refusal is None) is let_in
    assert refusal is None or "api.host" in refusal.hint
    assert ("other machines" in door.opened) is let_in


def test_who_is_of_this_machine_and_gone_is_refused_whatever_the_host() -> None:
    with closing(listening(ANY_ADDRESS)) as listener:
        door = door_at(listener, ApiSettings())
        refusals = [door.refusal(Knock("127.0.0.1", "127.0.0.1")), door.refusal(Knock("192.0.2.1", "192.0.2.1"))]
        door.close()

    assert all(refusals)


def test_where_the_system_does_not_tell_the_token_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "darwin")
    with closing(listening("127.0.0.1")) as listener:
        door = door_at(listener, ApiSettings())

    assert door.refusal(Knock("127.0.0.1", "127.0.0.1")) is None
    assert door.refusal(Knock("192.0.2.7", "192.0.2.1")) is not None
    assert "does not tell users apart" in door.users


async def test_status_says_who_may_come_in_over_tcp(paths: Paths) -> None:
    async with serving(paths, ApiSettings(port=0, allowed_users=("daemon", 4_000_000, "no-such-user"))) as scene:
        health = scene.api.health()

    assert str(health.facts["tcp_users"]).endswith(", 4000000, daemon, no-such-user")
    assert "4000000, daemon, no-such-user" in health.detail
    assert "Unknown here: no-such-user" in health.detail


async def test_status_has_nothing_to_say_where_nobody_else_was_let_in(scene: Scene) -> None:
    assert scene.api.health().detail == ""
