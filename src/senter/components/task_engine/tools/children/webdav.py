"""Requests to a WebDAV server: one user, bounded answers, and redirects that never carry the password elsewhere.

Runs in the child that speaks to servers: what they answer is hostile until it is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, fromstring

import httpx2

SERVER_SECONDS = 15.0
LARGEST_ANSWER_BYTES = 32 * 1024 * 1024
MOST_REDIRECTS = 5
REDIRECTS = frozenset({301, 302, 303, 307, 308})
MULTISTATUS, UNPROVEN, PRECONDITION_FAILED, FIRST_ERROR, FIRST_SERVER_ERROR = 207, 401, 412, 400, 500
DAV = "{DAV:}"
HEADERS = {"User-Agent": "Senter", "Accept-Encoding": "identity"}
"""What packs an answer on its way may weaken its entity tag, and then no change could be made."""
SPREAD_HOSTS = (".icloud.com",)
"""Services that keep one person's calendars on other hosts of their own than the one people are given."""


class ServerProblem(Exception):
    """Why a server cannot be used, for people. `lasting`: trying again changes nothing."""

    def __init__(self, text: str, *, lasting: bool = False) -> None:
        super().__init__(text)
        self.lasting = lasting


@dataclass(frozen=True, slots=True)
class DavAnswer:
    """What a server answered, and from where, after redirects."""

    url: str
    status: int
    etag: str
    content: bytes

    @property
    def is_page(self) -> bool:
        """Whether it is a page for people."""
        return self.content.lstrip()[:200].lower().startswith((b"<!doctype html", b"<html"))


@dataclass(frozen=True, slots=True)
class DavResource:
    """One thing on the server, with the properties that it has."""

    url: str
    properties: Mapping[str, Element]

    def text(self, name: str) -> str:
        found = self.properties.get(name)
        return (found.text or "").strip() if found is not None else ""

    def has(self, name: str, inside: str) -> bool:
        found = self.properties.get(name)
        return found is not None and found.find(f".//{inside}") is not None

    def links(self, name: str) -> list[str]:
        """The addresses that a property names."""
        found = self.properties.get(name)
        hrefs = found.iter(f"{DAV}href") if found is not None else ()
        return [_joined(self.url, href.text) for href in hrefs if href.text]


class DavServer:
    """One account on one server."""

    def __init__(self, url: str, user: str, password: str) -> None:
        self._given = httpx2.URL(url)
        self._user, self._password = user, password
        self._auth: httpx2.Auth | None = None
        if user and self._given.scheme == "https":
            self.prove_by_password()
        self._client = httpx2.Client(timeout=SERVER_SECONDS, trust_env=False, headers=HEADERS)

    @property
    def asks_without_password(self) -> bool:
        """Whether there is a password that was not asked for so far."""
        return bool(self._user) and self._auth is None

    def prove_by_password(self) -> None:
        """Send it along from here on."""
        self._auth = httpx2.BasicAuth(self._user, self._password)

    def ask(self, method: str, url: str, content: bytes = b"", headers: Mapping[str, str] | None = None) -> DavAnswer:
        """The answer, after redirects on the same host. Raises `ServerProblem` where there is none to be had."""
        place = httpx2.URL(url)
        for _ in range(MOST_REDIRECTS + 1):
            self._check_place(place)
            answer, location = self._once(method, place, content, headers or {})
            if not location:
                return answer
            place = httpx2.URL(_joined(str(place), location))
        raise ServerProblem(f"{place.host} redirects without end", lasting=True)

    def _once(
        self, method: str, place: httpx2.URL, content: bytes, headers: Mapping[str, str]
    ) -> tuple[DavAnswer, str]:
        answer, location, challenge = self._sent(method, place, content, headers)
        if answer.status == UNPROVEN and self._heed(challenge):
            answer, location, _ = self._sent(method, place, content, headers)
        if answer.status == UNPROVEN:
            what = "does not accept the user or the password" if self._user else "asks for a user and a password"
            raise ServerProblem(f"{place.host} {what}", lasting=True)
        return answer, location if answer.status in REDIRECTS else ""

    def _heed(self, challenge: str) -> bool:
        """Whether another way to prove who asks is tried."""
        before = type(self._auth)
        if self._user and "digest" in challenge:
            self._auth = httpx2.DigestAuth(self._user, self._password)
        elif self._user and "basic" in challenge:
            self.prove_by_password()
        return type(self._auth) is not before

    def _sent(
        self, method: str, place: httpx2.URL, content: bytes, headers: Mapping[str, str]
    ) -> tuple[DavAnswer, str, str]:
        request = self._client.build_request(method, place, content=content, headers=dict(headers))
        try:
            response = self._client.send(request, stream=True, auth=self._auth, follow_redirects=False)
            try:
                body = b"".join(_limited(response.iter_bytes(), place.host))
            finally:
                response.close()
        except httpx2.HTTPError as error:
            raise ServerProblem(f"{place.host} {_why(error)}") from error
        told = response.headers
        answer = DavAnswer(str(place), response.status_code, told.get("etag", ""), body)
        return answer, told.get("location", ""), told.get("www-authenticate", "").lower()

    def _check_place(self, place: httpx2.URL) -> None:
        """The password is for the host that the person named."""
        given = self._given
        spread = any(given.host.endswith(end) and place.host.endswith(end) for end in SPREAD_HOSTS)
        if place.scheme not in ("http", "https") or (place.host != given.host and not spread):
            text = f"{given.host} sends on to {place.host or 'another place'}: connect that address itself"
            raise ServerProblem(text, lasting=True)
        if given.scheme == "https" and place.scheme == "http":
            raise ServerProblem(f"{given.host} sends on to an address without encryption", lasting=True)


