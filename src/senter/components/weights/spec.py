"""What the model files component declares about itself."""

from __future__ import annotations

from senter.component.route import Route
from senter.component.spec import ComponentSpec
from senter.components.weights.settings import WeightsSettings
from senter.messages.control import TakeUpSettings
from senter.messages.model import GetModelStatus
from senter.messages.weights import FetchWeights, ListWeights, RemoveWeights, UseWeights, WantBrain, WeightsArrived

SPEC = ComponentSpec(
    name="weights",
    summary="Fetches and keeps the files of embedded models.",
    entry="senter.components.weights.component:WeightsKeeper",
    settings=WeightsSettings,
    section="models",
    handlers={
        ListWeights: "list",
        FetchWeights: "fetch",
        UseWeights: "use",
        RemoveWeights: "remove",
        WantBrain: "want_brain",
    },
    sends=(WeightsArrived, GetModelStatus, TakeUpSettings),
    nice=10,
    preflight="senter.components.weights.preflight:look",
    routes=(
        Route("GET", "/api/weights", ListWeights),
        Route("POST", "/api/weights", FetchWeights, repeat=True),
        Route("POST", "/api/weights/use", UseWeights, slow=True),
        Route("DELETE", "/api/weights/{name}", RemoveWeights),
    ),
)
