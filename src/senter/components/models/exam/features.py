"""What an endpoint has, as far as is known; None where it is not."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Features(BaseModel):
    """Found by trying: an endpoint that takes a parameter and ignores it does not have it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    native_tools: bool | None = None
    json_schema: bool | None = None
    streaming: bool | None = None
    context_tokens: int | None = None
    """Prompts up to this length are read whole; what the server tells where that was not found untrue."""
