"""The processes that tests start find the sources wherever pytest was started from, and hear Ctrl-C; logs are plain."""

from __future__ import annotations

import gc
import os
import signal
from pathlib import Path

import hypothesis

from senter.weights import cache
from tests.support import warm_daemons
from tests.support.plain_logs import log_plainly

SOURCES = Path(__file__).parents[1] / "src"

os.environ["PYTHONPATH"] = str(SOURCES)
os.environ.pop("SENTER_HOME", None)
# No test fetches the default model, and none finds one that was fetched before.
NO_MODELS = Path("/nonexistent/models")
os.environ["SENTER_MODELS__FETCH"] = "never"
os.environ["SENTER_MODELS__FOLDER"] = str(NO_MODELS)
cache.default_folder = lambda: NO_MODELS
# No command of a test starts a daemon, unless that is what is tested.
os.environ["SENTER_NO_START"] = "1"
# Without compiled code every process that is started compiles for itself what it imports.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# A shell has what it starts in the background ignore Ctrl-C, and what is ignored is inherited.
signal.signal(signal.SIGINT, signal.default_int_handler)


log_plainly()

# What a daemon does is tested here; `senter start`, which tests run as it is, starts one in earnest.
warm_daemons.in_use = True

# Looking for garbage every 700 objects, as Python does by itself, is a fifth of the time of many a test.
gc.set_threshold(50_000, 20, 50)


# How long an example takes says how busy the machine is.
hypothesis.settings.register_profile("senter", deadline=None)
hypothesis.settings.load_profile("senter")


def pytest_collection_finish() -> None:
    """What was imported stays: looking through it for garbage took longer than many a test."""
    gc.collect()
    gc.freeze()
