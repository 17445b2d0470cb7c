"""Progress, digests and notifications through the client, against the real API."""

from __future__ import annotations

from pathlib import Path

import pytest

from senter.client import Client
from senter.client.types import DigestReply, Done, NotificationsReply, NotificationTestReply, ProgressReply
from senter.errors import InvalidInput
from senter.paths import Paths
from tests.support.api_stage import staged


def test_what_was_done_is_shown_and_seen(tmp_path: Path) -> None:
    paths = Paths(tmp_path / "home")
    paths.make_folders()
    with staged(paths):
        client = Client(paths)
        found = client.get("/api/progress", ProgressReply, hours=48)
        assert found["away"]["count"] == 1
        client.post("/api/visits", Done, **found["seen"])
        assert client.get("/api/progress", ProgressReply)["kept"] == []
        assert client.get("/api/digest", DigestReply, day="yesterday")["type"] == "day"
        assert client.get("/api/notifications", NotificationsReply)["notifications"][0]["id"] == 3
        test = "/api/notifications/test"
        assert client.post(test, NotificationTestReply)["targets"][0]["sent"] is None
        assert client.post(test, NotificationTestReply, url="ntfy://h/t", dry_run=False)["targets"][0]["sent"]
        with pytest.raises(InvalidInput, match="as a day"):
            client.get("/api/digest", DigestReply, day="next week")
