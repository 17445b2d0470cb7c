"""Whether a person turns to Senter."""

from __future__ import annotations

from senter.messages.message import Volatile


class AttentionGained(Volatile):
    """A person begins: a question comes, or is about to. What takes time to get ready can begin to."""