def resources_of(answer: DavAnswer) -> list[DavResource]:
    """What a multistatus tells of. Raises `ServerProblem` for any other answer."""
    if answer.status != MULTISTATUS:
        raise problem_of(answer)
    if b"<!DOCTYPE" in answer.content[:1_000]:
        raise ServerProblem("its answer cannot be read")
    try:
        root = fromstring(answer.content)  # noqa: S314 - without a document type there is nothing to expand
    except ParseError as error:
        raise ServerProblem("its answer cannot be read") from error
    return [_resource(response, answer.url) for response in root.iter(f"{DAV}response")]


def problem_of(answer: DavAnswer) -> ServerProblem:
    """An answer that is of no use, in a sentence."""
    host = httpx2.URL(answer.url).host
    if answer.is_page:
        return ServerProblem(f"{host} answered with a web page, and not with a calendar", lasting=True)
    if answer.status in (404, 405, 410):
        return ServerProblem(f"there is no calendar at this address of {host} (status {answer.status})", lasting=True)
    return ServerProblem(f"{host} answered with status {answer.status}", lasting=answer.status < FIRST_SERVER_ERROR)


def _resource(response: Element, base: str) -> DavResource:
    found = {prop.tag: prop for prop in _properties(response)}
    return DavResource(_joined(base, response.findtext(f"{DAV}href") or ""), found)


def _properties(response: Element) -> Iterator[Element]:
    for part in response.iter(f"{DAV}propstat"):
        if " 200" in (part.findtext(f"{DAV}status") or ""):
            for prop in part.iter(f"{DAV}prop"):
                yield from prop


def _joined(base: str, link: str) -> str:
    try:
        return str(httpx2.URL(base).join(link.strip()))
    except httpx2.InvalidURL as error:
        raise ServerProblem("its answer names an address that cannot be read") from error


def _limited(pieces: Iterable[bytes], host: str) -> Iterator[bytes]:
    received = 0
    for piece in pieces:
        received += len(piece)
        if received > LARGEST_ANSWER_BYTES:
            raise ServerProblem(f"{host} sent more than {LARGEST_ANSWER_BYTES // 1024**2} MiB", lasting=True)
        yield piece


def _why(error: httpx2.HTTPError) -> str:
    """In our words: the library's would quote what the server sent."""
    match error:
        case httpx2.TimeoutException():
            return "does not answer"
        case httpx2.ConnectError() if "CERTIFICATE_VERIFY_FAILED" in str(error):
            return "shows a certificate that nobody vouches for"
        case httpx2.ConnectError():
            return "cannot be reached"
        case _:
            return "broke off in the middle of its answer"
