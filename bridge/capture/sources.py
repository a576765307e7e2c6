"""The register of sources, by the names they have on the command line."""

from bridge.capture import vtube_studio
from bridge.capture.source import Greeting, Setting, Settings, Source, file, one_of, switch, whole

IFACIALMOCAP = "sahuasouryya9218sauhuiayeta91555dy3719"


def _to_ifacialmocap(port: int, given: Settings) -> bytes:
    version = "" if given.get("version") == "1" else "|sendDataVersion=v2"
    return f"iFacialMocap_{'UDPTCP_' if given.get('tcp') else ''}{IFACIALMOCAP}{version}".encode()


def _to_facemotion3d(port: int, given: Settings) -> bytes:
    return b"FACEMOTION3D_OtherStreaming" + (b"|protocol=tcp" if given.get("tcp") else b"")


_UNITS = Setting("of the rotations: radians or degrees", one_of("radians", "degrees"))

_ALL = (
    Source(
        "livelink", "Live Link Face on an iPhone", "udp", "bridge.capture.livelink:LiveLink", 11111,
        settings={"units": _UNITS}, control_port=14785, preset="livelink",
    ),
    Source(
        "ifacialmocap", "iFacialMocap on an iPhone, and what speaks as it does", "udp",
        "bridge.capture.ifacialmocap:IFacialMocap", 49983,
        settings={"version": Setting("of what it is asked to send: 1 or 2 (2)", one_of("1", "2"), own=False)},
        greeting=Greeting(_to_ifacialmocap, 49983), delimiter=b"___iFacialMocap", tcp_port=49986,
        preset="ifacialmocap",
    ),
    Source(
        "facemotion3d", "Facemotion3D on an iPhone", "udp", "bridge.capture.facemotion3d:Facemotion3D", 49993,
        greeting=Greeting(_to_facemotion3d, 49993), delimiter=b"___FACEMOTION3D", tcp_port=49986,
        preset="facemotion3d",
    ),
    Source(
        "vmc", "VTuber software that sends VMC", "udp", "bridge.capture.vmc:Vmc", 39539,
        settings={"neck": Setting("on: the neck's turn is added to the head's (off)", switch)}, preset="vmc",
    ),
    Source(
        "openseeface", "OpenSeeFace, a webcam tracker", "udp", "bridge.capture.openseeface:OpenSeeFace", 11573,
        preset="openseeface",
    ),
    Source("facecap", "Face Cap on an iPhone", "udp", "bridge.capture.facecap:FaceCap", 9000, preset="facecap"),
    Source("rokoko", "Rokoko Studio's JSON stream", "udp", "bridge.capture.rokoko:Rokoko", 14043, preset="rokoko"),
    Source(
        "vtubestudio", "VTube Studio on an iPhone", "udp", "bridge.capture.vtube_studio:VTubeStudio", 11125,
        greeting=Greeting(vtube_studio.request, vtube_studio.PHONE_PORT, vtube_studio.RENEW, always=True),
        preset="vtubestudio",
    ),
    Source(
        "webcam", "a camera, read by MediaPipe's face landmarker", "none", "bridge.capture.webcam:Webcam",
        settings={
            "camera": Setting("its number (0)", whole(0, 99)),
            "video": Setting("a film of a face, in place of a camera", file),
            "file": Setting("face_landmarker.task, where it is not among the fetched weights", file),
        },
        preset="webcam",
    ),
    Source(
        "take", "a recording, played at its own pace", "none", "bridge.capture.replayed:Replayed",
        settings={
            "file": Setting("the recording", file),
            "loop": Setting("on: again and again (off)", switch),
            "start": Setting("where to begin, seconds into the take or a timecode of it (0)", str),
            "end": Setting("where to end, likewise", str),
        },
        main="file", required=("file",), preset="take",
    ),
    Source("sliders", "curves moved with the keyboard", "none", "bridge.capture.sliders:Sliders", preset="sliders"),
)  # fmt: skip

SOURCES: dict[str, Source] = {source.name: source for source in _ALL}
