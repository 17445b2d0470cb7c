"""The same request id is never answered twice, whenever the assistant or the bus dies."""

from __future__ import annotations

import itertools
import random
import threading
import time

import pytest

from senter.client.types import QueryAnswer
from senter.operations.scratch import wait_until
from tests.scripted_model import Exchange
from tests.support.daemon import facts, model_server, modelled_daemon, quick_settings, short_home, turns
from tests.support.scratch import scratch_daemon
from tests.support.troupe import installed

pytestmark = pytest.mark.process

ROUNDS = 12
LONGEST_WAIT_SECONDS = 0.08

_numbers = itertools.count(1)


async def never_the_same(exchange: Exchange) -> None:
    """Answers each time with other words, so that a second answer would show."""
    await exchange.begin_stream()
    await exchange.piece(f"answer {next(_numbers)}")
    await exchange.end_stream(usage=(1, 1))


def test_each_question_has_one_answer_and_one_event_though_the_assistant_is_killed_at_random_instants() -> None:
    chance = random.Random(20_261_120)  # noqa: S311 the same instants in each run
    with short_home() as home, model_server(never_the_same) as model:
        text = quick_settings(model.url, witness={})
        with scratch_daemon(home, text, installed(home, "witness")) as daemon:
            answers: dict[str, QueryAnswer] = {}

            def ask(query_id: str) -> None:
                answers[query_id] = daemon.client.ask(f"What is {query_id}?", request_id=query_id)

            for number in range(ROUNDS):
                victim = "nats-server" if number % 4 == 3 else "assistant"
                asking = threading.Thread(target=ask, args=(f"q{number}",))
                asking.start()
                time.sleep(chance.uniform(0, LONGEST_WAIT_SECONDS))  # not for a condition: any instant is meant
                killed = daemon.kill(victim)
                daemon.wait_for(victim, "running", not_pid=killed)
                asking.join(30)

            stored = turns(daemon)
            assert sorted(str(turn["query_id"]) for turn in stored) == sorted(f"q{number}" for number in range(ROUNDS))
            assert {turn["query_id"]: turn["response"] for turn in stored} == {
                query_id: answer["response"] for query_id, answer in answers.items()
            }
            for query_id, answer in answers.items():
                again = daemon.client.ask(f"What is {query_id}?", request_id=query_id)
                assert again["response"] == answer["response"]

            announced = {"seen": ROUNDS, "questions": ROUNDS}
            wait_until(lambda: facts(daemon, "witness") == announced, "some are not announced, or twice", 20)


def test_two_who_ask_under_one_id_at_once_get_the_same_answer() -> None:
    with modelled_daemon(never_the_same) as (daemon, model):
        answers: list[str] = []

        def ask() -> None:
            answers.append(daemon.client.ask("Once?", request_id="once")["response"])

        asking = [threading.Thread(target=ask) for _ in range(5)]
        for thread in asking:
            thread.start()
        for thread in asking:
            thread.join(20)
        assert len(answers) == 5
        assert len(set(answers)) == 1
        assert len(model.asked) == 1
