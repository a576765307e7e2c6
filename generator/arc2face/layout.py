"""The published release as data: its parts, their files, where each comes from, and what each licence allows.

A release lies in two folders side by side, `models` and `sd15`. Sizes are bytes as last seen at the source; those that
could only be seen rounded are rounded here too. Licences are summarised, not quoted, and none of this is legal advice.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

ARC2FACE = "FoivosPar/Arc2Face"
STABLE_DIFFUSION = "stable-diffusion-v1-5/stable-diffusion-v1-5"
ANTELOPE = "https://github.com/deepinsight/insightface/releases/download/model-zoo/antelopev2.zip"
LANDMARKER = "https://storage.googleapis.com/mediapipe-models/face_landmarker/face_landmarker/float16/latest/face_landmarker.task"
MATRICES = "https://raw.githubusercontent.com/PeizhiYan/mediapipe-blendshapes-to-flame/HEAD/mappings"
LCM = "latent-consistency/lcm-lora-sdv1-5"
TINY = "madebyollin/taesd"
WEIGHTS, PICKLED = "diffusion_pytorch_model.safetensors", ("diffusion_pytorch_model.bin",)
LORA = "pytorch_lora_weights.safetensors"
SMIRK_DRIVE = "https://drive.google.com/file/d/1T65uEd9dVLHgVw5KiUYL66NUee-MCzoE/view"


@dataclass(frozen=True, slots=True)
class Hub:
    """A file of a repository on the Hugging Face hub."""

    repository: str
    path: str


@dataclass(frozen=True, slots=True)
class Address:
    """A file behind a plain address."""

    url: str


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside a zip behind a plain address, known by its name in whatever folder of the zip it lies."""

    url: str
    archive_size: int


@dataclass(frozen=True, slots=True)
class ByHand:
    """A file that no program may or can fetch; `how` says what a person does."""

    how: str


@dataclass(frozen=True, slots=True)
class PublishedFile:
    """`path` is below the root of its part; `alternatives` are names that serve as well, in the same place."""

    path: str
    size: int
    source: Hub | Address | Member | ByHand
    alternatives: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """What belongs together. `without` says what is lost when it is missing; "" when nothing can do without it."""

    name: str
    purpose: str
    without: str
    licence: str
    terms: str
    files: tuple[PublishedFile, ...]
    root: Literal["models", "sd15"] = "models"

    @property
    def required(self) -> bool:
        return not self.without


@dataclass(frozen=True, slots=True)
class Folders:
    """Where the two roots of a release lie."""

    models: Path
    sd15: Path

    def of(self, part: Part, file: PublishedFile) -> Path:
        """The file as it lies there, under its own or another accepted name; its own name where there is none."""
        root = self.models if part.root == "models" else self.sd15
        own = root / file.path
        names = [own, *(own.with_name(name) for name in file.alternatives)]
        names.sort(key=lambda path: path.suffix != ".safetensors")  # as loading chooses where both are there
        return next((path for path in names if path.is_file()), own)


def folders(folder: Path, base: Path | None = None) -> Folders:
    """The roots for a folder that holds `models` and `sd15`, or that is itself the folder `models`."""
    is_models = (folder / "arc2face").is_dir() or (folder.name == "models" and not (folder / "models").is_dir())
    models = folder if is_models else folder / "models"
    return Folders(models, base or models.parent / "sd15")


def mapping_of(models: Path) -> str:
    """The mapping beside the published model, as `load_map` takes it; "" for the bundled one."""
    return str(models / "mappings") if (models / "mappings").is_dir() else ""


def part_named(name: str) -> Part:
    return next(part for part in RELEASE if part.name == name)


def _hub(
    path: str, size: int, repository: str = ARC2FACE, *, at: str = "", alternatives: tuple[str, ...] = ()
) -> PublishedFile:
    return PublishedFile(at or path, size, Hub(repository, path), alternatives)


def _antelope(name: str, size: int) -> PublishedFile:
    return PublishedFile(f"antelopev2/{name}", size, Member(ANTELOPE, 361_000_000))


def _matrix(name: str, size: int) -> PublishedFile:
    return PublishedFile(f"mappings/{name}", size, Address(f"{MATRICES}/{name}"))


