"""Presets: every one that ships loads, and a file with a mistake is told which."""

import os
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bridge.config import ConfigError
from bridge.performance.channels import CHANNELS, GROUPS
from bridge.performance.delay import delays, step_take
from bridge.performance.played import play
from bridge.performance.preset import OFF, STEPS, Preset, only, read_preset, shipped, takes
from bridge.performance.resampling import Output
from bridge.performance.settings import fill
from bridge.performance.watched import WatchedPreset

SOURCES = {
    "livelink", "livelink-hub", "ifacialmocap", "facemotion3d", "vmc", "openseeface", "facecap", "rokoko", "webcam",
    "take", "sliders", "default", "vtubestudio",
}  # fmt: skip
JAW = CHANNELS.index("jawOpen")


def written(folder: Path, text: str) -> Path:
    path = folder / "mine.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_there_is_one_for_each_source() -> None:
    assert set(shipped()) == SOURCES


@pytest.mark.parametrize("name", shipped())
def test_every_preset_loads_and_says_what_it_is_for(name: str) -> None:
    preset = read_preset(name)
    assert preset.about
    assert not preset.smoothing.min_cutoff[list(GROUPS["blink"])].max() or name in ("webcam", "openseeface")


@pytest.mark.parametrize("name", [name for name in shipped() if name != "sliders"])
@pytest.mark.parametrize("size", [1.0, 0.5])
def test_a_step_of_the_jaw_is_at_most_a_frame_late(name: str, size: float) -> None:
    half, nine_tenths = delays(read_preset(name), size)
    assert half < 0.5
    assert nine_tenths < 1.0


def test_the_delay_of_resampling_is_the_frame_it_waits() -> None:
    smoothed = only(read_preset("default"), "smoothing")
    resampled = replace(smoothed, output=fill(Output, {"rate": 60}))
    assert delays(resampled)[0] - delays(smoothed)[0] == pytest.approx(1.0, abs=0.05)


def test_take_changes_nothing() -> None:
    assert not any(takes(read_preset("take"), step) for step in STEPS)
    played = play(step_take(1.05), read_preset("take"))
    assert np.array_equal(played.before, played.after)


def test_an_empty_file_is_off(tmp_path: Path) -> None:
    preset = read_preset(written(tmp_path, ""))
    assert not any(takes(preset, step) for step in STEPS)


