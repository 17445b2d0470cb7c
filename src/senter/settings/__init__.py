"""Senter's settings: one TOML file over documented defaults, the environment over both.

Which sections there are is handed in by whoever loads; this package knows none of them.
"""

from senter.settings.keys import Sections
from senter.settings.loading import SettingRow, Settings, load, load_document, merge
from senter.settings.rendering import render_defaults, write_defaults

__all__ = ["Sections", "SettingRow", "Settings", "load", "load_document", "merge", "render_defaults", "write_defaults"]
