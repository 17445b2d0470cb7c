"""Settings of the documents component: section `documents`."""

from __future__ import annotations

from pydantic import Field

from senter.component.spec import ComponentSettings


class DocumentsSettings(ComponentSettings):
    """Which files are indexed, and how often they are looked at."""

    max_file_mb: int = Field(default=20, ge=1, le=1_000)
    """Larger files are skipped, in MiB."""
    max_total_mb: int = Field(default=2_048, ge=1, le=1_000_000)
    """How much text the index takes in all, in MiB; what comes after is skipped."""
    rescan_seconds: float = Field(default=300.0, ge=1, le=86_400)
    """How often the folders are looked through for changes, in seconds."""
    excluded: tuple[str, ...] = (".*", "~*", "*~", "node_modules", "__pycache__", "*.min.*")
    """Names of files and folders that are left out; * and ? stand for any characters."""
