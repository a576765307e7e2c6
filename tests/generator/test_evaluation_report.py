"""What the evaluation says of its findings."""

import json
from pathlib import Path

import cv2
import numpy as np
import pytest

from generator.evaluation.poses import POSES, gaze, pose
from generator.evaluation.report import markdown, plain, write_report
from generator.evaluation.result import Check, Section, Table
from generator.evaluation.sheets import sheet
from protocol.blendshapes import INDEX

MISSED = Check("PSNR", 29.5, 31.0, "dB")
MET = Check("drift", 0.4, 1.0, "dB", at_most=True)
SECTION = Section(
    "Pictures",
    "What was done.",
    (MISSED, MET),
    (Table("By person", ("", "iris"), (("Amara", 1.23456), ("Bjorn", float("nan")))),),
    {"winks": np.full((4, 6, 3), (250, 20, 10), np.uint8)},
)


def test_a_check_is_met_on_its_own_side_of_the_target():
    assert (MISSED.met, MISSED.missed_by) == (False, pytest.approx(1.5))
    assert (MET.met, MET.missed_by) == (True, 0.0)
    assert Check("gain", 0.8, 0.8).met
    assert not Check("drift", 1.2, 1.0, at_most=True).met
    assert not Check("gain", float("nan"), 0.8).met


def test_the_report_says_what_was_missed_and_by_how_much():
    text = markdown([SECTION], {"model": "compact"})
    assert "1 of 2 targets met." in text
    assert "| PSNR | 29.500 dB | ≥ 31 | missed by 1.500 |" in text
    assert "| drift | 0.400 dB | ≤ 1 | met |" in text
    assert "![winks](winks.png)" in text


def test_json_has_no_nan(tmp_path: Path):
    write_report([SECTION], {"model": "compact"}, tmp_path)
    report = json.loads((tmp_path / "report.json").read_text(encoding="utf-8"), parse_constant=pytest.fail)
    assert report == json.loads(json.dumps(plain([SECTION], {"model": "compact"})))
    assert report["sections"][0]["tables"][0]["rows"] == [["Amara", 1.2346], ["Bjorn", None]]
    assert [check["met"] for check in report["checks"]] == [False, True]


def test_pictures_keep_their_colours(tmp_path: Path):
    write_report([SECTION], {}, tmp_path)
    written = cv2.imread(str(tmp_path / "winks.png"))
    assert written is not None
    assert written[0, 0].tolist() == [10, 20, 250]


def test_a_sheet_shows_every_picture_enlarged():
    red, blue = (np.full((2, 10, 50, 3), colour, np.uint8) for colour in ((200, 0, 0), (0, 0, 200)))
    drawn = sheet(["a", "b"], [("truth", red), ("model", blue)], 3)
    assert (drawn == (200, 0, 0)).all(-1).sum() == (drawn == (0, 0, 200)).all(-1).sum() == 2 * 30 * 150


def test_a_pose_without_a_side_moves_both():
    made = pose(mouthSmile=0.5, jawOpen=1)
    assert np.flatnonzero(made).tolist() == sorted(INDEX[n] for n in ("mouthSmileLeft", "mouthSmileRight", "jawOpen"))


def test_a_gaze_to_the_left_turns_the_left_eye_out_and_the_right_eye_in():
    assert np.flatnonzero(gaze(1, 0)).tolist() == sorted(INDEX[n] for n in ("eyeLookOutLeft", "eyeLookInRight"))


def test_poses_differ():
    made = np.stack(list(POSES.values()))
    assert len(np.unique(made, axis=0)) == len(POSES)
