"""Senter's settings: one TOML file over documented defaults, the environment over both.

Which sections there are is handed in by whoever loads; this package knows none of them.
"""

from senter.settings.loading import Sections, SettingRow, Settings, load, merge
from senter.settings.rendering import render_defaults, write_defaults

__all__ = ["Sections", "SettingRow", "Settings", "load", "merge", "render_defaults", "write_defaults"]
