"""What waits for a person's word, and the record of what was allowed and done."""

from __future__ import annotations

from collections.abc import Generator
from typing import Literal, cast

from senter.client.calls import Calls
from senter.client.goal_results import Approval, Approvals, Audit, AuditEntry

VERIFY_SECONDS = 300.0
PAGE = 1_000


class Oversight:
    def __init__(self, calls: Calls) -> None:
        self._calls = calls

    def approvals(self, *, include_decided: bool = False) -> Approvals:
        return cast(Approvals, self._calls.get(f"/api/approvals?all={str(include_decided).lower()}"))

    def decide(self, approval_id: int, decision: Literal["approved", "denied"]) -> Approval:
        """Say yes or no. The same word again changes nothing; another one is a `Conflict`."""
        body = {"decision": decision}
        decided = self._calls.repeat("POST", f"/api/approvals/{approval_id}", body, "the decision")
        return cast(Approvals, decided)["approvals"][0]

    def audit(self, after: int = 0, limit: int = 200) -> Audit:
        return cast(Audit, self._calls.get(f"/api/audit?after={after}&limit={limit}"))

    def whole_audit(self) -> Generator[AuditEntry]:
        """Every entry, ascending."""
        after = 0
        while entries := self.audit(after, PAGE)["entries"]:
            yield from entries
            after = entries[-1]["number"]

    def audit_holds(self, number: int, digest: str) -> bool:
        """Whether an entry still has the digest that it had."""
        return [entry["digest"] for entry in self.audit(number - 1, 1)["entries"]] == [digest]

    def verify_audit(self) -> Audit:
        """Have the whole chain checked; no entries come with it."""
        return cast(Audit, self._calls.get("/api/audit?verify=true&limit=0", VERIFY_SECONDS))
