"""Names each HTTP request, so that an answer and a log line can be matched."""

from __future__ import annotations

import re
from uuid import uuid4

from fastapi import Request

HEADER = b"x-request-id"
SANE = re.compile(rb"[A-Za-z0-9._-]{1,128}")


def choose_request_id(offered: bytes | None) -> str:
    """The caller's own name for the request when it is a sane one, else a new one."""
    if offered is not None and SANE.fullmatch(offered):
        return offered.decode("ascii")
    return uuid4().hex


def request_id_of(request: Request) -> str:
    return str(request.scope["state"]["request_id"])
