"""Recordings: exact as they came and as they went out, and readable after a kill and on a full disk."""

import errno
import json
import os
import re
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from bridge.capture.sample import Sample
from bridge.takes import TakeError, read_take
from bridge.takes.backlog import MOST_PICTURES, Backlog
from bridge.takes.formats import read_any_take
from bridge.takes.recorder import Recorder
from bridge.takes.sidecar import ENDED, Sidecar, read_sidecar, write_sidecar
from tests.takes.random_takes import noise, same_bits

FRAME = 16_667  # µs
START = 5_000_000


def sample(number: int = 0, code: str = "", tracked: bool = True, seed: int = 0) -> Sample:
    rng = np.random.default_rng(number + 1000 * seed)
    curves = rng.uniform(-0.2, 1.3, 55).astype(np.float32)
    eyes = rng.normal(0, 0.2, 6).astype(np.float32)
    return Sample(curves, eyes, code, 60.0 if code else 0.0, tracked, "Anna", "phone-1")


def picture(number: int, side: int = 64, depth: int = 3) -> np.ndarray:
    pixels = np.full((side, side, depth), 255, np.uint8)
    pixels[..., :3] = number * 2
    return pixels


def film_times(path: Path) -> list[float]:
    with av.open(str(path)) as container:
        return [float(frame.time or 0) for frame in container.decode(video=0)]


def test_what_came_and_what_went_out_read_back_to_the_bit(tmp_path: Path) -> None:
    take = noise(30)
    came = [Sample(c, e, code, 60.0) for c, e, code in zip(take.curves, take.eyes, take.timecodes, strict=True)]
    with Recorder(tmp_path / "new" / "folder", "scene 4", subject="Anna") as recorder:
        for number, raw in enumerate(came):
            recorder.add(raw, sample(number, raw.timecode, seed=1), START + number * FRAME)
    assert (recorder.state, recorder.trouble, recorder.frames, recorder.missed) == ("complete", "", 30, 0)
    assert recorder.name == "scene 4_001_Anna"
    back = read_take(recorder.files["came"])
    assert same_bits(back.curves, take.curves)
    assert same_bits(back.eyes, take.eyes)
    assert back.timecodes == take.timecodes
    assert recorder.timecode == take.timecodes[-1]
    out = read_take(recorder.files["went"])
    assert same_bits(out.curves, np.stack([sample(number, seed=1).curves for number in range(30)]))
    assert (out.timecodes, out.problems, back.problems) == (take.timecodes, (), ())


def test_the_sidecar_and_the_log_say_the_rest(tmp_path: Path) -> None:
    recorder = Recorder(tmp_path, "scene", 7, "Anna", source="livelink:port=11111", preset="calm", app="1.4")
    for number in range(60):
        recorder.add(sample(number, f"10:00:{number // 60:02d}:{number % 60:02d}.000"), None, START + number * FRAME)
    recorder.describe(preset="wild")
    recorder.close()
    recorder.close()
    recorder.add(sample(), None, START)
    facts = read_sidecar(recorder.files["sidecar"])
    assert (facts.slate, facts.take, facts.subject, facts.device) == ("scene", 7, "Anna", "phone-1")
    assert (facts.source, facts.preset, facts.app, facts.state) == ("livelink:port=11111", "wild", "1.4", "complete")
    assert facts.timecode == {"first": "10:00:00:00.000", "last": "10:00:00:59.000", "base": 60}
    assert facts.frames == {"came": 60, "went": 0, "untracked": 0, "mended": 0, "missed": 0}
    assert facts.rates["came"] == pytest.approx(60, abs=0.01)
    assert facts.started < facts.ended
    assert facts.files["came"] == "scene_007_Anna.csv"
    log = recorder.files["log"].read_text().splitlines()
    assert log[1] == f"came,1,{START},10:00:00:00.000,10:00:00:00.000,60"
    assert len(log) == 61


def test_every_row_advances_whatever_the_source_says(tmp_path: Path) -> None:
    codes = ["10:00:00:10.000", "10:00:00:10.000", "10:00:00:09.000", "", "09:00:00:00.000", "junk", "09:00:00:05.000"]
    with Recorder(tmp_path) as recorder:
        for number, code in enumerate(codes):
            recorder.add(sample(number, code), sample(number), START + number * FRAME)
    for which in ("came", "went"):
        take = read_take(recorder.files[which])
        assert (len(take), take.problems) == (7, ())
        assert same_bits(take.curves, np.stack([sample(number).curves for number in range(7)]))
    sent = [line.split(",")[3] for line in recorder.files["log"].read_text().splitlines()[1:] if line[0] == "c"]
    assert sent == codes


def test_a_frame_without_a_face_is_a_row_without_values(tmp_path: Path) -> None:
    with Recorder(tmp_path) as recorder:
        for number, tracked in enumerate([True, False, True]):
            recorder.add(sample(number, tracked=tracked), sample(number), START + number * FRAME)
    take = read_take(recorder.files["came"])
    assert len(take) == 2
    assert [str(problem) for problem in take.problems] == ["line 3: no face was tracked (a blendshape count of 0)"]
    assert len(read_take(recorder.files["went"])) == 3
    assert len({line.count(",") for line in recorder.files["came"].read_text().splitlines()}) == 1
    assert read_sidecar(recorder.files["sidecar"]).frames["untracked"] == 1


