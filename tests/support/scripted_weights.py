"""The weights component as tests script it: it lists no models, and does what it is told at once."""

from __future__ import annotations

from senter.bus.bus import Bus
from senter.messages.message import Done
from senter.messages.weights import FetchWeights, ListWeights, RemoveWeights, UseWeights, WeightsChosen, WeightsReply
from tests.support.scripted import Scripted

NONE = WeightsReply(models=(), folder="/weights", left_out="")
AUTO = WeightsChosen(model="auto", before="auto", fetching=False)


class ScriptedWeights(Scripted):
    def __init__(self, bus: Bus) -> None:
        super().__init__(bus, {ListWeights: NONE, FetchWeights: NONE, UseWeights: AUTO, RemoveWeights: Done()})
