"""What was done, and how people are told."""

from __future__ import annotations

from typing import cast

from senter.client.calls import Calls, quoted
from senter.client.report_results import Digest, Notifications, NotificationTest, ProgressReport, Seen

TEST_SECONDS = 120.0


class Reports:
    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def progress(self, hours: float = 24.0, limit: int = 100) -> ProgressReport:
        """Not a visit: say `visit` once a person was shown it."""
        return cast(ProgressReport, self._calls.get(f"/api/progress?hours={hours}&limit={limit}"))

    def visit(self, seen: Seen) -> None:
        """From now on, away begins here. May be said twice."""
        self._calls.repeat("POST", "/api/visits", seen, "the visit")

    def digest(self, day: str = "") -> Digest:
        """Of the last 24 hours, or of `today`, `yesterday` or YYYY-MM-DD. It is not the day's."""
        return cast(Digest, self._calls.get(f"/api/digest?day={quoted(day)}"))

    def notifications(self, limit: int = 50) -> Notifications:
        return cast(Notifications, self._calls.get(f"/api/notifications?limit={limit}"))

    def test_notification(self, url: str = "", *, dry_run: bool = True) -> NotificationTest:
        """Look at a target, or at those in the settings; without `dry_run` send to them. Never sent twice."""
        body = {"url": url, "dry_run": dry_run}
        path = "/api/notifications/test"
        tested = self._calls.change("POST", path, "the test notification", body, TEST_SECONDS)
        return cast(NotificationTest, tested)
