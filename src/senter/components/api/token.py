"""The token that TCP callers show: made once, kept private, compared in constant time."""

from __future__ import annotations

import hmac
import secrets
from pathlib import Path

from senter.files import replacing

TOKEN_BYTES = 32


def read_or_make_token(path: Path) -> str:
    """The token in `path`, made with mode 0600 when the file is missing or empty."""
    try:
        token = path.read_text("ascii").strip()
    except (FileNotFoundError, UnicodeDecodeError):
        token = ""
    if token:
        path.chmod(0o600)
        return token
    token = secrets.token_urlsafe(TOKEN_BYTES)
    with replacing(path) as file:
        file.write(token)
    return token


def shows_token(authorization: bytes, token: str) -> bool:
    """Whether an Authorization header carries the token."""
    scheme, _, shown = authorization.partition(b" ")
    return scheme.lower() == b"bearer" and hmac.compare_digest(shown.strip(), token.encode())
