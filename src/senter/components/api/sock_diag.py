"""Who holds an end of a TCP connection of this machine, asked of the kernel by netlink (sock_diag(7) of Linux)."""

from __future__ import annotations

import errno
import os
import socket
import struct
import sys
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, ip_address
from itertools import count
from typing import Final, TypeAlias

NETLINK_SOCK_DIAG: Final = 4
SOCK_DIAG_BY_FAMILY: Final = 20
NLM_F_REQUEST: Final = 1
NLMSG_ERROR: Final = 2
ESTABLISHED: Final = 1
ANSWER_BYTES: Final = 8_192

HEADER: Final = struct.Struct("=IHHII")  # struct nlmsghdr: length, type, flags, sequence, port
ERROR: Final = struct.Struct("=i")
REQUEST: Final = struct.Struct("=BBBxI")  # struct inet_diag_req_v2: family, protocol, extensions, states
PORTS: Final = struct.Struct("!HH")  # struct inet_diag_sockid: the asked end first, then the one across
REST: Final = struct.Struct("=I8s")  # its interface, and a cookie of ones, which fits every socket
FOUND: Final = struct.Struct("=BB2x48x4xIIII")  # struct inet_diag_msg: family, state, ..., queues, uid, inode

SocketAddress: TypeAlias = tuple[str, int] | tuple[str, int, int, int]


@dataclass(frozen=True, slots=True)
class End:
    """One end of a TCP connection."""

    ip: IPv4Address | IPv6Address
    port: int
    interface: int = 0

    @staticmethod
    def of(address: SocketAddress) -> End:
        """As the socket module tells it; an IPv4 address in the form of IPv6 becomes one of IPv4."""
        ip = ip_address(address[0].partition("%")[0])
        mapped = ip.ipv4_mapped if isinstance(ip, IPv6Address) else None
        return End(mapped or ip, address[1], address[3] if len(address) == 4 else 0)


@dataclass(frozen=True, slots=True)
class KernelSocket:
    """What the kernel tells about a socket."""

    state: int
    uid: int
    inode: int


class SocketDiagnosis:
    """A line to the kernel; about 5 microseconds a question."""

    def __init__(self, netlink: socket.socket) -> None:
        self._netlink = netlink
        self._numbers = count(1)

    def close(self) -> None:
        self._netlink.close()

    def user_of(self, asked: End, across: End) -> int | None:
        """Whose program holds that end of the connection now; none where no program of this machine does.

        The kernel still knows an end whose program has closed it, and then calls its user 0: that is nobody.
        Raises `OSError` where the kernel does not answer.
        """
        found = self.find(asked, across)
        held = found is not None and found.state == ESTABLISHED and found.inode != 0
        return found.uid if found and held else None

    def find(self, asked: End, across: End) -> KernelSocket | None:
        """The socket at that end; a listening one where no connection has it. Raises `OSError`."""
        number = next(self._numbers) & 0xFFFFFFFF
        request = _request(asked, across)
        header = HEADER.pack(HEADER.size + len(request), SOCK_DIAG_BY_FAMILY, NLM_F_REQUEST, number, 0)
        self._netlink.send(header + request)
        return self._answer(number)

    def _answer(self, number: int) -> KernelSocket | None:
        while True:  # the kernel has answered when `send` returns
            answer = self._netlink.recv(ANSWER_BYTES, socket.MSG_DONTWAIT)
            _, kind, _, answered, _ = HEADER.unpack_from(answer)
            if answered == number:
                break
        if kind != NLMSG_ERROR:
            _, state, _, _, uid, inode = FOUND.unpack_from(answer, HEADER.size)
            return KernelSocket(state, uid, inode)
        code = -ERROR.unpack_from(answer, HEADER.size)[0]
        if code == errno.ENOENT:
            return None
        raise OSError(code, os.strerror(code))


def open_diagnosis(listener: socket.socket) -> SocketDiagnosis | None:
    """None where this system does not tell: then it does not know our own listening socket either."""
    if sys.platform != "linux":
        return None
    try:
        netlink = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM, NETLINK_SOCK_DIAG)
    except OSError:
        return None
    diagnosis = SocketDiagnosis(netlink)
    if _knows(diagnosis, listener):
        return diagnosis
    diagnosis.close()
    return None


def _knows(diagnosis: SocketDiagnosis, listener: socket.socket) -> bool:
    ours = End.of(listener.getsockname())
    try:
        found = diagnosis.find(ours, End(ours.ip, 0))
    except OSError:
        return False
    return found is not None and found.inode == os.fstat(listener.fileno()).st_ino


def _request(asked: End, across: End) -> bytes:
    family = socket.AF_INET if asked.ip.version == 4 else socket.AF_INET6
    addresses = b"".join(end.ip.packed.ljust(16, b"\0") for end in (asked, across))
    place = PORTS.pack(asked.port, across.port) + addresses + REST.pack(asked.interface, b"\xff" * 8)
    return REQUEST.pack(family, socket.IPPROTO_TCP, 0, 0xFFFFFFFF) + place
