from __future__ import annotations

import asyncio
import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest

from senter.components.api.peer import is_trusted, peer_uid
from senter.components.api.settings import ApiSettings
from senter.components.api.token import read_or_make_token, shows_token
from senter.paths import Paths
from tests.support.api_stage import Scene, serving

NOBODY = 65_534

CONNECT_AS = """
import os, socket, sys
os.setgroups([]); os.setgid(int(sys.argv[2])); os.setuid(int(sys.argv[2]))
connection = socket.socket(socket.AF_UNIX)
try:
    connection.connect(sys.argv[1])
    print(connection.recv(65536).decode())
except PermissionError:
    print("PermissionError")
except ConnectionError as error:
    print(type(error).__name__)
"""

as_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become another user"
)


def test_the_token_is_made_private_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "token"
    token = read_or_make_token(path)

    assert len(token) >= 43
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert read_or_make_token(path) == token


def test_an_empty_token_file_of_a_crashed_writer_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.touch()
    (tmp_path / "token.new").write_text("half")

    assert len(read_or_make_token(path)) >= 43


def test_a_token_others_may_read_is_made_private(tmp_path: Path) -> None:
    path = tmp_path / "token"
    path.write_text("secret")
    path.chmod(0o644)

    assert read_or_make_token(path) == "secret"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    ("header", "shown"),
    [
        (b"Bearer secret", True),
        (b"bearer  secret ", True),
        (b"Bearer secre", False),
        (b"Bearer secrett", False),
        (b"Basic secret", False),
        (b"secret", False),
        (b"Bearer", False),
        (b"", False),
        (b"Bearer \xff", False),
    ],
)
def test_only_the_whole_token_opens(header: bytes, shown: bool) -> None:
    assert shows_token(header, "secret") is shown


async def test_tcp_with_the_token_is_let_in(tcp: httpx2.AsyncClient) -> None:
    assert (await tcp.get("/api/status")).status_code == 200


@pytest.mark.parametrize("header", [None, "Bearer wrong", "Basic c2VudGVy", "Bearer"])
async def test_tcp_without_the_token_is_refused(scene: Scene, header: str | None) -> None:
    headers = {"Authorization": header} if header is not None else {}
    async with httpx2.AsyncClient(verify=False, base_url=scene.address, headers=headers) as client:
        for path in ("/api/status", "/metrics", "/v1/models", "/api/openapi.json", "/api/events", "/nowhere"):
            response = await client.get(path)
            assert response.status_code == 401
            assert response.headers["www-authenticate"].startswith("Bearer")


async def test_a_token_in_the_address_does_not_count(scene: Scene) -> None:
    async with httpx2.AsyncClient(verify=False, base_url=scene.address) as client:
        response = await client.get(f"/api/status?token={scene.token}&access_token={scene.token}")

    assert response.status_code == 401


async def test_whether_it_lives_may_be_asked_without_the_token(scene: Scene) -> None:
    async with httpx2.AsyncClient(verify=False, base_url=scene.address) as client:
        assert (await client.get("/healthz")).json() == {"status": "ok"}


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Host", "evil.example"),
        ("Host", "evil.example:{port}"),
        ("Host", "127.0.0.1"),
        ("Host", "127.0.0.1:1"),
        ("Host", ""),
        ("Origin", "http://evil.example"),
        ("Origin", "http://127.0.0.1.evil.example:{port}"),
        ("Origin", "null"),
        ("Origin", "http://127.0.0.1"),
    ],
)
async def test_a_foreign_host_or_origin_is_refused_even_with_the_token(
    tcp: httpx2.AsyncClient, scene: Scene, header: str, value: str
) -> None:
    response = await tcp.get("/api/status", headers={header: value.format(port=scene.port)})

    assert (response.status_code, response.json()["code"]) == (403, "forbidden")
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("name", ["127.0.0.1", "localhost", "LOCALHOST", "[::1]"])
async def test_the_names_of_this_machine_are_let_in(tcp: httpx2.AsyncClient, scene: Scene, name: str) -> None:
    host = f"{name}:{scene.port}"
    response = await tcp.get("/api/status", headers={"Host": host, "Origin": f"http://{host}"})

    assert response.status_code == 200


async def test_a_host_the_settings_allow_is_let_in(paths: Paths) -> None:
    async with serving(paths, ApiSettings(port=0, allowed_hosts=("senter.lan",))) as scene:
        headers = {"Authorization": f"Bearer {scene.token}", "Host": f"senter.lan:{scene.port}"}
        async with httpx2.AsyncClient(verify=False, base_url=scene.address, headers=headers) as client:
            assert (await client.get("/api/status")).status_code == 200


async def test_the_preflight_of_a_foreign_page_gets_no_permission(tcp: httpx2.AsyncClient) -> None:
    headers = {"Origin": "http://evil.example", "Access-Control-Request-Method": "POST"}
    response = await tcp.options("/api/query", headers=headers)

    assert response.status_code == 403
    assert not any(name.startswith("access-control") for name in response.headers)


async def test_the_sockets_and_files_are_private(scene: Scene) -> None:
    assert stat.S_IMODE(scene.paths.api_socket.stat().st_mode) == 0o600
    assert stat.S_IMODE(scene.paths.sockets.stat().st_mode) == 0o700
    assert stat.S_IMODE(scene.paths.token.stat().st_mode) == 0o600


async def connect_as(uid: int, path: Path) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-I", "-c", CONNECT_AS, str(path), str(uid), stdout=subprocess.PIPE
    )
    output, _ = await process.communicate()
    return output.decode()


@as_root
@pytest.mark.process
async def test_another_user_cannot_reach_the_unix_socket(scene: Scene) -> None:
    assert (await connect_as(NOBODY, scene.paths.api_socket)).strip() == "PermissionError"


@as_root
@pytest.mark.process
async def test_another_user_is_refused_even_where_the_modes_were_opened(scene: Scene) -> None:
    scene.paths.api_socket.chmod(0o666)
    for folder in (scene.paths.sockets, *scene.paths.sockets.parents[:-1]):
        folder.chmod(folder.stat().st_mode | 0o055)

    answer = await connect_as(NOBODY, scene.paths.api_socket)

    assert answer.startswith("HTTP/1.1 403")
    assert "belongs to another user" in answer


def test_a_peer_is_known_by_its_user_and_only_root_and_the_owner_are_trusted() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX)
    with ours, theirs:
        assert peer_uid(ours) == os.geteuid()
    assert is_trusted(os.geteuid())
    assert is_trusted(0)
    assert not is_trusted(os.geteuid() + 1)
