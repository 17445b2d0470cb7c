"""The one door to what reads English, or does work without a capable model.

Nothing else of this folder is imported from outside.
"""

from __future__ import annotations

from senter.components.task_engine.offline.actions import is_action_request as is_action_request
from senter.components.task_engine.offline.actions import says_calls as says_calls
from senter.components.task_engine.offline.apart import LONGEST_HERE as LONGEST_HERE
from senter.components.task_engine.offline.apart import RulesApart as RulesApart
from senter.components.task_engine.offline.apart import planning_child as planning_child
from senter.components.task_engine.offline.clauses import understand as understand
from senter.components.task_engine.offline.drafting import places_to_fill as places_to_fill
from senter.components.task_engine.offline.extracting import about as about
from senter.components.task_engine.offline.extracting import fitting as fitting
from senter.components.task_engine.offline.helping import QUOTED_ONLY as QUOTED_ONLY
from senter.components.task_engine.offline.helping import helping_tasks as helping_tasks
from senter.components.task_engine.offline.helping import likeness as likeness
from senter.components.task_engine.offline.helping import same_goal as same_goal
from senter.components.task_engine.offline.places import is_about_what_lies_here as is_about_what_lies_here
from senter.components.task_engine.offline.places import named_in as named_in
from senter.components.task_engine.offline.rules import focus_of as focus_of
from senter.components.task_engine.offline.rules import one_task as one_task
from senter.components.task_engine.offline.writing import Written as Written
from senter.components.task_engine.offline.writing import carry_out as carry_out
from senter.components.task_engine.offline.writing import proposed_order as proposed_order
from senter.components.task_engine.offline.writing import quotable as quotable
