"""A text and its origin, as it is quoted and cited."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from senter.messages.goals import Source


class SourceText(BaseModel):
    """One text and its origin."""

    model_config = ConfigDict(frozen=True)

    title: str
    address: str
    text: str
    subject: str = ""
    """What it was gathered for, where several things are compared."""

    def source(self, quote: str = "") -> Source:
        return Source(title=self.title, address=self.address, quote=quote)
