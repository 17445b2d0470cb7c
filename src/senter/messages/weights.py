"""Weights of embedded models: which there are, and fetching them. Answered by the weights component."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from senter.messages.fields import AbsolutePath, text_of
from senter.messages.message import Command, ComponentName, Done, Frozen, Reply, Volatile

WEIGHTS = ComponentName("weights")
WeightsName = Annotated[str, AfterValidator(text_of("the name of a model", 100))]
WeightsOrFile = Annotated[str, AfterValidator(text_of("the name or file of a model", 4_096))]


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


class WeightsChosen(Reply):
    """What the model workers answer by from now on."""

    model: str = Field(description="As it is set: a name of the catalogue, a file, smollm2-135m or auto.")
    before: str = Field(description="What was set before, in the same words.")
    fetching: bool = Field(description="Whether its file has to come first; nothing is set yet, so ask again then.")


class UseWeights(Command[WeightsChosen], to=WEIGHTS):
    """Have the model workers answer by this embedded model. A model that is not here is fetched first."""

    model: WeightsOrFile = Field(
        description="A name of the catalogue, the absolute path of a GGUF file, smollm2-135m for the one installed, or "
        "auto for the automatic choice."
    )


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
    """A model's file is there to be loaded, where it was not before."""

    name: str = Field(description="Its name in the catalogue, or as it is set.")
