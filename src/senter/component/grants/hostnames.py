"""Which hosts a grant names.

A pattern is a name (`example.org`), every name below one (`*.example.org`), or every public host (`*`);
with `:PORT` it is meant for that port, without for 80 and 443.
"""

from __future__ import annotations

from collections.abc import Iterable

from senter.messages.needs import USUAL_PORTS

EVERY_HOST = "*"


def host_named(host: str, port: int, patterns: Iterable[str]) -> bool:
    """Whether one of the patterns covers a host. Names are compared without case and final dot."""
    name = _plain(host)
    return bool(name) and any(_matches(name, port, pattern) for pattern in patterns)


def named_hosts(patterns: Iterable[str]) -> tuple[str, ...]:
    """The patterns without those that take every host."""
    return tuple(pattern for pattern in patterns if _split(pattern)[0] != EVERY_HOST)


def host_of(pattern: str) -> str:
    """The name or address in a pattern, as names are compared."""
    return _split(pattern)[0]


def _matches(name: str, port: int, pattern: str) -> bool:
    wanted, ports = _split(pattern)
    if port not in ports or not wanted:
        return False
    if wanted == EVERY_HOST:
        return True
    if wanted.startswith("*."):
        return name.endswith(wanted[1:]) and len(name) > len(wanted) - 1
    return name == wanted


def _split(pattern: str) -> tuple[str, tuple[int, ...]]:
    name, colon, port = pattern.strip().rpartition(":")
    if colon and port.isascii() and port.isdigit() and not name.endswith(":"):
        return _plain(name), (int(port),)
    return _plain(pattern), USUAL_PORTS


def _plain(host: str) -> str:
    """As names are compared: lower case, in ASCII, without brackets, without the dot at the end."""
    name = host.strip().strip("[]").removesuffix(".").lower()
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii")
    except UnicodeError:
        return ""
