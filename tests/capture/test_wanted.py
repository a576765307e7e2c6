"""What a person writes behind `facebridge capture`, and the sentences for what does not fit."""

from pathlib import Path

import pytest

from bridge.capture.sources import SOURCES
from bridge.capture.wanted import read_wanted, settings_of
from bridge.errors import CommandError
from bridge.performance.preset import shipped


def test_a_name_alone_has_the_usual_port() -> None:
    wanted = read_wanted("livelink")
    assert (wanted.port, wanted.bind, wanted.tcp, wanted.plays) == (11111, "0.0.0.0", False, False)
    assert read_wanted("livelink:").given == {}


def test_settings_are_read() -> None:
    wanted = read_wanted("livelink:port=0,units=degrees,device=iPhone of A,subject=amara")
    assert wanted.given == {"port": 0, "units": "degrees", "device": "iPhone of A", "subject": "amara"}
    assert wanted.make().units == "degrees"


def test_by_tcp_the_port_is_another() -> None:
    assert (read_wanted("ifacialmocap:tcp=on").port, read_wanted("ifacialmocap:tcp=off").port) == (49986, 49983)
    assert read_wanted("ifacialmocap:tcp=on,port=7").port == 7


def test_a_path_may_hold_commas_and_equal_signs(tmp_path: Path) -> None:
    path = tmp_path / "a,b = c,D.csv"
    path.write_text("")
    assert read_wanted(f"take:{path}").given == {"file": path}
    assert read_wanted(f"take:{path},subject=amara").given == {"file": path, "subject": "amara"}
    assert read_wanted(f"take:file={path}").given == {"file": path}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("livelnk", "there is no source 'livelnk'; did you mean livelink?"),
        ("phone", "there is no source 'phone'; there are livelink, ifacialmocap,"),
        ("livelink:prot=3", "livelink has no setting 'prot'; did you mean port?"),
        ("livelink:zzz=3", "livelink has no setting 'zzz'; there are units, port, host, device,"),
        ("livelink:port", "livelink: 'port' has no value; write livelink:port=VALUE"),
        ("livelink:port=", "livelink: 'port' has no value"),
        ("livelink:port=x", "livelink: port must be a whole number from 0 to 65535, not 'x'"),
        ("livelink:port=70000", "livelink: port must be a whole number from 0 to 65535, not '70000'"),
        ("livelink:port=1,port=2", "livelink: port is given twice"),
        ("livelink:units=turns", "livelink: units must be radians or degrees, not 'turns'"),
        ("take", "take needs file, the recording: write take:VALUE"),
        ("take:none.csv", "take: file must be a file that is there, not 'none.csv'"),
        ("webcam:port=3", "webcam has no setting 'port'"),
    ],
)
def test_what_does_not_fit_is_named(text: str, sentence: str) -> None:
    with pytest.raises(CommandError) as refused:
        read_wanted(text)
    assert sentence in str(refused.value)


@pytest.mark.parametrize("name", SOURCES)
def test_every_setting_says_what_it_is(name: str) -> None:
    source = SOURCES[name]
    assert source.about and all(setting.about for setting in settings_of(source).values())
    assert set(source.required) <= settings_of(source).keys()
    assert bool(source.port) == (source.transport != "none")
    assert source.preset in shipped()
