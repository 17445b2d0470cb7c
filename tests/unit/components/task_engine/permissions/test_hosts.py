from __future__ import annotations

import asyncio
import gzip
import ssl
import zlib
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import assume, given
from hypothesis import strategies as st

from senter.component.grants.addresses import is_public, near_networks
from senter.component.grants.hostnames import host_named
from senter.components.task_engine.contract.web_address import web_address
from senter.components.task_engine.permissions.hosts import Fetcher
from senter.errors import PermissionNeeded, SenterError, ToolError
from senter.messages.needs import ReachHost

DAY = timedelta(days=1)

Answer = Callable[[str, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Web:
    """A server on loopback that many names may stand for, and the look-ups it was found by."""

    port: int = 0
    names: dict[str, list[str]] = field(default_factory=lambda: {"example.org": ["127.0.0.1"]})
    requests: list[str] = field(default_factory=list[str])
    looked_up: list[str] = field(default_factory=list[str])
    answers: dict[str, Answer] = field(default_factory=dict[str, Answer])

    async def resolve(self, host: str, port: int) -> Sequence[str]:
        self.looked_up.append(host)
        return self.names.get(host, [])

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        self.requests.append(head)
        try:
            await self.answers[head.split(" ")[1]](head, writer)
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()

    def fetcher(self, *hosts: str, found: frozenset[str] | None = None) -> Fetcher:
        patterns = [f"{host}:{self.port}" for host in hosts or ["example.org"]]
        return Fetcher(patterns, found=found, resolve=self.resolve, reachable=lambda address: address.is_loopback)

    def url(self, path: str, host: str = "example.org") -> str:
        return f"http://{host}:{self.port}{path}"


def says(body: bytes, *headers: str, status: str = "200 OK") -> Answer:
    async def answer(head: str, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status}", "content-type: text/plain", f"content-length: {len(body)}", *headers]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + body)
        await writer.drain()

    return answer


def sends_to(location: str, status: str = "302 Found") -> Answer:
    return says(b"", f"location: {location}", status=status)


@pytest.fixture
async def web() -> AsyncGenerator[Web]:
    served = Web()
    server = await asyncio.start_server(served.serve, "127.0.0.1", 0)
    served.port = server.sockets[0].getsockname()[1]
    async with server:
        yield served


async def read(fetcher: Fetcher, url: str, limit_bytes: int = 100_000, timeout_seconds: float = 10.0) -> bytes:
    async with fetcher.fetch(url, limit_bytes=limit_bytes, timeout_seconds=timeout_seconds) as fetched:
        return b"".join([piece async for piece in fetched.body])


async def test_a_page_of_a_granted_host_is_read(web: Web) -> None:
    web.answers["/page?q=1"] = says(b"hello")
    async with web.fetcher().fetch(web.url("/page?q=1#part"), limit_bytes=100, timeout_seconds=10) as fetched:
        assert (fetched.status, fetched.content_type) == (200, "text/plain")
        assert fetched.url == web.url("/page?q=1")
        assert b"".join([piece async for piece in fetched.body]) == b"hello"
    assert f"host: example.org:{web.port}\r\n" in web.requests[0].lower()


async def test_nothing_of_the_user_goes_along(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    web.answers["/a"] = says(b"", "set-cookie: id=1; Path=/", "location: /b", status="302 Found")
    web.answers["/b"] = says(b"ok")
    assert await read(web.fetcher(), web.url("/a")) == b"ok"
    names = {line.partition(":")[0].lower() for head in web.requests for line in head.splitlines()[1:] if line}
    assert names == {"host", "user-agent", "accept", "accept-encoding", "connection"}


async def test_a_host_the_grant_does_not_name_is_not_even_looked_up(web: Web) -> None:
    with pytest.raises(PermissionNeeded) as raised:
        await read(web.fetcher(), "http://evil.example/?secret=1")
    assert raised.value.needs == (ReachHost(host="evil.example", port=80),)
    assert web.looked_up == []


async def test_another_port_of_a_granted_host_is_outside_the_grant(web: Web) -> None:
    with pytest.raises(PermissionNeeded) as raised:
        await read(web.fetcher(), "http://example.org:22/")
    assert raised.value.needs == (ReachHost(host="example.org", port=22),)


async def test_the_address_that_was_judged_is_the_one_that_is_connected_to(web: Web) -> None:
    """A name that stands for something else at every look-up is looked up once for each connection."""
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["10.0.0.1"]])

    async def rebinding(host: str, port: int) -> Sequence[str]:
        web.looked_up.append(host)
        return next(answers)

    web.answers["/"] = says(b"ok")
    fetcher = Fetcher(
        [f"example.org:{web.port}"], resolve=rebinding, reachable=lambda address: str(address) == "127.0.0.1"
    )
    assert await read(fetcher, web.url("/")) == b"ok"
    assert web.looked_up == ["example.org"]
    with pytest.raises(ToolError, match="on this machine or its network"):
        await read(fetcher, web.url("/"))
    assert len(web.requests) == 1


async def test_one_private_address_among_public_ones_is_enough_to_refuse(web: Web) -> None:
    web.names["example.org"] = ["127.0.0.1", "192.168.1.1"]
    with pytest.raises(ToolError, match="on this machine or its network"):
        await read(web.fetcher(), web.url("/"))


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "2130706433", "0x7f000001", "0177.0.0.1", "127.1", "0", "[::1]", "[::ffff:127.0.0.1]",
     "[::ffff:7f00:1]", "[::]", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254", "100.64.0.1",  # noqa: S104
     "[fe80::1]", "[fc00::1]", "[64:ff9b::7f00:1]", "[64:ff9b::a00:1]", "[2002:7f00:1::]", "[2001:0:4136::1]",
     "224.0.0.1", "255.255.255.255", "198.18.0.1", "192.0.0.8", "240.0.0.1", "[ff02::1]", "0x7f.1", "017700000001"],
)  # fmt: skip
@pytest.mark.parametrize("scheme", ["http", "https"])
async def test_no_spelling_of_a_near_address_is_fetched_even_where_every_host_is_granted(
    host: str, scheme: str
) -> None:
    with pytest.raises(ToolError, match=r"on this machine or its network|There is no host|web address"):
        await read(Fetcher(["*"]), f"{scheme}://{host}/")


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://example.org/", "gopher://example.org/", "data:text/plain,hi", "javascript:alert(1)",
     "//example.org/", "example.org", "", "http://", "http:///x", "http://user@example.org/", "http://a:b@example.org/",
     "http://example.org@evil.example/", "http://evil.example\\@example.org/", "http://example.org/\r\nX: y",
     "http://exa mple.org/", "http://example.org\t/", "http://example.org\0/", "http://[::1/", "http://example.org:99999/",
     "http://example.org:x/", "http://[fe80::1%25eth0]/", "HTTP://", "http://" + "a" * 9_000, "unix:///run/docker.sock",
     "http://@example.org/", "http://.../", "http://xn--\u0000/", "http://\ud800/"],
)  # fmt: skip
async def test_what_is_no_plain_web_address_is_refused(web: Web, url: str) -> None:
    fetcher = Fetcher(["*"], resolve=web.resolve, reachable=lambda address: address.is_loopback)
    with pytest.raises(SenterError):
        await read(fetcher, url)
    assert web.requests == []


