"""Settings of the model files: section `models`."""

from __future__ import annotations

from typing import Literal

from senter.component.spec import ComponentSettings


class WeightsSettings(ComponentSettings):
    """Section `models`: files of embedded models. What each worker does with one is in the sections below it."""

    fetch: Literal["auto", "never"] = "auto"
    """Whether the default model is fetched by itself where it is wanted and has room: 1.1 GB, once for all homes."""
    folder: str = ""
    """The cache of model files; empty takes the user's cache folder. Shared by all homes, in no backup."""