_ARC2FACE_TERMS = (
    "MIT on the model card, but the faces they were trained on are given out under CC BY-NC-SA 4.0: "
    "ask the authors before commercial use"
)
_RAIL_TERMS = (
    "commercial use allowed; the uses that its annex forbids are forbidden to you, "
    "and to those to whom you pass the weights or a service with them"
)

RELEASE: tuple[Part, ...] = (
    Part(
        "arc2face",
        "draws the face of an identity",
        "",
        "MIT",
        _ARC2FACE_TERMS,
        (
            _hub("arc2face/config.json", 1_780),
            _hub(f"arc2face/{WEIGHTS}", 3_440_000_000, alternatives=PICKLED),
        ),
    ),
    Part(
        "encoder",
        "turns an identity into tokens",
        "",
        "MIT",
        _ARC2FACE_TERMS,
        (
            _hub("encoder/config.json", 600),
            _hub("encoder/pytorch_model.bin", 492_000_000, alternatives=("model.safetensors",)),
        ),
    ),
    Part(
        "exp_adapter",
        "makes the face follow an expression",
        "every face keeps the expression that chance gives it",
        "MIT",
        _ARC2FACE_TERMS,
        (_hub("exp_adapter/exp_adapter.bin", 78_085_419, alternatives=("exp_adapter.safetensors",)),),
    ),
    Part(
        "ref_adapter",
        "keeps looks and background of a photograph",
        "no reference photographs",
        "MIT",
        _ARC2FACE_TERMS,
        (_hub(f"ref_adapter/{LORA}", 51_137_360),),
    ),
    Part(
        "lcm_lora",
        "draws in 1 to 4 steps, for streams",
        "streams, drawn in few steps, come out blurred",
        "OpenRAIL++",
        _RAIL_TERMS,
        (_hub(LORA, 135_000_000, LCM, at=f"lcm_lora/{LORA}"),),
    ),
    Part(
        "taesd",
        "decodes fast, for streams",
        "streams decode with the slower autoencoder of Stable Diffusion",
        "MIT",
        "commercial use allowed",
        (
            _hub("config.json", 600, TINY, at="taesd/config.json"),
            _hub(WEIGHTS, 9_790_000, TINY, at=f"taesd/{WEIGHTS}", alternatives=PICKLED),
        ),
    ),
    Part(
        "antelopev2",
        "reads identities off photographs",
        "identities come only from files of 512 numbers",
        "InsightFace",
        "the detectors are for non-commercial research only; arcface.onnx comes with Arc2Face, under its terms",
        (
            _antelope("scrfd_10g_bnkps.onnx", 16_900_000),
            _antelope("1k3d68.onnx", 144_000_000),
            _hub("arcface.onnx", 261_000_000, at="antelopev2/arcface.onnx"),
        ),
    ),
    Part(
        "smirk",
        "reads expressions off pictures",
        "expressions come only from curves and files",
        "MIT, Apache 2.0",
        "SMIRK is MIT, but trained with FLAME, which is not for commercial use; MediaPipe's landmarker is Apache 2.0",
        (
            PublishedFile("smirk/SMIRK_em1.pt", 0, ByHand(f"it lies on Google Drive, {SMIRK_DRIVE}")),
            PublishedFile("smirk/face_landmarker.task", 3_760_000, Address(LANDMARKER)),
        ),
    ),
    Part(
        "mappings",
        "moves brows, cheeks and lips from ARKit curves",
        "ARKit curves move jaw and lids only",
        "research only",
        "for research and education only, their author says: fitted on public data sets with such terms",
        (_matrix("bs2exp.npy", 41_728), _matrix("bs2jaw.npy", 1_376), _matrix("bs2eye.npy", 2_624)),
    ),
    Part(
        "sd15",
        "decodes latents, and sets the noise schedule",
        "",
        "OpenRAIL-M",
        _RAIL_TERMS,
        (
            _hub("vae/config.json", 547, STABLE_DIFFUSION),
            _hub(f"vae/{WEIGHTS}", 335_000_000, STABLE_DIFFUSION, alternatives=PICKLED),
            _hub("scheduler/scheduler_config.json", 308, STABLE_DIFFUSION),
        ),
        root="sd15",
    ),
)