@pytest.mark.parametrize(
    "location",
    ["http://127.0.0.1/", "http://localhost:{port}/x", "http://evil.example:{port}/", "file:///etc/passwd",
     "//evil.example:{port}/", "http://user:pass@example.org:{port}/x", "http://169.254.169.254/latest/meta-data/",
     "http://[::1]:{port}/", "gopher://example.org:{port}/", "http://example.org:22/", "http://example.org:{port}@evil.example/"],
)  # fmt: skip
async def test_redirects_are_judged_like_first_requests(web: Web, location: str) -> None:
    web.answers["/a"] = sends_to(location.replace("{port}", str(web.port)))
    with pytest.raises(ToolError):
        await read(web.fetcher(), web.url("/a"))
    assert len(web.requests) == 1


async def test_a_redirect_to_a_name_that_stands_for_loopback_is_refused(web: Web) -> None:
    web.names |= {"example.org": ["127.0.0.1"], "inside.example.org": ["127.0.0.2"]}
    web.answers["/a"] = sends_to(web.url("/b", host="inside.example.org"))
    fetcher = Fetcher(
        [f"*.example.org:{web.port}", f"example.org:{web.port}"],
        resolve=web.resolve,
        reachable=lambda address: str(address) == "127.0.0.1",
    )
    with pytest.raises(ToolError, match=r"inside\.example\.org is on this machine"):
        await read(fetcher, web.url("/a"))


async def test_redirects_are_followed_five_times_and_no_more(web: Web) -> None:
    for number in range(9):
        web.answers[f"/{number}"] = sends_to(f"/{number + 1}")
    web.answers["/9"] = says(b"end")
    assert await read(web.fetcher(), web.url("/4")) == b"end"
    with pytest.raises(ToolError, match="more than 5 times"):
        await read(web.fetcher(), web.url("/3"))


