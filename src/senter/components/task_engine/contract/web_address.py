"""Web addresses, taken apart once, so that what is judged is what is connected to."""

from __future__ import annotations

from dataclasses import dataclass

import httpx2

from senter.errors import ToolError

LONGEST_URL_CHARACTERS = 8_192
DEFAULT_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class WebAddress:
    """Where a URL leads."""

    url: httpx2.URL
    host: str
    port: int

    @property
    def origin(self) -> tuple[str, str, int]:
        return self.url.scheme, self.host, self.port


def web_address(url: str) -> WebAddress:
    """Take a URL apart. Raises `ToolError` for what no page has: other schemes, passwords, odd characters."""
    if len(url) > LONGEST_URL_CHARACTERS or any(c <= " " or c in "\\\x7f" for c in url):
        raise ToolError(
            "Cannot read the web address: it is too long, or has spaces, backslashes or control characters.",
            trusted=True,
        )
    try:
        parsed = httpx2.URL(url)
    except httpx2.InvalidURL as error:
        raise ToolError("Cannot read this as a web address.", trusted=True) from error
    if parsed.scheme not in DEFAULT_PORTS:
        raise ToolError("Give a web address that begins with http:// or https://.", trusted=True)
    if parsed.userinfo or "@" in parsed.netloc.decode("ascii"):
        raise ToolError("Leave the user and the password out of the web address.", trusted=True)
    host = parsed.raw_host.decode("ascii").strip("[]").removesuffix(".").lower()
    if not host or "%" in host:
        raise ToolError("Name a host in the web address.", trusted=True)
    port = DEFAULT_PORTS[parsed.scheme] if parsed.port is None else parsed.port
    return WebAddress(parsed.copy_with(fragment=None), host, port)
