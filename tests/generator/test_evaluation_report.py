"""The report's own arithmetic and form, its sheets and its worst frames."""

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from generator.evaluation import plots, sheets
from generator.evaluation.command import EvaluationError, add_arguments, check, evaluate
from generator.evaluation.contestants import SideBySide, Take
from generator.evaluation.failures import COUNT, Shot, conditions, failure_sheet, failure_table, worst
from generator.evaluation.poses import EXPRESSIONS, posed
from generator.evaluation.report import Report, Section, Table, Target, markdown, plain, targets, write_report
from generator.evaluation.showcase import LARGEST, film, liveliest
from generator.evaluation.stage import Actor
from generator.evaluation.study import excerpt, within_range
from generator.training.head.sampling import draw_person
from protocol.blendshapes import ARKIT52, INDEX
from tests.generator.puppet import SIZE, mask

KEYS = {"id_sim_mean", "rank1", "id_drift_10000", "curve_r", "curve_r_mean", "curve_r_min", "psnr", "lpips",
        "tlp_ratio", "warp_ratio", "lag_step_frames", "lag_talk_frames"}  # fmt: skip
OURS = dict.fromkeys(KEYS - {"curve_r"}, 0.5) | {"curve_r": {"jawOpen": 0.97}, "psnr": 28.123456, "talk_aed": 0.03}
FULL = {"tlp_ratio": 0.9, "talk_aed": 0.05, "id_sim_mean": float("nan")}
ACTOR = Actor("somebody", draw_person(1_000_007), np.eye(1, 512)[0])


@pytest.fixture
def report() -> Report:
    scores = {"the model": OURS, "full sampling": FULL, "truth": {"tlp_ratio": 1.0}}
    section = Section(
        "Time", "How it moves.", (Table("Steps", ("", "lag"), (("grin", 1.0),)),), (("a.png", "A plot."),)
    )
    return Report(
        "evaluate", {"model": "compact", "seed": 3}, scores, targets(scores), (section,), ("light: the model has none",)
    )


def shot(psnr: float, aed: float, jaw: float) -> Shot:
    curves = posed(jawOpen=jaw, headYaw=0.2)
    return Shot(ACTOR, "slate_3, frame 4", curves, mask(curves), mask(curves), psnr, aed)


def test_the_json_has_the_models_figures_on_top_and_everybody_elses_by_name(report: Report, tmp_path: Path) -> None:
    write_report(report, tmp_path)
    found = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"))
    assert set(found) >= KEYS
    assert found["curve_r"] == {"jawOpen": 0.97}
    assert found["psnr"] == 28.1235
    assert found["rivals"]["full sampling"] == {"tlp_ratio": 0.9, "talk_aed": 0.05, "id_sim_mean": None}
    assert found["rivals"]["truth"]["tlp_ratio"] == 1.0
    assert found["not_measured"] == ["light: the model has none"]


def test_targets_are_met_missed_or_not_measured() -> None:
    assert Target("lag", 1.0, 1.0, at_most=True).verdict == "met"
    assert Target("psnr", 26.5, 27.0).verdict == "missed by 0.5"
    assert Target("drift", None, 0.02, at_most=True).verdict == "not measured"
    assert not Target("drift", float("nan"), 0.02, at_most=True).met


def test_being_ahead_of_a_rival_is_a_target(report: Report) -> None:
    ahead = {target.what: target.met for target in report.targets if "full sampling" in target.what}
    assert ahead == {"tLP, at most that of full sampling": True, "AED talking, at most that of full sampling": True}


def test_the_report_begins_with_the_targets_and_shows_its_pictures(report: Report) -> None:
    text = markdown(report)
    assert text.index("targets met") < text.index("Beside its rivals") < text.index("## Time")
    assert "| PSNR | 28.1 | ≥ 27 dB | met |" in text
    assert "![A plot.](a.png)" in text
    assert "Not measured: light" in text
    widths = {line.count("|") for line in text.splitlines() if line.startswith("| ID-SIM")}
    assert widths == {5}  # in both tables: four columns


def test_a_long_table_is_folded_away(report: Report) -> None:
    long = Table("All of them", ("", "r"), tuple((name, 0.9) for name in ARKIT52))
    text = markdown(replace(report, sections=(Section("Curves", "", (long,)),)))
    assert text.index("<summary>All of them</summary>") < text.index("| tongueOut | 0.900 |") < text.index("</details>")


def test_plain_numbers_are_json(report: Report) -> None:
    assert json.dumps(plain(replace(report, facts={"psnr": float(np.float32(1.5))})))


def test_the_worst_frames_are_half_of_each_kind_and_none_twice() -> None:
    shots = [shot(20.0 + i, 0.1 - 0.001 * i, (i % 5) / 4) for i in range(60)]
    found = worst(shots, 4)
    assert len(found) == 4
    assert found[0].psnr == 20.0
    jaws = [float(one.curves[INDEX["jawOpen"]]) for one in found]
    assert len(set(jaws)) == 4
    assert len(worst(shots, COUNT)) == 5  # as many as there are different faces


