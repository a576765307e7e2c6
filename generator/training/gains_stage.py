"""How much more strongly those curves are asked for that are drawn faintly.

A network taught by squared errors draws faintly what it is unsure of: a dimple, a rolled lip. So each curve is drawn
alone, on strangers' faces, and the truth beside it; one that shows less than is wished for is multiplied.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from generator.compact.card import read_card, write_card
from generator.compact.identity_encoder import IdentityEncoder
from generator.diffusion import load_diffusion
from generator.evaluation import expression, scripts
from generator.evaluation.amounts import QUICK
from generator.evaluation.contestants import Streamed, Truth
from generator.evaluation.exam import swept_by
from generator.evaluation.stage import Stage
from generator.evaluation.study import enrolled
from generator.training.head.studio import Studio
from generator.training.performances import recordings
from protocol.blendshapes import ARKIT52

WHO = replace(QUICK, people=12, swept=12, levels=(1.0,))  # half of them on the neutral face
SEED = 40  # a report's of the same would judge what was chosen for it
WISHED, MOST = 0.75, 2.5  # of the true change at a curve of 1; of a gain
GAZE = "eyeLook"  # pupils that are moved too far look past everybody
RUNTIME = "auto"


def find_gains(model: Path, data: Path, workers: int) -> dict[str, float]:
    """Writes them into the card of the model's folder; returns the responses that they were found by."""
    card = read_card(model)
    write_card(replace(card, curve_gains={}), model)
    shown = responses(model, data, workers)
    write_card(replace(card, curve_gains=gains(shown)), model)
    return shown


def responses(model: Path, data: Path, workers: int) -> dict[str, float]:
    """By curve: how much of the truth's change at 1 is shown, in the mean; see `generator.evaluation.expression`."""
    recorded, encoder = recordings(data / "captures", held_out=False), IdentityEncoder(model)
    generator, swept = load_diffusion(str(model), RUNTIME), scripts.sweeps(WHO, recorded, SEED)
    with Studio(data, max(generator.sizes), workers) as studio:
        actors = enrolled(studio, WHO, recorded, SEED, encoder.embed)
        true = swept_by(Truth(studio), actors, swept, 1)
    ours = Streamed("the model", Stage(generator, SEED, encoder.name), reuse=False)
    found = expression.respond(swept, swept_by(ours, actors, swept, 1), true)
    return dict(zip(ARKIT52, map(float, found.gain), strict=True))


def gains(shown: Mapping[str, float]) -> dict[str, float]:
    """Of the curves that show less than is wished for, the same for both sides of a face."""
    found = {}
    for name in ARKIT52:
        alike = [shown[other] for other in ARKIT52 if _sideless(other) == _sideless(name)]
        gain = round(min(WISHED / max(sum(alike) / len(alike), 1e-9), MOST), 2)
        if gain > 1 and not name.startswith(GAZE):
            found[name] = gain
    return found


def write_responses(shown: Mapping[str, float], path: Path) -> None:
    path.write_text(json.dumps(shown, indent=1) + "\n", encoding="utf-8")


def _sideless(name: str) -> str:
    return name.removesuffix("Left").removesuffix("Right")
