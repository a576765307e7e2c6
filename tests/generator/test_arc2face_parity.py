"""The published model against a plain composition of diffusers' parts, stage by stage and as whole stills."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from diffusers.models.unets.unet_2d_condition import UNet2DConditionModel

from generator.arc2face.place import Place
from generator.arc2face.release import Release, load_release
from generator.arc2face.still import Sitting, StillSettings, draw_still
from generator.arc2face.unet import Guide
from tests.generator.authors import EMPTY, WORDS, Authors
from tests.generator.published import SIZE, WIDTH, write_adapter, write_release

pytestmark = pytest.mark.needs(module="peft")  # the oracle loads the Reference Adapter's LoRA with it
STEPS, SEED = 5, 7


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return write_release(tmp_path_factory.mktemp("release"), lcm=True)


@pytest.fixture(scope="module")
def release(folders: tuple[Path, Path]) -> Release:
    return load_release(*folders, Place(), few_steps=False)


@pytest.fixture(scope="module")
def sitting() -> Sitting:
    random = np.random.default_rng(1)
    embedding = random.normal(size=512).astype(np.float32)
    expression = random.normal(size=55).astype(np.float32)
    picture = random.integers(0, 256, (SIZE, SIZE, 3), dtype=np.uint8)
    return Sitting(embedding / np.linalg.norm(embedding), expression, picture)


def error(ours: np.ndarray, theirs: torch.Tensor) -> float:
    assert ours.dtype == np.float32 and ours.shape == theirs.shape
    return float(np.abs(ours - theirs.numpy()).mean())


def pair(expression: np.ndarray) -> list[torch.Tensor]:
    curves = torch.from_numpy(expression)[None, None]
    return [torch.cat([torch.zeros_like(curves), curves])]


def test_identity_tokens(folders: tuple[Path, Path], release: Release, sitting: Sitting) -> None:
    authors = Authors(*folders)
    embedding = torch.from_numpy(sitting.embedding)
    with torch.inference_mode():
        ours, nobody = release.identity(embedding), release.encoder.nobody()
    torch.testing.assert_close(ours, authors.prompt(WORDS, embedding)[0], atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(nobody, authors.prompt(EMPTY)[0], atol=1e-5, rtol=1e-5)
    assert (ours - nobody).abs().max() > 0.1


def test_expression_tokens(folders: tuple[Path, Path], release: Release, sitting: Sitting) -> None:
    assert sitting.expression is not None
    unet: Any = Authors(*folders, expression=True).pipeline.unet
    curves = torch.from_numpy(sitting.expression)[None]
    with torch.inference_mode():
        theirs = unet.encoder_hid_proj([curves[:, None]])[0][:, 0]
        ours = release.expression(curves)
    assert ours.shape == (1, 4, WIDTH)
    torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_one_pass_of_the_unet(folders: tuple[Path, Path], release: Release, sitting: Sitting, scale: float) -> None:
    assert sitting.expression is not None
    authors = Authors(*folders, expression=True)
    authors.pipeline.set_ip_adapter_scale(scale)
    noisy, curves = torch.randn(1, 4, 16, 16), torch.from_numpy(sitting.expression)[None]
    with torch.inference_mode():
        identity = release.identity(torch.from_numpy(sitting.embedding))
        theirs = authors.pipeline.unet(
            noisy, 500, identity[None], added_cond_kwargs={"image_embeds": [curves[:, None]]}, return_dict=False
        )[0]
        guide = Guide(identity, release.expression(curves)[0], scale)
        ours = release.denoiser.predict(noisy, torch.tensor([500]), [guide])
    torch.testing.assert_close(ours, theirs, atol=1e-5, rtol=1e-4)


def test_a_still_of_the_identity_alone(folders: tuple[Path, Path], release: Release, sitting: Sitting) -> None:
    authors = Authors(*folders)
    authors.use("dpm")
    theirs = authors.draw(torch.from_numpy(sitting.embedding), SIZE, SEED, STEPS, 3.0)
    ours = draw_still(release, Sitting(sitting.embedding), StillSettings(steps=STEPS, seed=SEED, size=SIZE))
    assert error(ours, theirs) < 1e-5


@pytest.mark.parametrize("scale", [1.0, 0.5])
def test_a_still_with_an_expression(
    folders: tuple[Path, Path], release: Release, sitting: Sitting, scale: float
) -> None:
    assert sitting.expression is not None
    authors = Authors(*folders, expression=True)
    authors.use("dpm")
    authors.pipeline.set_ip_adapter_scale(scale)
    embeds = pair(sitting.expression)
    embedding = torch.from_numpy(sitting.embedding)
    theirs = authors.draw(embedding, SIZE, SEED, STEPS, 3.0, ip_adapter_image_embeds=embeds)
    settings = StillSettings(steps=STEPS, seed=SEED, size=SIZE, expression_scale=scale)
    ours = draw_still(release, Sitting(sitting.embedding, sitting.expression), settings)
    assert error(ours, theirs) < 1e-5
    without = draw_still(release, Sitting(sitting.embedding), settings)
    assert np.abs(ours - without).mean() > 1e-3


def test_a_still_in_two_steps(folders: tuple[Path, Path], sitting: Sitting) -> None:
    assert sitting.expression is not None
    authors = Authors(*folders, expression=True)
    authors.pipeline.load_lora_weights(str(folders[0] / "lcm_lora"), adapter_name="lcm")
    authors.use("lcm")
    embeds = [torch.from_numpy(sitting.expression)[None, None]]
    embedding = torch.from_numpy(sitting.embedding)
    theirs = authors.draw(embedding, SIZE, SEED, 2, 1.0, ip_adapter_image_embeds=embeds)
    settings = StillSettings(scheduler="lcm", steps=2, guidance=1.0, seed=SEED, size=SIZE)
    drawn = Sitting(sitting.embedding, sitting.expression)
    merged = load_release(*folders, Place(), few_steps=True)
    assert error(draw_still(merged, drawn, settings), theirs) < 1e-5
    unmerged = load_release(*folders, Place(), few_steps=False)
    assert error(draw_still(unmerged, drawn, settings), theirs) > 1e-3


@pytest.mark.parametrize("guidance", [3.0, 1.0])
def test_a_still_like_a_reference(
    folders: tuple[Path, Path], release: Release, sitting: Sitting, guidance: float
) -> None:
    assert sitting.expression is not None and sitting.reference is not None
    authors = Authors(*folders, expression=True, reference=True)
    authors.use("dpm")
    authors.pipeline.set_adapters("ref", 0.8)
    embedding = torch.from_numpy(sitting.embedding)
    authors.refer_to(torch.from_numpy(sitting.reference), embedding)
    embeds = pair(sitting.expression) if guidance > 1 else [pair(sitting.expression)[0][1:]]
    theirs = authors.draw(embedding, SIZE, SEED, STEPS, guidance, ip_adapter_image_embeds=embeds)
    settings = StillSettings(steps=STEPS, guidance=guidance, seed=SEED, size=SIZE, reference_scale=0.8)
    ours = draw_still(release, sitting, settings)
    assert error(ours, theirs) < 1e-5
    without = draw_still(release, Sitting(sitting.embedding, sitting.expression), settings)
    assert np.abs(ours - without).mean() > 1e-3


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_a_reference_is_read_without_the_lcm_lora(
    folders: tuple[Path, Path], sitting: Sitting, dtype: torch.dtype
) -> None:
    picture, place = torch.tensor(sitting.reference), Place("cpu", dtype)
    plain, merged = (load_release(*folders, place, few_steps=fast) for fast in (False, True))
    before = {name: tensor.clone() for name, tensor in merged.denoiser.unet.state_dict().items()}
    with torch.inference_mode():
        identity = plain.identity(torch.from_numpy(sitting.embedding))
        expected, found = (release.reference(picture, identity) for release in (plain, merged))
    assert expected.keys() == found.keys() and len(found) == 4
    for layer, states in expected.items():
        torch.testing.assert_close(found[layer], states, atol=1e-5, rtol=1e-5)
    for name, tensor in merged.denoiser.unet.state_dict().items():
        torch.testing.assert_close(tensor, before[name], atol=1e-6, rtol=1e-6)


@pytest.mark.parametrize("tokens", [2, 3, 4, 0])
def test_every_form_of_the_expression_adapter(tmp_path: Path, sitting: Sitting, tokens: int) -> None:
    assert sitting.expression is not None
    models, base = write_release(tmp_path, seed=tokens)
    unet = UNet2DConditionModel.from_pretrained(models / "arc2face")
    write_adapter(models / "exp_adapter" / "exp_adapter.bin", unet, tokens)
    authors = Authors(models, base, expression=True)
    authors.use("dpm")
    embedding = torch.from_numpy(sitting.embedding)
    theirs = authors.draw(embedding, SIZE, SEED, 2, 3.0, ip_adapter_image_embeds=pair(sitting.expression))
    release = load_release(models, base, Place(), few_steps=False)
    ours = draw_still(
        release, Sitting(sitting.embedding, sitting.expression), StillSettings(steps=2, seed=SEED, size=SIZE)
    )
    assert error(ours, theirs) < 1e-5


@pytest.mark.parametrize("saved", [{}, {"steps_offset": 0}, {"clip_sample": True, "steps_offset": 1}])
@pytest.mark.parametrize("scheduler", ["dpm", "lcm"])
def test_a_schedulers_config_is_repaired_as_the_pipeline_does_it(
    tmp_path: Path, sitting: Sitting, saved: dict[str, Any], scheduler: Any
) -> None:
    models, base = write_release(tmp_path)
    path = base / "scheduler" / "scheduler_config.json"
    config = json.loads(path.read_text())
    config = {name: value for name, value in config.items() if name != "steps_offset"} | saved
    path.write_text(json.dumps(config))
    authors = Authors(models, base)
    authors.use(scheduler)
    theirs = authors.draw(torch.from_numpy(sitting.embedding), SIZE, SEED, 4, 3.0)
    release = load_release(models, base, Place(), few_steps=False)
    ours = draw_still(release, Sitting(sitting.embedding), StillSettings(scheduler, steps=4, seed=SEED, size=SIZE))
    assert error(ours, theirs) < 1e-5


def test_a_seed_is_a_picture(release: Release, sitting: Sitting) -> None:
    def draw(seed: int) -> np.ndarray:
        return draw_still(release, Sitting(sitting.embedding), StillSettings(steps=2, seed=seed, size=SIZE))

    np.testing.assert_array_equal(draw(3), draw(3))
    assert np.abs(draw(3) - draw(4)).mean() > 1e-3
