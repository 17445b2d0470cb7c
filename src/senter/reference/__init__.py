"""Writes docs/reference/ and the types of the client from the code: `bin/docs`. A test compares them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from senter.reference.api import api_page
from senter.reference.cli import cli_page
from senter.reference.client_types import client_types
from senter.reference.messages import messages_page
from senter.reference.settings import settings_page

PAGES: Mapping[str, Callable[[], str]] = {
    "src/senter/client/types.py": client_types,
    "docs/reference/settings.md": settings_page,
    "docs/reference/messages.md": messages_page,
    "docs/reference/api.md": api_page,
    "docs/reference/cli.md": cli_page,
}
