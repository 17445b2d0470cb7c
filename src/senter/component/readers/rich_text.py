"""Rich text (rtf), by the library striprtf."""

from __future__ import annotations

from typing import TYPE_CHECKING

from senter.errors import Unreadable

if TYPE_CHECKING:
    from senter.component.readers.lines import Lines


def read(content: bytes, lines: Lines) -> None:
    from striprtf.striprtf import rtf_to_text

    if not content.lstrip().startswith(b"{\\rtf"):
        raise Unreadable("It is damaged, or not of the kind that its name says.")
    text = rtf_to_text(content.decode("latin-1"), errors="replace")
    for line in text.splitlines():
        lines.paragraph(line.replace("|", "\t") if line.endswith("|") else line)
