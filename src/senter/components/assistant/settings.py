"""The assistant's settings: how much goes into a prompt, how much is answered at once, how long it is kept."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from senter.component.spec import ComponentSettings
from senter.settings.shared import TakenFrom


class AssistantSettings(ComponentSettings):
    """Section `assistant`."""

    prompt_tokens: int = Field(default=2_000, ge=300, le=1_000_000)
    """The longest prompt, in tokens as estimated; no more than `models.primary.prompt_tokens`."""
    history_turns: int = Field(default=20, ge=0, le=1_000)
    """How many earlier turns of a conversation may go into a prompt, as far as they fit."""
    oversized_question: Literal["refuse", "cut"] = "refuse"
    """What happens to a question that does not fit into a prompt: refuse it, or leave its end out."""
    answer_timeout_seconds: float = Field(default=300.0, gt=0, le=3_600)
    """How long a model may take for one answer, in seconds."""
    tool_rounds: int = Field(default=6, ge=0, le=20)
    """How often, for one answer, a capable model may be asked, look something up or have something done; 0 gives it no
    tools."""
    wait_for_goals_seconds: float = Field(default=8.0, ge=0, le=600)
    """How long an answer waits for what it has done, in seconds; what takes longer goes on, and the answer says so."""
    timezone: Annotated[str, TakenFrom("user.timezone")] = ""
    """The zone in which times are read and shown."""
    user_name: Annotated[str, TakenFrom("user.name")] = ""
    """What the user is called."""
    user_language: Annotated[str, TakenFrom("user.language")] = ""
    """What is spoken where a text does not tell."""
    max_queries: int = Field(default=128, ge=1, le=1_000)
    """Queries in hand at once, waiting ones included; one more is refused at once."""
    keep_days: int = Field(default=365, ge=1, le=36_500)
    """Conversations that did not change for so many days are deleted."""
    keep_mb: int = Field(default=1_024, ge=1, le=1_000_000)
    """When all conversations together take more than so many MiB, the oldest are deleted."""
