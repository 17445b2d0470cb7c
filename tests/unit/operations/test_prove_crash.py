from __future__ import annotations

from senter.errors import StartError
from senter.operations.prove_crash import Proof, cut_short


def test_a_proof_that_is_cut_short_says_how_to_come_to_it_again() -> None:
    proof = Proof(seed=7)
    proof.kills["all"] = 3

    said = cut_short(proof, 500, StartError("After 120 s goals do not end."))

    assert said.message == "After 120 s goals do not end."
    assert "after 3 kills" in said.hint
    assert "--kills 500 --seed 7" in said.hint
