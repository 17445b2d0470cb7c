"""Weights of embedded models: which there are, and fetching them. Answered by the weights component."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from senter.messages.fields import AbsolutePath, text_of
from senter.messages.message import Command, ComponentName, Done, Frozen, Reply, Volatile

WEIGHTS = ComponentName("weights")
WeightsName = Annotated[str, AfterValidator(text_of("the name of a model", 100))]


class WeightsStatus(Frozen):
    """One model of the catalogue."""

    name: str = Field(description="What it is called in commands.")
    title: str = Field(description="What it is.")
    good_for: str = Field(description="What it can do.")
    size_bytes: int = Field(description="The size of its file.")
    memory_mib: int = Field(description="What a worker takes with it, in MiB.")
    licence: str = Field(description="The licence of the weights, as SPDX names it.")
    checked: bool = Field(description="Whether its SHA-256 was checked on a file, not only found in other projects.")
    state: Literal["absent", "waiting", "fetching", "here"] = Field(description="Whether its file is in the cache.")
    done_bytes: int = Field(default=0, description="What has arrived of it.")
    place: str = Field(default="", description="Where it is being fetched from.")
    problem: str = Field(default="", description="Why it could not be fetched last.")


class WeightsReply(Reply):
    """The catalogue and the cache."""

    models: tuple[WeightsStatus, ...] = Field(description="As the catalogue lists them.")
    folder: str = Field(description="The cache.")
    left_out: str = Field(description="Why the default model is not fetched by itself; empty where it is, or is here.")


class ListWeights(Command[WeightsReply], to=WEIGHTS):
    """List the models that can be fetched."""


class FetchWeights(Command[WeightsReply], to=WEIGHTS):
    """Fetch a model into the cache. Returns at once; it goes on in the background, one after the other."""

    name: WeightsName = Field(description="Its name in the catalogue.")
    file: AbsolutePath | None = Field(default=None, description="Take this file of yours instead, absolute.")


class RemoveWeights(Command[Done], to=WEIGHTS):
    """Remove a model from the cache, or end its fetching."""

    name: WeightsName = Field(description="Its name in the catalogue.")


class BrainOutlook(Reply):
    """Whether the default model comes."""

    state: Literal["here", "coming", "absent"] = Field(description="Whether its file is in the cache, or on its way.")
    done_bytes: int = Field(default=0, description="What has arrived of it.")
    size_bytes: int = Field(default=0, description="The size of its file.")
    why_not: str = Field(default="", description="Why it does not come, or could not last time.")


class WantBrain(Command[BrainOutlook], to=WEIGHTS):
    """A worker would answer by the default model and has a lesser one: have it fetched, where that may be."""


class WeightsArrived(Volatile):
    """A model's file is whole and in the cache."""

    name: str = Field(description="Its name in the catalogue.")
