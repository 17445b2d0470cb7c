"""Fetching pages from granted hosts, and from nowhere else.

The name is looked up once, every address it stands for is judged, and the connection goes to exactly the
address that was judged: a second look-up could answer differently. Redirects are followed by hand, each as
a new request. Nothing of the user goes along: no cookies, no passwords, no proxies, no referrer.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing, asynccontextmanager
from functools import cache, partial

import httpx2

from senter.component.grants.addresses import Address, is_public, near_networks
from senter.component.grants.hostnames import host_named, named_hosts
from senter.components.task_engine.contract.access import Fetched
from senter.components.task_engine.contract.web_address import WebAddress, web_address
from senter.errors import PermissionNeeded, ToolError
from senter.messages.needs import USUAL_PORTS, ReachHost

MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
UNVOUCHED = "CERTIFICATE_VERIFY_FAILED"
UNPACKED = ("", "identity", "gzip", "deflate")
HEADERS = {
    "user-agent": "Senter",
    "accept": "text/html, text/plain, application/json, application/pdf;q=0.9, */*;q=0.8",
    "accept-encoding": "gzip, deflate",
    "connection": "close",
}

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
Judge = Callable[[Address], bool]


class Fetcher:
    """GET, with a limit on everything. `resolve` and `reachable` are the system's, except in tests."""

    def __init__(
        self,
        hosts: Sequence[str],
        *,
        found: Collection[str] | None = None,
        own_origin: str = "",
        resolve: Resolve | None = None,
        reachable: Judge | None = None,
        headers: Mapping[str, str] | None = None,
        own_may_redirect: bool = False,
    ) -> None:
        """`found` are the only addresses that a bare * covers; None for all. `own_origin` is a server that the
        user configured and that may be on this machine; `own_may_redirect`: to another place there, too. `headers`
        go along with the usual ones."""
        self._hosts = tuple(hosts)
        self._found = None if found is None else frozenset(found)
        self._own = web_address(own_origin).origin if own_origin else None
        self._resolve = resolve or look_up
        self._reachable = reachable
        self._headers = {**HEADERS, **(headers or {})}
        self._own_may_redirect = own_may_redirect

    @asynccontextmanager
    async def fetch(self, url: str, *, limit_bytes: int, timeout_seconds: float) -> AsyncGenerator[Fetched]:
        """The answer after redirects. The time-out holds for all of it, the reading included."""
        place = web_address(url)
        hosts = self._hosts if self._found is None or url in self._found else named_hosts(self._hosts)
        if place.origin != self._own and not host_named(place.host, place.port, hosts):
            raise PermissionNeeded([ReachHost(host=place.host, port=place.port)])
        try:
            async with asyncio.timeout(timeout_seconds), AsyncExitStack() as stack:
                place, response = await self._follow(place, hosts, stack)
                body = _limited(response, limit_bytes, place.host)
                stack.push_async_callback(body.aclose)
                yield Fetched(
                    url=str(place.url),
                    status=response.status_code,
                    content_type=response.headers.get("content-type", ""),
                    body=body,
                    headers={name.lower(): value for name, value in response.headers.items()},
                )
        except TimeoutError as error:
            raise ToolError(f"{place.host} took longer than {timeout_seconds:g} s.", retryable=True) from error
        except httpx2.DecodingError as error:
            raise ToolError(f"{place.host} sent something that cannot be unpacked.") from error
        except httpx2.HTTPError as error:
            raise ToolError(f"{place.host} cannot be read: {_why(error)}.", retryable=True) from error

    async def _follow(
        self, place: WebAddress, hosts: Sequence[str], stack: AsyncExitStack
    ) -> tuple[WebAddress, httpx2.Response]:
        own = place.origin == self._own
        for _ in range(MOST_REDIRECTS + 1):
            response = await self._get(place, stack, own=own)
            location = response.headers.get("location", "")
            if response.status_code not in REDIRECTS or not location:
                return place, response
            own = own and self._own_may_redirect
            following = _next(place, location, hosts, own=own)
            place, own = following, own and following.host == place.host
        raise ToolError(f"{place.host} redirects more than {MOST_REDIRECTS} times.")

    async def _get(self, place: WebAddress, stack: AsyncExitStack, *, own: bool) -> httpx2.Response:
        address = await self._address(place, own=own)
        transport = httpx2.AsyncHTTPTransport(verify=_tls() if place.url.scheme == "https" else False, trust_env=False)
        await stack.enter_async_context(transport)
        request = httpx2.Request(
            "GET",
            place.url.copy_with(host=address),
            headers={**self._headers, "host": place.url.netloc.decode("ascii")},
            extensions={"sni_hostname": place.host},
        )
        response = await transport.handle_async_request(request)
        stack.push_async_callback(response.aclose)
        return response

    async def _address(self, place: WebAddress, *, own: bool) -> str:
        """An address to connect to. All that the name stands for must be public, not just one of them."""
        found = await self._resolve(place.host, place.port)
        if not found:
            raise ToolError(f"There is no host {place.host}.", retryable=True)
        judge = self._reachable or partial(is_public, near=near_networks())
        if not own and not all(judge(ipaddress.ip_address(address)) for address in found):
            raise ToolError(f"{place.host} is on this machine or its network; only public hosts are read.")
        return found[0]


def _next(place: WebAddress, location: str, hosts: Sequence[str], *, own: bool) -> WebAddress:
    """Where a redirect leads, when it may be followed."""
    try:
        following = web_address(str(place.url.join(location)))
    except httpx2.InvalidURL as error:
        raise ToolError(f"Cannot follow {place.host}: it redirects to an address that cannot be read.") from error
    if place.url.scheme == "https" and following.url.scheme == "http":
        raise ToolError(f"{place.host} redirects to an address without encryption.")
    stays = own and following.host == place.host and following.port in (place.port, *USUAL_PORTS)
    if not stays and not host_named(following.host, following.port, hosts):
        raise ToolError(
            f"{place.host} redirects to {following.host}, which the goal's grant does not name.",
            f"Ask for {following.url} itself, or name the host in task_engine.fetch_hosts.",
        )
    return following


async def look_up(host: str, port: int) -> Sequence[str]:
    """The addresses of a name, as the system knows them; also of addresses in odd spellings."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise ToolError(f"There is no host {host}.", retryable=True) from error
    return [str(address[0]) for *_, address in found]


async def _limited(response: httpx2.Response, limit_bytes: int, host: str) -> AsyncGenerator[bytes]:
    """The body, unpacked piece by piece, until it is longer than it may be, packed or not."""
    if response.headers.get("content-encoding", "").strip().lower() not in UNPACKED:
        raise ToolError(f"{host} packed its answer in a way that was not asked for.")
    received = 0
    async with aclosing(response.aiter_bytes()) as pieces:
        async for piece in pieces:
            received += len(piece)
            if max(received, response.num_bytes_downloaded) > limit_bytes:
                raise ToolError(f"{host} sent more than {limit_bytes:,} bytes.")
            yield piece


def _why(error: httpx2.HTTPError) -> str:
    """What went wrong, in our words: the library's would quote what the server sent."""
    match error:
        case httpx2.ConnectError() if UNVOUCHED in str(error):
            return f"nobody vouches for its certificate ({UNVOUCHED})"
        case httpx2.ConnectError():
            return "no connection"
        case httpx2.RemoteProtocolError():
            return "what it answers is not HTTP"
        case _:
            return "the connection broke off"


@cache
def _tls() -> ssl.SSLContext:
    return httpx2.create_ssl_context(trust_env=False)
