"""Progress, digests and notifications through the client, against the real API."""

from __future__ import annotations

from pathlib import Path

import pytest

from senter.client import Client
from senter.components.api.testing import staged
from senter.errors import InvalidInput
from senter.paths import Paths


def test_what_was_done_is_shown_and_seen(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "home")
    paths.make_folders()
    with staged(paths):
        reports = Client(paths).reports
        found = reports.progress(hours=48)
        assert found["away"]["count"] == 1
        reports.visit(found["seen"])
        assert reports.progress()["kept"] == []
        assert reports.digest("yesterday")["type"] == "day"
        assert reports.notifications()["notifications"][0]["id"] == 3
        assert reports.test_notification()["targets"][0]["sent"] is None
        assert reports.test_notification("ntfy://h/t", dry_run=False)["targets"][0]["sent"]
        with pytest.raises(InvalidInput, match="is no day"):
            reports.digest("next week")
