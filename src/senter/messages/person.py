"""Whether a person is there."""

from __future__ import annotations

from senter.messages.message import Volatile


class PersonBegins(Volatile):
    """A person turns to Senter: a question comes, or is about to. What takes time to get ready can begin to."""
