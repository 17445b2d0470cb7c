"""Says, before anything is fetched, what will be and from where, or why it is left out."""

from __future__ import annotations

import asyncio
import os

from senter.component.spec import ComponentSettings, Finding
from senter.paths import Paths
from senter.weights.choosing import choose


async def look(_: ComponentSettings, paths: Paths) -> list[Finding]:
    """At most one finding. Whether the default model is wanted depends on other sections too, so it reads the file."""
    choice = await asyncio.to_thread(choose, paths.settings, os.environ)
    return [Finding(well=True, text=choice.text, hint=choice.hint)] if choice.text else []
