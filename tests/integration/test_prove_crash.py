"""`senter prove-crash` as a person runs it: real processes, real kills, in a home of its own."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from senter.operations.prove_crash import Proof, prove_crash
from tests.support.daemon import short_home
from tests.support.scratch import ScratchDaemon
from tests.support.scripted_daemon import Cli

SECONDS = 120.0


@pytest.mark.process
@pytest.mark.timeout(150)
def test_the_proof_holds_and_leaves_the_users_own_home_alone(tmp_path: Path) -> None:
    argv, environment = Cli(tmp_path / "home").command("prove-crash", "--kills", "2", "--seed", "5", "--json")

    done = subprocess.run(argv, env=environment, capture_output=True, text=True, timeout=SECONDS, check=False)

    assert done.returncode == 0, done.stderr
    proof = json.loads(done.stdout)
    assert proof["kept"] is True
    assert sum(proof["kills"].values()) == 2
    assert proof["findings"]["completed"] == proof["findings"]["goals"] > 0
    assert not (tmp_path / "home").exists()


@pytest.mark.process
@pytest.mark.timeout(150)
def test_a_daemon_that_a_late_fault_ended_is_started_again_and_the_proof_goes_on() -> None:
    def end_daemon(proof: Proof) -> None:
        if proof.kills.total() == 1:
            ScratchDaemon(home / "home").kill("supervisor")

    with short_home() as home:
        proof = prove_crash(home, 2, seed=5, progress=end_daemon)

    assert proof.findings is not None
    assert proof.findings.hold, proof
