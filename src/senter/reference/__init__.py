"""Writes docs/reference/ from the code: `bin/docs`. A test compares them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from senter.reference.api import api_page
from senter.reference.cli import cli_page
from senter.reference.messages import messages_page
from senter.reference.settings import settings_page

PAGES: Mapping[str, Callable[[], str]] = {
    "docs/reference/settings.md": settings_page,
    "docs/reference/messages.md": messages_page,
    "docs/reference/api.md": api_page,
    "docs/reference/cli.md": cli_page,
}