def test_a_film_plays_at_the_times_of_the_capture(tmp_path: Path) -> None:
    elapsed = [0, 16_000, 40_000, 41_000, 300_000, 1_000_000]
    with Recorder(tmp_path) as recorder:
        recorder.picture(picture(1), START - 1)
        for number, time in enumerate(elapsed):
            recorder.add(sample(number), sample(number), START + time)
            if time:
                recorder.picture(picture(number), START + time)
    film = recorder.files["pictures"]
    assert film.name == "take_001.mp4"
    assert film_times(film) == pytest.approx([time / 1e6 for time in elapsed[1:]], abs=2e-5)
    pictures = read_sidecar(recorder.files["sidecar"]).pictures
    assert pictures == {"written": 5, "early": 1, "missed": 0}
    with av.open(str(film)) as container:
        shown = [frame.to_ndarray(format="rgb24").mean() for frame in container.decode(video=0)]
    assert shown == pytest.approx([number * 2 for number in range(1, 6)], abs=3)


def test_a_picture_of_another_size_is_scaled(tmp_path: Path) -> None:
    with Recorder(tmp_path) as recorder:
        recorder.add(None, sample(), START)
        for number, (side, depth) in enumerate([(65, 3), (32, 3), (128, 4)]):
            recorder.picture(picture(0, side, depth), START + number * FRAME)
    with av.open(str(recorder.files["pictures"])) as container:
        assert [(frame.width, frame.height) for frame in container.decode(video=0)] == [(66, 66)] * 3


@pytest.mark.parametrize(("kind", "depth"), [("png", 3), ("mp4", 4)])
def test_pngs_where_asked_for_or_where_there_is_alpha(tmp_path: Path, kind: str, depth: int) -> None:
    cv2 = pytest.importorskip("cv2")
    with Recorder(tmp_path, pictures=kind) as recorder:
        for number in range(3):
            recorder.add(None, sample(number), START + number * FRAME)
            recorder.picture(picture(number, depth=depth), START + number * FRAME)
    folder = recorder.files["pictures"]
    assert sorted(path.name for path in folder.iterdir()) == ["000000.png", "000001.png", "000002.png", "times.csv"]
    read = cv2.imdecode(np.fromfile(folder / "000002.png", np.uint8), cv2.IMREAD_UNCHANGED)
    assert np.array_equal(read, picture(2, depth=depth))
    assert [line.split(",")[1] for line in (folder / "times.csv").read_text().splitlines()[1:]] == [
        "0.000000", "0.016667", "0.033334",
    ]  # fmt: skip


def test_no_pictures_where_none_are_wanted(tmp_path: Path) -> None:
    with Recorder(tmp_path, pictures="") as recorder:
        recorder.add(None, sample(), START)
        recorder.picture(picture(0), START)
    assert "pictures" not in recorder.files


def test_takes_are_numbered_and_never_written_over(tmp_path: Path) -> None:
    for number in (1, 2):
        with Recorder(tmp_path, "scene") as recorder:
            assert recorder.take_number == number
    with Recorder(tmp_path, "scene", 9) as recorder:
        assert recorder.take_number == 9
    with pytest.raises(TakeError, match=r"scene_002.* is there already, .* the next free take is 10"):
        Recorder(tmp_path, "scene", 2)
    with Recorder(tmp_path, name="my take"):
        assert (tmp_path / "my take.csv").exists()
    with pytest.raises(TakeError, match=r"my take.* is there already"):
        Recorder(tmp_path, name="my take")
    before = sorted(tmp_path.iterdir())
    (tmp_path / "half_001.csv").touch()
    with pytest.raises(TakeError):
        Recorder(tmp_path, "half", 1)
    assert sorted(tmp_path.iterdir()) == sorted([*before, tmp_path / "half_001.csv"])


def test_what_cannot_be_recorded_is_said_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TakeError, match="cannot record in"):
        Recorder(tmp_path / "file" / "folder")
    with pytest.raises(TakeError, match="not 'gif'"):
        Recorder(tmp_path, pictures="gif")
    with pytest.raises(TakeError, match="a take's number is 0 to"):
        Recorder(tmp_path, take_number=-1)


