"""Settings of the logs: section `log`."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import BaseModel, ConfigDict

LevelName: TypeAlias = Literal["debug", "info", "warning", "error", "critical"]


class LogSettings(BaseModel):
    """What is written to the log files."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    level: LevelName = "info"
    """The least important records that are written. At debug, prompts and answers are logged too."""
