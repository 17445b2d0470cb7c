from __future__ import annotations

from typing import Literal

import pytest

from senter.component.route import Route
from senter.messages.goals import CreateGoal, GetGoal, GoalReply, Panic
from senter.messages.message import Command, Reply
from senter.messages.model import GetModelStatus


@pytest.mark.parametrize(
    ("method", "path", "command"),
    [
        ("GET", "/goals/{goal_id}", GetGoal),
        ("GET", "/api/goals/{number}", GetGoal),
        ("GET", "/api/models/{worker}", GetModelStatus),
        ("GET", "/api/model", GetModelStatus),
        ("GET", "/api/goals/{goal_id}/{goal_id}", GetGoal),
    ],
)
def test_a_row_that_cannot_be_served_is_refused_where_it_is_written(
    method: Literal["GET", "POST", "DELETE"], path: str, command: type[Command[Reply]]
) -> None:
    with pytest.raises(ValueError, match="cannot be a route"):
        Route(method, path, command)


def test_a_row_says_what_it_answers_and_what_may_be_repeated() -> None:
    goal = Route("GET", "/api/goals/{goal_id}", GetGoal)
    assert (goal.parameters, goal.reply, goal.may_repeat) == (("goal_id",), GoalReply, True)
    assert Route("POST", "/api/panic", Panic).reply is None
    assert not Route("POST", "/api/goals", CreateGoal).may_repeat
