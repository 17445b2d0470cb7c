"""Who may come in over TCP, beside showing the token: decided once for each connection, by the user at its other end.

The token is a file that only its owner may read, but an address of this machine is open to all of its users. Where
the kernel tells whose program connects, only the owner's and those of `api.allowed_users` may; where it does not, the
token decides. Another machine's programs may come in, by the token alone, where `api.host` is open to them.
"""

from __future__ import annotations

import os
import socket
import sys
from functools import cache
from typing import Protocol

import structlog

from senter.components.api.settings import ApiSettings
from senter.components.api.sock_diag import End, SocketAddress, SocketDiagnosis, open_diagnosis
from senter.errors import Forbidden

GONE = "Senter cannot tell which user asks: the connection was closed at once."
OTHER_MACHINE = "Senter answers programs of its own machine only."
OPEN_TO_THEM = "Its owner can let other machines in: api.host in the settings."


class Accepted(Protocol):
    """A connection as it is accepted: what a socket tells of its ends."""

    def getpeername(self) -> SocketAddress: ...

    def getsockname(self) -> SocketAddress: ...


class TcpDoor:
    """Knows the owner, whom the owner lets in, and what the kernel tells of who connects."""

    def __init__(self, settings: ApiSettings, log: structlog.stdlib.BoundLogger) -> None:
        self._allowed = frozenset(str(user) for user in settings.allowed_users)
        self._log = log
        self._diagnosis: SocketDiagnosis | None = None
        self._open_to_others = False
        self._refused: set[int] = set()
        self.users = "nobody"
        """Who may come in, for people: names, or that the system does not tell them apart."""
        self.opened = ""
        """Whom the settings let in beside the owner, for people; empty where nobody."""

    def stands_at(self, listener: socket.socket) -> None:
        """From now on it is this socket's door."""
        self._open_to_others = not End.of(listener.getsockname()).ip.is_loopback
        self._diagnosis = open_diagnosis(listener)
        self.users, self.opened = self._who_may(), self._opened()

    def close(self) -> None:
        if self._diagnosis:
            self._diagnosis.close()

    def refusal(self, connection: Accepted) -> Forbidden | None:
        """Why this connection's requests are refused; none where the token is to decide."""
        try:
            peer, ours = End.of(connection.getpeername()), End.of(connection.getsockname())
            user = self._diagnosis.user_of(peer, ours) if self._diagnosis else None
        except OSError:
            return Forbidden(GONE)
        if user is not None:
            return self._refuse_user(user)
        if peer.ip.is_loopback or peer.ip == ours.ip:
            return Forbidden(GONE) if self._diagnosis else None
        return None if self._open_to_others else Forbidden(OTHER_MACHINE, OPEN_TO_THEM)

    def _refuse_user(self, uid: int) -> Forbidden | None:
        if uid == os.geteuid() or str(uid) in self._allowed or (name := user_name(uid)) in self._allowed:
            return None
        if uid not in self._refused:  # said once: who knocks might knock for ever
            self._refused.add(uid)
            self._log.warning("tcp_user_refused", user=name, uid=uid)
        return Forbidden(
            f"This Senter is not open to the user {name} (uid {uid}).",
            f'Its owner can let {name} in, besides the token: api.allowed_users = ["{name}"] in the settings.',
        )

    def _who_may(self) -> str:
        if self._diagnosis is None:
            return "all who show the token: this system does not tell users apart"
        return ", ".join((user_name(os.geteuid()), *sorted(self._allowed)))

    def _opened(self) -> str:
        said: list[str] = []
        if self._allowed:
            said.append(f"Open over TCP to other users who show the token: {', '.join(sorted(self._allowed))}.")
        if unknown := ", ".join(sorted(user for user in self._allowed if not _exists(user))):
            said.append(f"Unknown here: {unknown} (api.allowed_users).")
        if self._open_to_others:
            said.append("Open to other machines by the token alone (api.host).")
        return " ".join(said)


@cache
def user_name(uid: int) -> str:
    """The user's name; the number where it has none here."""
    if sys.platform == "win32":
        return str(uid)
    import pwd

    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _exists(user: str) -> bool:
    """Whether a name of the settings is one of a user here; a number may also be that of a container's user."""
    if sys.platform == "win32" or user.isdigit():
        return True
    import pwd

    try:
        pwd.getpwnam(user)
    except KeyError:
        return False
    return True