def test_two_recordings_at_once_take_two_numbers(tmp_path: Path) -> None:
    made: list[Recorder] = []
    threads = [threading.Thread(target=lambda: made.append(Recorder(tmp_path, "scene"))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(recorder.take_number for recorder in made) == [1, 2, 3, 4]
    for recorder in made:
        recorder.close()


def test_a_backlog_is_bounded_and_lets_rows_pass_pictures() -> None:
    backlog = Backlog()
    for number in range(MOST_PICTURES + 5):
        backlog.add_picture((picture(0, 2), number))
    backlog.add_rows([("came", None, "", 0.0, 1)])
    assert backlog.missed == {"rows": 0, "pictures": 5}
    rows, pictures = backlog.take(0)
    assert (len(rows), [captured for _, captured in pictures]) == (1, [0])
    backlog.close()
    backlog.add_rows([("came", None, "", 0.0, 2)])
    assert backlog.take(0)[0] == []
    assert not backlog.done


RECORD = """
import sys
import threading
from bridge.takes.recorder import Recorder
from tests.takes.test_recorder import FRAME, START, picture, sample

pause = threading.Event()
recorder = Recorder(sys.argv[1], "killed", pictures=sys.argv[2])
for number in range(100_000):
    recorder.add(sample(number), sample(number, seed=1), START + number * FRAME)
    recorder.picture(picture(number % 100), START + number * FRAME)
    while recorder.frames <= number and not recorder.trouble:
        pause.wait(0.001)
    if number == 100:
        print("enough", flush=True)
    if recorder.trouble:
        break
recorder.close()
print(recorder.state, "|", recorder.status, flush=True)
"""
ROOT = Path(__file__).parents[2]


def recording(folder: Path, kind: str, before: str = "") -> "subprocess.Popen[str]":
    command = [sys.executable, "-c", before + RECORD, str(folder), kind]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


@pytest.mark.parametrize("kind", ["mp4", "png"])
def test_a_killed_process_leaves_what_it_recorded(tmp_path: Path, kind: str) -> None:
    with recording(tmp_path, kind) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "enough\n"
        process.kill()
    came, went = read_any_take(tmp_path / "killed_001.csv"), read_take(tmp_path / "killed_001.out.csv")
    assert len(came) >= 101
    assert abs(len(came) - len(went)) <= 1
    assert same_bits(came.curves, np.stack([sample(number).curves for number in range(len(came))]))
    assert came.problems == ()
    facts = read_sidecar(tmp_path / "killed_001.json")
    assert facts.state == "recording"
    if kind == "mp4":
        times = film_times(tmp_path / "killed_001.mp4")
        written = len(times)
        assert times == pytest.approx([number * FRAME / 1e6 for number in range(written)], abs=1e-4)
    else:
        written = len(list((tmp_path / "killed_001.pictures").glob("*.png")))
    # The encoder may be behind by what may wait for it, the film by a fragment.
    assert written >= 101 - MOST_PICTURES - 14


@pytest.mark.skipif(os.name == "nt", reason="Windows has no limit to the size of a process's files")
@pytest.mark.parametrize(("kind", "size"), [("mp4", 40_000), ("png", 40_000), ("", 200)])
def test_a_full_disk_ends_the_recording_and_nothing_else(tmp_path: Path, kind: str, size: int) -> None:
    limit = f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))\n"
    if size == 200:  # not even the header goes in
        with recording(tmp_path, kind, limit) as process:
            assert process.wait() == 1
        assert list(tmp_path.iterdir()) == []
        return
    with recording(tmp_path, kind, limit) as process:
        assert process.stdout is not None
        told = process.stdout.read().splitlines()[-1]
        assert process.wait() == 0
    assert told.startswith(
        "ended early | the recording of killed_001 ended early: File too large; what came before is in"
    )
    take = read_take(tmp_path / "killed_001.csv")
    assert len(take) > 20
    assert take.problems == ()
    assert same_bits(take.curves, np.stack([sample(number).curves for number in range(len(take))]))
    if kind == "mp4":
        assert film_times(tmp_path / "killed_001.mp4")
    facts = json.loads((tmp_path / "killed_001.json").read_text())
    assert facts["state"] == "ended early"
    assert "File too large" in facts["trouble"]


def test_the_last_word_goes_in_when_the_disk_takes_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, running = tmp_path / "a.json", Sidecar("scene", 3)
    write_sidecar(running, path)

    def full(part: Path, data: bytes) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="No space left"):
        write_sidecar(running, path)
    write_sidecar(replace(running, state=ENDED, trouble="the disk is full"), path)
    assert read_sidecar(path) == replace(running, state=ENDED, trouble="the disk is full")
    with pytest.raises(OSError, match=re.escape(os.strerror(errno.ENOSPC))):
        write_sidecar(replace(running, state=ENDED, trouble="x" * 5000), path)


def test_sidecars_that_are_none(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    with pytest.raises(TakeError, match="there is no sidecar"):
        read_sidecar(path)
    write_sidecar(Sidecar("scene", 3), path)
    assert read_sidecar(path) == Sidecar("scene", 3)
    for text, said in (
        ("{", "cannot be read"),
        ("[]", "is no sidecar"),
        ("{}", "is no sidecar"),
        ('{"facebridge": "1", "take": "three"}', "take is 'three'"),
        ('{"facebridge": "1", "files": null}', "files is 'None'"),
    ):
        path.write_text(text)
        with pytest.raises(TakeError, match=said):
            read_sidecar(path)
    path.write_text('{"facebridge": "9", "later": 1}')
    assert read_sidecar(path).facebridge == "9"
