"""Writes docs/reference/ from the code: `bin/docs`. A test compares, so that the pages are never stale."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from senter.reference.api import api_page
from senter.reference.cli import cli_page
from senter.reference.messages import messages_page
from senter.reference.settings import settings_page

PAGES: Mapping[str, Callable[[], str]] = {
    "settings.md": settings_page,
    "messages.md": messages_page,
    "api.md": api_page,
    "cli.md": cli_page,
}
