"""The weights component as tests script it: it lists no models, and fetches and removes what it is told to at once."""

from __future__ import annotations

from senter.bus.bus import Bus
from senter.messages.message import Done
from senter.messages.weights import FetchWeights, ListWeights, RemoveWeights, WeightsReply
from tests.support.scripted import Scripted

NONE = WeightsReply(models=(), folder="/weights", left_out="")


class ScriptedWeights(Scripted):
    def __init__(self, bus: Bus) -> None:
        super().__init__(bus, {ListWeights: NONE, FetchWeights: NONE, RemoveWeights: Done()})