def test_a_failure_is_told_with_its_conditions() -> None:
    assert conditions(shot(20, 0.1, 0.5)) == "jawOpen 0.50, yaw 11°"
    assert failure_table([shot(20, 0.1, 0.5)]).rows[0][1:3] == ("somebody", "slate_3, frame 4")
    assert failure_sheet([shot(20, 0.1, 0.5)] * 6).size[0] > 1000


def test_a_sheet_has_a_place_for_every_picture_and_paper_where_there_is_none() -> None:
    picture = np.full((SIZE, SIZE, 4), 255, np.uint8) * np.array([1, 0, 0, 1], np.uint8)
    page = np.array(sheets.sheet(["one", "two"], [sheets.Row("red", [picture, None])], tile=40))
    middle = page.shape[0] - 20 - sheets.GAP
    assert tuple(page[middle, sheets.LABEL + 20]) == (255, 0, 0)
    assert tuple(page[middle, sheets.LABEL + 40 + sheets.GAP + 20]) == sheets.PAPER


def test_half_transparent_pictures_let_half_of_the_backdrop_through() -> None:
    half = np.full((2, 2, 4), 128, np.uint8)
    assert np.abs(sheets.over(half, np.ones((2, 2, 3))) - 191.0).max() <= 1


def test_the_film_is_small_and_moves(tmp_path: Path) -> None:
    class Mask(SideBySide):
        name = "mask"

        def _draw(self, takes: Sequence[Take]) -> list[np.ndarray]:
            return [np.stack([mask(row) for row in curves]) for _, curves in takes]

    curves = np.stack([posed(headYaw=0.3 * np.sin(t)) for t in range(8)])
    film(Mask(), [ACTOR, ACTOR], curves, tmp_path / "film.webp")
    with Image.open(tmp_path / "film.webp") as shown:
        assert (shown.n_frames, shown.size) == (4, (384, 192))  # pyright: ignore[reportAttributeAccessIssue]
    assert (tmp_path / "film.webp").stat().st_size < LARGEST


def test_of_a_long_take_the_liveliest_part_is_performed() -> None:
    curves = np.zeros((100, 55), np.float32)
    curves[60:70, 0] = np.arange(10) % 2
    for part in (liveliest(curves, 20), excerpt(curves, 20)):
        assert len(part) == 20
        assert np.abs(np.diff(part[:, 0])).sum() == pytest.approx(10, abs=1)
    assert len(excerpt(curves[:5], 20)) == 5


def test_heads_are_not_turned_further_than_the_model_is_made_for() -> None:
    turned = within_range(np.full((1, 55), 2.0, np.float32))
    assert np.degrees(turned[0, 52:]) == pytest.approx([30, 20, 20])
    assert turned[0, 0] == 2.0


def test_every_plot_is_drawn(tmp_path: Path) -> None:
    names, line = ("the model", "naive reuse", "truth"), np.linspace(0, 1, 8)
    plots.correlations(dict.fromkeys(ARKIT52, 0.8), tmp_path / "a.png")
    plots.gains(line, dict.fromkeys(ARKIT52[:3], line), tmp_path / "b.png")
    plots.leakage(np.eye(52, 6), ARKIT52, list("abcdef"), tmp_path / "c.png")
    plots.steps({name: dict.fromkeys(("grin", "blink"), line) for name in names}, tmp_path / "d.png")
    plots.drift(250, {name: line[2 * i :] for i, name in enumerate(names)}, tmp_path / "e.png")
    plots.smoothness(dict.fromkeys(names, (1.0, 0.05)), tmp_path / "f.png")
    assert all(Image.open(tmp_path / f"{letter}.png").size[0] > 400 for letter in "abcdef")


def test_the_poses_are_curves() -> None:
    assert all(pose.shape == (55,) and np.abs(pose).max() <= 1 for pose in EXPRESSIONS.values())
    assert posed(mouthSmile=0.5)[[INDEX["mouthSmileLeft"], INDEX["mouthSmileRight"]]].tolist() == [0.5, 0.5]


def test_missing_data_is_told_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"lacks ict/ict_facekit.npz.*--data"):
        check(tmp_path)


@pytest.mark.needs(module="moderngl", renderer=True)
def test_a_model_without_an_identity_encoder_cannot_be_measured(shared_data, tmp_path: Path) -> None:
    parser = argparse.ArgumentParser()
    add_arguments(parser)
    data = shared_data("captures/rom_3.csv").parents[1]
    options = parser.parse_args(["--model", str(tmp_path), "--data", str(data), "--out", str(tmp_path / "out")])
    with pytest.raises(EvaluationError, match="identity encoder"):
        evaluate(options)
