from __future__ import annotations

import shutil
from pathlib import Path
from typing import NoReturn

import pytest
from click.testing import CliRunner

from senter.cli.prove_crash import prove_crash
from senter.errors import StartError
from senter.operations.prove_crash import Proof, cut_short


def test_a_proof_that_is_cut_short_says_how_to_come_to_it_again() -> None:
    proof = Proof(seed=7)
    proof.kills["all"] = 3

    said = cut_short(proof, 500, StartError("After 120 s goals do not end."), ["goal-3 (running)"])

    assert said.message == "After 120 s goals do not end."
    assert "after 3 kills" in said.hint
    assert "goal-3 (running)" in said.hint
    assert "--kills 500 --seed 7" in said.hint


def test_the_home_of_a_proof_that_could_not_end_is_kept_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    folders: list[Path] = []

    def fails(home: Path, *_: object, **__: object) -> NoReturn:
        folders.append(home)
        raise StartError("After 120 s goals do not end.", "It came after 3 kills.")

    monkeypatch.setattr("senter.operations.prove_crash.prove_crash", fails)
    raised = CliRunner().invoke(prove_crash, []).exception

    assert isinstance(raised, StartError)
    assert raised.hint == f"It came after 3 kills. Its home is kept: {folders[0]}"
    assert folders[0].is_dir()
    shutil.rmtree(folders[0])
