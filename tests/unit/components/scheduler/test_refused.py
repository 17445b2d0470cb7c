"""A payload that its component would refuse at its time is refused when the job is added, and when it is changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from senter.component.job_check import check_job
from senter.component.spec import ComponentSpec
from senter.components.specs import all_specs
from senter.errors import InvalidInput
from senter.messages.control import CheckJob
from senter.messages.goals import JobTriggered
from senter.messages.job_work import JobWork
from senter.messages.schedule import ChangeJob, JobState, JobType, TriggerType
from tests.support.schedule_world import scheduler


class Watering(JobWork):
    plant: str
    litres: float = 1.0


GARDEN = ComponentSpec(
    name="garden", summary="Waters plants.", entry="garden:Garden", handlers={JobTriggered: "water"},
    jobs={JobType.CUSTOM: Watering},
)  # fmt: skip
OLD = ComponentSpec(name="old", summary="Takes all.", entry="old:Old", handlers={JobTriggered: "take"})
SPECS = (*all_specs(), GARDEN, OLD)


def asked(component: str, job_type: str, payload: dict[str, object]) -> CheckJob:
    return CheckJob.model_validate({"component": component, "job_type": job_type, "payload": payload})


@pytest.mark.parametrize(
    ("component", "job_type", "payload", "says"),
    [
        ("task_engine", "goal", {"goal": " "}, "The goal is empty."),
        ("task_engine", "goal", {"goal": "x" * 10_001}, "The goal has 10001 characters; at most 10000 are taken."),
        ("task_engine", "goal", {}, 'There is no "goal" in a job of type goal of task_engine.'),
        ("task_engine", "goal", {"goal": "x", "topic": "y"}, 'Unknown "topic" in a job of type goal of task_engine.'),
        (
            "task_engine",
            "research",
            {"topic": ["x"]},
            'Cannot read the "topic" of a job of type research of task_engine',
        ),
        ("task_engine", "custom", {"x": 1}, "task_engine does no jobs of type custom."),
        ("reporter", "digest", {"topic": "x"}, 'Unknown "topic" in a job of type digest of reporter.'),
        ("reporter", "custom", {"reminder": ""}, "The reminder is empty."),
        ("reporter", "custom", {"reminder": "x", "goal": "y"}, 'Unknown "goal" in a job of type custom of reporter.'),
        ("reporter", "custom", {}, 'There is no "reminder" in a job of type custom of reporter.'),
        ("garden", "custom", {"plant": "fern", "liters": 2}, 'Unknown "liters" in a job of type custom of garden.'),
        ("gardn", "custom", {"plant": "fern"}, 'There is no component "gardn". Did you mean garden?'),
        ("api", "maintenance", {}, "api does no jobs of type maintenance."),
        ("learning", "learning", {}, 'There is no component "learning".'),
    ],
)
def test_what_a_component_does_not_take_is_said_in_a_sentence(
    component: str, job_type: str, payload: dict[str, object], says: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_job(SPECS, asked(component, job_type, payload))
    assert refused.value.message.startswith(says)


@pytest.mark.parametrize(
    ("component", "job_type", "payload"),
    [
        ("task_engine", "goal", {"goal": "Make tea"}),
        ("task_engine", "research", {}),
        ("reporter", "digest", {}),
        ("reporter", "custom", {"reminder": "tea", "timer": 240}),
        ("garden", "custom", {"plant": "fern", "litres": 2}),
        ("old", "maintenance", {"anything": [1]}),
    ],
)
def test_what_it_takes_is_let_through(component: str, job_type: str, payload: dict[str, object]) -> None:
    check_job(SPECS, asked(component, job_type, payload))


async def test_a_job_that_is_refused_is_not_added_and_not_changed(tmp_path: Path) -> None:
    async with scheduler(tmp_path) as world:
        with pytest.raises(InvalidInput, match='Unknown "when"'):
            await world.add("tea", in_seconds=5, job_type="custom", payload={"reminder": "tea", "when": "now"})
        with pytest.raises(InvalidInput, match='no component "nobody"'):
            await world.add("chores", in_seconds=5, job_type="custom", component="nobody", payload={})
        job = await world.add("tea", every_seconds=3_600)
        was = JobState(
            name="tea",
            trigger_type=TriggerType.INTERVAL,
            trigger_config=job.trigger_config,
            payload={"goal": "Make tea", "sugar": 2},
        )
        with pytest.raises(InvalidInput, match='Unknown "sugar"'):
            await world.bus.request(ChangeJob(job="tea", action="change", was=was), timeout_seconds=5)
        assert (await world.bus.request(ChangeJob(job="tea", action="pause"), timeout_seconds=5)).job.payload == {
            "goal": "Make tea"
        }