async def test_a_body_that_is_too_long_is_cut_off(web: Web) -> None:
    sent = 0

    async def endless(head: str, writer: asyncio.StreamWriter) -> None:
        nonlocal sent
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")
        try:
            while sent < 1_000_000_000:
                writer.write(bytes(100_000))
                await writer.drain()
                sent += 100_000
        except ConnectionError:
            return

    web.answers["/"] = endless
    with pytest.raises(ToolError, match=r"more than 1,000,000 bytes"):
        await read(web.fetcher(), web.url("/"), limit_bytes=1_000_000)
    assert sent < 50_000_000


async def test_a_slow_drip_meets_the_time_out(web: Web) -> None:
    async def drip(head: str, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: text/plain\r\n\r\n")
        try:
            while not writer.is_closing():
                writer.write(b".")
                await writer.drain()
                await asyncio.sleep(0.01)
        except ConnectionError:
            return

    web.answers["/"] = drip
    with pytest.raises(ToolError, match=r"took longer than 0\.3 s"):
        await read(web.fetcher(), web.url("/"), timeout_seconds=0.3)


async def test_a_server_that_says_nothing_meets_the_time_out(web: Web) -> None:
    async def silence(head: str, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(1.0)

    web.answers["/"] = silence
    with pytest.raises(ToolError, match="took longer"):
        await read(web.fetcher(), web.url("/"), timeout_seconds=0.2)


@pytest.mark.parametrize(("name", "pack"), [("gzip", gzip.compress), ("deflate", zlib.compress)])
async def test_packed_answers_are_unpacked_and_bombs_cut_off(
    web: Web, name: str, pack: Callable[[bytes], bytes]
) -> None:
    web.answers["/small"] = says(pack(b"hello"), f"content-encoding: {name}")
    web.answers["/bomb"] = says(pack(bytes(200_000_000)), f"content-encoding: {name}")
    assert await read(web.fetcher(), web.url("/small")) == b"hello"
    with pytest.raises(ToolError, match=r"more than 100,000 bytes"):
        await read(web.fetcher(), web.url("/bomb"))


@pytest.mark.parametrize("encoding", ["gzip, gzip, gzip", "br", "zstd", "compress"])
async def test_an_answer_packed_otherwise_is_refused(web: Web, encoding: str) -> None:
    web.answers["/"] = says(gzip.compress(b"x"), f"content-encoding: {encoding}")
    with pytest.raises(ToolError, match="not asked for"):
        await read(web.fetcher(), web.url("/"))


@pytest.mark.parametrize("garbage", [b"", b"HELLO\r\n\r\n", b"HTTP/1.1 200 OK\r\nx: " + b"y" * 300_000])
async def test_garbage_is_an_error_with_a_sentence(web: Web, garbage: bytes) -> None:
    async def answer(head: str, writer: asyncio.StreamWriter) -> None:
        writer.write(garbage)

    web.answers["/"] = answer
    with pytest.raises(ToolError, match=r"example\.org cannot be read"):
        await read(web.fetcher(), web.url("/"))


async def test_packed_garbage_is_an_error_with_a_sentence(web: Web) -> None:
    web.answers["/"] = says(b"not gzip at all", "content-encoding: gzip")
    with pytest.raises(ToolError, match="cannot be unpacked"):
        await read(web.fetcher(), web.url("/"))


async def test_a_bare_star_covers_only_found_addresses_for_a_tainted_task(web: Web) -> None:
    web.names["other.example"] = ["127.0.0.1"]
    web.answers["/found"] = sends_to(web.url("/moved", host="other.example"))
    web.answers["/moved"] = says(b"ok")
    fetcher = web.fetcher("*", found=frozenset({web.url("/found")}))
    assert await read(fetcher, web.url("/found")) == b"ok"
    for url in (web.url("/found?leak=secret"), web.url("/moved", host="other.example")):
        with pytest.raises(PermissionNeeded):
            await read(fetcher, url)
    assert len(web.requests) == 2


async def test_a_named_host_does_not_redirect_a_tainted_task_to_one_that_only_a_star_covers(web: Web) -> None:
    """A redirector on a named host would carry away what the task put into the address."""
    web.names["other.example"] = ["127.0.0.1"]
    web.answers["/go?leak=secret"] = sends_to(web.url("/?leak=secret", host="other.example"))
    with pytest.raises(ToolError, match=r"redirects to other\.example"):
        await read(web.fetcher("example.org", "*", found=frozenset()), web.url("/go?leak=secret"))
    assert web.looked_up == ["example.org"]


async def test_the_users_own_search_server_may_be_on_this_machine_but_nobody_is_redirected_to_it(web: Web) -> None:
    web.answers["/search"] = says(b"results")
    own = Fetcher([], own_origin=f"http://127.0.0.1:{web.port}/")
    assert await read(own, f"http://127.0.0.1:{web.port}/search") == b"results"
    web.answers["/a"] = sends_to(f"http://127.0.0.1:{web.port}/search")
    with pytest.raises(ToolError):
        await read(own, f"http://127.0.0.1:{web.port}/a")


def own_certificate(folder: Path, name: str) -> ssl.SSLContext:
    """A certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number(), now, now + DAY)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "own.pem").write_bytes(certificate.public_bytes(pem) + secret)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "own.pem")
    return context


async def test_over_tls_the_name_is_asked_for_and_a_certificate_nobody_vouches_for_is_refused(tmp_path: Path) -> None:
    asked: list[str | None] = []
    context = own_certificate(tmp_path, "example.org")
    context.sni_callback = lambda connection, name, _: asked.append(name)
    web = Web()
    web.answers["/"] = says(b"secret")
    server = await asyncio.start_server(web.serve, "127.0.0.1", 0, ssl=context)
    async with server:
        web.port = server.sockets[0].getsockname()[1]
        with pytest.raises(ToolError, match=r"example\.org cannot be read: .*CERTIFICATE_VERIFY_FAILED"):
            await read(web.fetcher(), f"https://example.org:{web.port}/")
    assert asked == ["example.org"]
    assert web.requests == []


@given(st.integers(0, 2**32 - 1))
def test_an_ipv4_address_inside_an_ipv6_one_is_judged_as_itself(number: int) -> None:
    plain = ip_address(number)
    mapped, translated = ip_address((0xFFFF << 32) | number), ip_address((0x64FF9B << 96) | number)
    assert is_public(mapped) == is_public(translated) == is_public(plain)
    assert not is_public(ip_address((0x2002 << 112) | (number << 80) | 1))


@given(st.ip_addresses())
def test_no_address_that_python_calls_private_is_public(address: IPv4Address | IPv6Address) -> None:
    assume(address not in ip_network("64:ff9b::/96"))
    plain = (address.ipv4_mapped if isinstance(address, IPv6Address) else None) or address
    private = plain.is_private or plain.is_loopback or plain.is_link_local or plain.is_multicast or plain.is_reserved
    assert not (private and is_public(address))


@pytest.mark.parametrize("address", ["93.184.215.14", "8.8.8.8", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_are_public(address: str) -> None:
    assert is_public(ip_address(address))


def test_addresses_of_this_machines_own_networks_are_not_public() -> None:
    near = [ip_network("2606:4700:1:2::/64")]
    assert not is_public(ip_address("2606:4700:1:2::99"), near)
    assert is_public(ip_address("2606:4700:1:3::99"), near)
    assert any(ip_address("127.0.0.1") in network for network in near_networks() if network.version == 4)


@pytest.mark.parametrize(
    ("pattern", "host", "port", "named"),
    [
        ("example.org", "example.org", 443, True),
        ("example.org", "EXAMPLE.org.", 80, True),
        ("example.org", "www.example.org", 443, False),
        ("example.org", "example.org.evil.example", 443, False),
        ("example.org", "example.org", 8080, False),
        ("example.org:8080", "example.org", 8080, True),
        ("example.org:8080", "example.org", 443, False),
        ("*.example.org", "a.b.example.org", 443, True),
        ("*.example.org", "example.org", 443, False),
        ("*.example.org", "evilexample.org", 443, False),
        ("*", "anything.example", 443, True),
        ("*", "anything.example", 22, False),
        ("*:22", "anything.example", 22, True),
        ("", "example.org", 443, False),
        ("*", "", 443, False),
        ("bücher.example", "xn--bcher-kva.example", 443, True),
        ("2606:4700::1111:443", "2606:4700::1111", 443, True),
    ],
)
def test_hosts_are_named_exactly_by_subdomain_or_all(pattern: str, host: str, port: int, named: bool) -> None:
    assert host_named(host, port, [pattern]) is named


def test_a_url_is_taken_apart_once() -> None:
    place = web_address("https://EXAMPLE.org./a?b#c")
    assert (place.host, place.port, str(place.url)) == ("example.org", 443, "https://example.org./a?b")
