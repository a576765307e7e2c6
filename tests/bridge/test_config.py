"""The configuration: from a file, with overrides, and what it refuses."""

from pathlib import Path

import pytest

from bridge.config import Config, ConfigError, Limits, Security, load_config
from generator.face_generator import ModelOptions


def test_overrides_win_over_the_file_and_the_file_over_the_defaults(tmp_path: Path) -> None:
    path = tmp_path / "face.toml"
    path.write_text('model = "testcard"\nbind = "tcp://127.0.0.1:1"\n[limits]\nmax_clients = 3\nmax_rate = 90\n')

    config = load_config(path, bind="tcp://127.0.0.1:2", model=None)

    assert config == Config("tcp://127.0.0.1:2", "testcard", limits=Limits(max_clients=3, max_rate=90))
    assert load_config() == Config()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("modle = 'x'", "unknown setting modle; did you mean model?"),
        ("[limits]\nclients = 3", "unknown setting limits.clients; did you mean limits.max_clients?"),
        ("[limits]\nmax_rate = 'fast'", "limits.max_rate must be a number, got 'fast'"),
        ("[limits]\nmax_clients = true", "limits.max_clients must be a whole number, got True"),
        ("[limits]\nmax_clients = 0", "limits.max_clients must be above 0, got 0"),
        ("[limits]\nidle_timeout = nan", "limits.idle_timeout must be above 0, got nan"),
        ("limits = 3", "limits must be a table, got 3"),
        ("security = 3", "security must be a table, got 3"),
        ("[security]\nkeys = 'x'", "unknown setting security.keys; did you mean security.key?"),
        ("[security]\nkey = 3", "security.key must be a text, got 3"),
        ("encoders = 17", "encoders must be from 1 to 16, got 17"),
        ("jpeg_quality = 0", "jpeg_quality must be from 1 to 100, got 0"),
        ("model = 3", "model must be a text, got 3"),
        ("map = 3", "map must be a text, got 3"),
        ("autoencoder = 'vae'", "autoencoder must be taesd or sd, got 'vae'"),
        ("device = 'gpu'", "device must be auto, cpu or cuda, got 'gpu'"),
        ("dtype = 'half'", "dtype must be auto, float32, float16 or bfloat16, got 'half'"),
        ("runtime = ''", "runtime must be auto, eager, compiled or openvino, got ''"),
        ("bind =", "not TOML: Invalid value (at end of document)"),
    ],
)
def test_a_bad_setting_is_named_with_its_file(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "face.toml"
    path.write_text(text)

    with pytest.raises(ConfigError) as caught:
        load_config(path)

    assert str(caught.value) == f"{path}: {message}"


def test_what_the_model_is_told_is_what_the_file_and_the_command_line_say(tmp_path: Path) -> None:
    path = tmp_path / "face.toml"
    path.write_text('base = "sd15"\nautoencoder = "sd"\ndtype = "float16"\nstore = "people"\nmap = "mine"\n')

    config = load_config(path, dtype="bfloat16", device="cuda", runtime=None)

    assert config.options == ModelOptions("sd15", "sd", "cuda", "bfloat16", "auto", "people")
    assert config.map == "mine"
    assert Config().options == ModelOptions()


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"none\.toml: No such file"):
        load_config(tmp_path / "none.toml")


@pytest.mark.parametrize(
    "address",
    ["tcp://0.0.0.0:5570", "tcp://*:5570", "tcp://192.168.1.4:5570", "tcp://[::]:5570", "tcp://eth0:5570"],
)
def test_only_loopback_is_listened_on_without_keys(address: str) -> None:
    with pytest.raises(ConfigError, match="without keys the server listens on loopback only; `facebridge keys new"):
        Config(bind=address)
    assert Config(bind=address, security=Security("server.key_secret", "clients")).bind == address


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        ({"key": "k"}, "the list of the clients is missing: name the folder of their public keys with --clients DIR"),
        ({"clients": "c"}, "the server's own key is missing: `facebridge keys new server` makes it"),
    ],
)
def test_a_key_without_a_list_is_refused_and_a_list_without_a_key(given: dict[str, str], sentence: str) -> None:
    with pytest.raises(ConfigError, match=sentence):
        load_config(**given)


def test_the_keys_lie_beside_the_file_that_names_them_and_options_win(tmp_path: Path) -> None:
    path = tmp_path / "face.toml"
    path.write_text('bind = "tcp://*:5570"\n[security]\nkey = "server.key_secret"\nclients = "clients"\n')

    assert load_config(path).security == Security(str(tmp_path / "server.key_secret"), str(tmp_path / "clients"))
    assert load_config(path, clients="others").security == Security(str(tmp_path / "server.key_secret"), "others")

    path.write_text('bind = "tcp://*:5570"\n')
    assert load_config(path, key="k", clients="c").security == Security("k", "c")


@pytest.mark.parametrize(
    "address",
    ["tcp://127.0.0.1:5570", "tcp://127.0.0.1:*", "tcp://localhost:1", "tcp://[::1]:5570", "ipc:///tmp/face"],
)
def test_what_only_this_machine_reaches_is_listened_on(address: str) -> None:
    assert Config(bind=address).bind == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "127.0.0.1:5570",
        "udp://127.0.0.1:1",
        "tcp://127.0.0.1",
        "tcp://127.0.0.1:x",
        "tcp://[::1]:0",
        "tcp://[::1]:65536",
    ],
)
def test_an_address_that_is_none_is_answered_with_an_example(address: str) -> None:
    with pytest.raises(ConfigError, match=r"is no address; write tcp://127\.0\.0\.1:5570"):
        Config(bind=address)


def test_the_file_is_not_blamed_for_an_override(tmp_path: Path) -> None:
    path = tmp_path / "server.toml"
    path.write_text("jpeg_quality = 80")
    with pytest.raises(ConfigError, match=r"^bind 'nowhere' is no address"):
        load_config(path, bind="nowhere")
    assert load_config(path, bind="tcp://127.0.0.1:1").jpeg_quality == 80