def test_a_file_builds_on_one_that_ships(tmp_path: Path) -> None:
    text = 'like = "livelink"\ngain = 1.1\nmirror = true\n[clamp.knee]\nface = 0.2\n[smoothing.beta]\njaw = 3\n'
    preset, base = read_preset(written(tmp_path, text)), read_preset("livelink")
    assert preset.mirror and preset.gain[JAW] == 1.1 and preset.gain[52] == 1.0
    assert preset.clamp.mode == "soft" and preset.clamp.knee[JAW] == 0.2
    assert preset.smoothing.on and preset.smoothing.beta[JAW] == 3.0
    assert preset.smoothing.beta[CHANNELS.index("browInnerUp")] == base.smoothing.beta[JAW]
    assert preset.head.yaw == base.head.yaw == 70.0


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("gian = 1", "unknown setting gian; did you mean gain?"),
        ("[loss]\nhodl = 1", "unknown setting loss.hodl; did you mean loss.hold?"),
        ("[gain]\njawOpn = 1", "unknown curve or group gain.jawOpn; did you mean jawOpen?"),
        ("[gain]\nmuoth = 1", "unknown curve or group gain.muoth; did you mean mouth?"),
        ("[gain]\njawOpen = 99", "gain.jawOpen must be from -10 to 10, got 99"),
        ("[offset]\njawOpen = nan", "offset.jawOpen must be from -2 to 2, got nan"),
        ('[offset]\njawOpen = "low"', "offset.jawOpen must be a number, got 'low'"),
        ("[gain]\njawOpen = true", "gain.jawOpen must be a number, got True"),
        ('[clamp]\nmode = "sotf"', "clamp.mode must be off, hard or soft, got 'sotf'"),
        ("[clamp]\nlow = 0.6\nhigh = 0.5", "clamp.low is above clamp.high for eyeBlinkLeft: 0.6 and 0.5"),
        ("mirror = 1", "mirror must be true or false, got 1"),
        ("loss = 3", "loss must be a table, got 3"),
        ("about = 3", "about must be a text, got 3"),
        ("[remap]\njawOpen = { mouthFunel = 1 }", "unknown curve remap.jawOpen.mouthFunel; did you mean mouthFunnel?"),
        ("[remap]\njawOpne = {}", "unknown curve remap.jawOpne; did you mean jawOpen?"),
        ("[remap]\njawOpen = { mouthFunnel = 99 }", "remap.jawOpen.mouthFunnel must be from -10 to 10, got 99"),
        ("[remap]\njawOpen = 2", "remap.jawOpen must be a table, got 2"),
        ('like = "liveink"', "like must be one of the presets that ship, got 'liveink'; did you mean livelink?"),
        ("like = 3", "like must be a text, got 3"),
        ("[head]\nyaw = 181", "head.yaw must be from 0 to 180, got 181"),
        ("[output]\nrate = -1", "output.rate must be from 0 to 240, got -1"),
        ("gain = ", "not TOML: "),
    ],
)
def test_a_mistake_is_named_with_the_file(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(ConfigError) as error:
        read_preset(path)
    assert str(error.value).startswith(f"{path}: {said}")


def test_a_preset_that_is_not_there() -> None:
    with pytest.raises(ConfigError, match=r"there is no preset 'liveink'; did you mean livelink\?"):
        read_preset("liveink")
    with pytest.raises(ConfigError, match=r"there are default, .+, webcam\. Your own is named by its file"):
        read_preset("xyz")
    with pytest.raises(ConfigError, match=r"gone\.toml: No such file"):
        read_preset("gone.toml")


def test_what_the_manual_shows_is_valid_and_its_smoothing_is_the_default() -> None:
    manual = (Path(__file__).parents[2] / "docs" / "performance.md").read_text(encoding="utf-8")
    shown = [tomllib.loads(block) for block in re.findall(r"```toml\n(.*?)```", manual, re.DOTALL)]
    presets = [fill(Preset, {name: value for name, value in one.items() if name != "like"}) for one in shown]
    smoothing = next(one.smoothing for one in presets if one.smoothing.on)
    for knob in ("min_cutoff", "beta", "derivative_cutoff"):
        assert np.array_equal(getattr(smoothing, knob), getattr(read_preset("default").smoothing, knob))
    described = {name for one in shown for name in one}
    assert described >= set(STEPS)


def test_only_leaves_one_step() -> None:
    one = only(read_preset("livelink"), "clamp")
    assert [step for step in STEPS if takes(one, step)] == ["clamp"]
    assert takes(read_preset("livelink"), "smoothing") and not takes(OFF, "clamp")


def changed(path: Path, text: str) -> None:
    """Written as an editor does, with a date of its own: two writings in one tick of the clock look alike."""
    before = path.stat().st_mtime_ns
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))


def test_a_watched_file_is_read_again_and_a_bad_one_keeps_the_last_good(tmp_path: Path) -> None:
    path = written(tmp_path, "gain = 1.5")
    watched = WatchedPreset(path)
    assert not watched.look()
    changed(path, "gain = 2.0")
    assert watched.look() and watched.preset.gain[JAW] == 2.0
    changed(path, "gain = 200.0")
    assert not watched.look()
    assert watched.problem == f"{path}: gain.face must be from -10 to 10, got 200.0; the last good one stays"
    assert watched.preset.gain[JAW] == 2.0
    changed(path, "gain = 1.0")
    assert watched.look() and watched.problem == "" and watched.preset.gain[JAW] == 1.0


def test_a_watched_file_may_go_and_come_back(tmp_path: Path) -> None:
    path = written(tmp_path, "gain = 1.5")
    watched = WatchedPreset(path)
    path.unlink()
    assert not watched.look() and "the last good one stays" in watched.problem
    written(tmp_path, "gain = 1.25")
    assert watched.look() and watched.problem == "" and watched.preset.gain[JAW] == 1.25
