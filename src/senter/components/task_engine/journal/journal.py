"""The whole journal of goals, in one place: tasks.db and everything that is written to it."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from random import Random

from senter.components.task_engine.journal import queries
from senter.components.task_engine.journal.actions import ActionJournal
from senter.components.task_engine.journal.approvals import ApprovalJournal
from senter.components.task_engine.journal.attempts import Attempts
from senter.components.task_engine.journal.facts import Facts
from senter.components.task_engine.journal.goals import GoalJournal
from senter.components.task_engine.journal.ledger import JournalLedger
from senter.components.task_engine.journal.plans import PlanJournal
from senter.components.task_engine.journal.proof import Heads
from senter.components.task_engine.journal.steps import StepJournal
from senter.components.task_engine.journal.story import Story
from senter.components.task_engine.journal.tasks import ManualUpdates
from senter.components.task_engine.journal.verdicts import Verdicts
from senter.components.task_engine.journal.views import Views
from senter.store.stamps import from_stamp


class EngineJournal:
    """Each part writes through the same ledger; every method that writes commits before it returns."""

    def __init__(self, ledger: JournalLedger, random: Random | None = None) -> None:
        jitter = random or Random()  # noqa: S311 - spreads retries, guards nothing
        self.ledger = ledger
        self.audit = ledger.audit
        self.heads = Heads(ledger)
        self.facts = Facts(ledger)
        self.goals = GoalJournal(ledger)
        self.plans = PlanJournal(ledger, jitter)
        self.attempts = Attempts(ledger, jitter)
        self.steps = StepJournal(ledger)
        self.actions = ActionJournal(ledger)
        self.approvals = ApprovalJournal(ledger)
        self.tasks = ManualUpdates(ledger)
        self.verdicts = Verdicts(ledger, self.goals)
        self.views = Views(ledger, self.facts, self.approvals)
        self.story = Story(ledger.database, self.views, self.approvals)

    def take_over(self) -> int:
        """End what a former process was at; before anything else. Returns how many tasks it was at."""
        self.plans.take_over()
        return len(self.attempts.take_over())

    def next_moment(self, running: Collection[int]) -> datetime | None:
        """When time alone next brings something to do; `running` are the fences of the claims that are worked on."""
        values = {"now": self.ledger.now(), "running": json.dumps(list(running))}
        return self.ledger.database.row(queries.NEXT_MOMENT, values, from_stamp)
