"""Who is at the other end of a Unix socket. Each system tells it in its own way."""

from __future__ import annotations

import os
import socket
import struct
import sys

LOCAL_PEERCRED = 0x001  # <sys/un.h> of macOS and the BSDs
SOL_LOCAL = 0
LINUX_UCRED = struct.Struct("3i")  # pid, uid, gid
BSD_XUCRED_HEAD = struct.Struct("2I")  # version, uid


def peer_uid(connection: socket.socket) -> int | None:
    """The user id of the process that connected, or none where the system does not tell."""
    if sys.platform == "linux":
        found = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, LINUX_UCRED.size)
        return LINUX_UCRED.unpack(found)[1]
    if sys.platform == "win32":
        return None
    found = connection.getsockopt(SOL_LOCAL, LOCAL_PEERCRED, 128)
    return BSD_XUCRED_HEAD.unpack_from(found)[1]


def is_trusted(uid: int | None) -> bool:
    """Root and the owner are; where the system tells nothing, the folder's mode has to do."""
    return uid is None or uid in (0, os.geteuid())
