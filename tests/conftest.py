"""The processes that tests start find the sources wherever pytest was started from."""

from __future__ import annotations

import os
from pathlib import Path

SOURCES = Path(__file__).parents[1] / "src"

os.environ["PYTHONPATH"] = str(SOURCES)
os.environ.pop("SENTER_HOME", None)
