"""Everything of one person that is drawn, part after part, with the OpenGL objects that hold it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import moderngl
import numpy as np

from generator.training.head import gl
from generator.training.head.appearance import Accessories, Appearance
from generator.training.head.atlas import SkinAtlas
from generator.training.head.beard_cards import BeardCards
from generator.training.head.colours import hair_colour, iris_colour
from generator.training.head.expression import EYE_SETBACK, Poser
from generator.training.head.garment import Garment
from generator.training.head.hairdo import Hairdo
from generator.training.head.lids import LidCurves, ribbons
from generator.training.head.lines import fold_strengths
from generator.training.head.occlusion import occlusion
from generator.training.head.person import Hair, Person
from generator.training.head.rig import PARTS, Rig, normals
from generator.training.head.scalp import Scalp, coverage
from generator.training.head.shadows import ShadowMap
from generator.training.head.shape import body
from generator.training.head.shapes import Shape
from generator.training.head.strokes import SkinSurface
from generator.training.head.turns import follow, head_turn, placed
from generator.training.head.wardrobe import Wardrobe, covered, under_headwear
from protocol.blendshapes import INDEX

SURFACES = {"skin": "skin", "gums": "mouth", "teeth": "mouth", "eyes": "eye"}  # part → fragment shader
LIPS_APART = ("mouthUpperUpLeft", "mouthUpperUpRight", "mouthLowerDownLeft", "mouthLowerDownRight")
CASTS = ("skin", "gums", "teeth")


class Figure:
    def __init__(self, context: moderngl.Context, rig: Rig, poser: Poser, atlas: SkinAtlas, shadows: ShadowMap) -> None:
        self.gl, self.rig, self.poser, self.atlas, self.shadows = context, rig, poser, atlas, shadows
        self.person: Person | None = None
        self._worn: Accessories | None = None
        self.lids = LidCurves(rig)
        self.follow = follow(rig.neutral)
        inside = np.concatenate([rig.vertices[part] for part in PARTS if part != "skin"])
        self.follow[inside] = 1.0
        self.position, self.normal = (context.buffer(reserve=rig.neutral.size * 4) for _ in range(2))
        arrays = {
            "position": self.position, "normal": self.normal, "rest": rig.neutral, "uv": self._uv(),
            "open": self._open(), "follow": self.follow, "ribbon": ribbons(rig),
        }  # fmt: skip
        self.programs = {
            "skin": gl.program(context, "surface", "skin"), "mouth": gl.program(context, "surface", "mouth"),
            "eye": gl.program(context, "surface", "eye"), "lashes": gl.program(context, "lashes", "lashes"),
            "shadow": gl.program(context, "shadow", "shadow"),
        }  # fmt: skip
        self.hairdo = Hairdo(context)
        self.wardrobe = Wardrobe(context, self.programs["shadow"], rig, poser)
        self.garment = Garment(context, rig)
        self.programs |= {"garment": self.garment.program, "hair": self.hairdo.program, "thing": self.wardrobe.program}
        self.surface = SkinSurface(rig)
        self.beard = BeardCards(context, self.hairdo.program, self.programs["shadow"])
        self.parts = {
            part: gl.vertex_array(context, self.programs[shader], arrays, rig.triangles[part])
            for part, shader in {**SURFACES, "lashes": "lashes"}.items()
        }
        casting = np.concatenate([rig.triangles[part] for part in CASTS])
        self.casting = gl.vertex_array(context, self.programs["shadow"], arrays, casting)

    def wear(self, person: Person, appearance: Appearance) -> None:
        """Another picture of the same person costs little: skin and hair are made again only for another."""
        if person != self.person:
            self.person = person
            self.base = body(self.rig, person)
            self.scalp = Scalp(*(mesh[self.rig.vertices["skin"]] for mesh in (self.base, self.rig.neutral)))
            self.atlas.paint(person, coverage(self.rig.neutral, person.hair, person.beard))
            self.beard.wear(person, self.surface, self.base, self.rig.vertices["skin"])
            self._worn = None
        if appearance.worn != self._worn:
            self._worn = appearance.worn
            self._dress(appearance.worn)
        self.set(_looks(person) | _light(appearance))
        for made in self.programs.values():
            self.shadows.apply(made, np.array(appearance.light.direction))

    def _dress(self, worn: Accessories) -> None:
        self.wardrobe.wear(worn, self.base, self.scalp)
        hair = self.person.hair if self.person else Hair()
        flat = replace(hair, lift=0.08, fringe=0.0) if covered(worn) else hair
        self.hairdo.wear(flat, self.scalp, self.programs["shadow"], lambda points: under_headwear(worn, points))

    def set(self, settings: dict[str, Any]) -> None:
        for made in self.programs.values():
            for name, value in settings.items():
                gl.set_uniform(made, name, value)

    def pose(self, curves: np.ndarray) -> None:
        """Moves everything to where `curves` (55,) put it."""
        wear = self.person.wear if self.person else 0.0
        self.vertices = self.poser.pose(self.base, curves)
        self.beard.pose(self.vertices)
        self.position.write(self.vertices.astype("f4").tobytes())
        slopes = normals(self.rig, self.vertices)
        self.normal.write(slopes.astype("f4").tobytes())
        self.garment.pose(self.vertices, slopes)
        opened = curves[INDEX["jawOpen"]] * 1.3 - curves[INDEX["mouthClose"]]
        opened += 0.25 * sum(curves[INDEX[name]] for name in LIPS_APART)
        self.set({
            "head_angles": curves[52:55], "mouth_open": float(np.clip(opened, 0, 1)),
            "left_lines": fold_strengths(curves, wear, "Left"),
            "right_lines": fold_strengths(curves, wear, "Right"),
        } | self._eyes(curves))  # fmt: skip

    def paint(self, target: moderngl.Framebuffer) -> None:
        """Draws shadows, then the picture with premultiplied alpha into `target`."""
        self.gl.enable_only(moderngl.DEPTH_TEST)
        self.shadows.target.use()
        self.shadows.target.clear(depth=1.0)
        self.casting.render()
        self.hairdo.cast()
        self.wardrobe.cast()
        self.beard.cast()
        target.use()
        target.clear(0.0, 0.0, 0.0, 0.0, depth=1.0)
        self._textures()
        self.gl.enable(moderngl.CULL_FACE)
        self.parts["skin"].render()
        self.gl.disable(moderngl.CULL_FACE)
        self.garment.render()
        self.wardrobe.render(lenses=False)
        self.hairdo.render()
        self.beard.render()
        self.parts["eyes"].render()
        for part, flag in (("gums", 0.0), ("teeth", 1.0)):
            gl.set_uniform(self.programs["mouth"], "teeth", flag)
            self.parts[part].render()
        gl.blend(self.gl, (moderngl.ONE, moderngl.ONE_MINUS_SRC_ALPHA))
        target.depth_mask = False
        self.parts["lashes"].render()
        self.wardrobe.render(lenses=True)
        target.depth_mask = True

    def shapes(self) -> list[Shape]:
        """All that is solid, as geometry."""
        solid = [Shape(lambda vertices, normals: vertices, self.follow, self.rig.triangles[part]) for part in SURFACES]
        return [*solid, self.garment.shape(), *self.hairdo.shapes(), *self.beard.shapes(), *self.wardrobe.shapes()]

    def _textures(self) -> None:
        for slot, (name, texture) in enumerate(
            (
                ("albedo_map", self.atlas.albedo),
                ("relief_map", self.atlas.relief),
                ("shadow_map", self.shadows.depth),
                ("strand_map", self.hairdo.texture),
            )
        ):
            texture.use(slot)
            for made in self.programs.values():
                if name in made:
                    made[name] = slot

    def _eyes(self, curves: np.ndarray) -> dict[str, Any]:
        turn = head_turn(curves[52:55])
        settings: dict[str, Any] = {"head_back": turn.T}
        centres = {}
        for side in ("Left", "Right"):
            name = side.lower()
            centres[name] = self.poser.eye_centre(self.base, side) - EYE_SETBACK
            settings[f"{name}_centre"] = placed(centres[name][None], np.ones(1), curves[52:55])[0]
            settings[f"{name}_gaze"] = (turn @ self.poser.gaze(curves, side)).T
        lids = self.lids.fit(self.vertices, centres)
        return settings | lids

    def _uv(self) -> np.ndarray:
        """(v, 2) the rig's; the tongue, which has no texture, is told from the gums by it."""
        uv = self.rig.uv.copy()
        uv[self.rig.vertices["gums"]] = 0.0
        uv[self.poser.tongue] = 1.0
        return uv

    def _open(self) -> np.ndarray:
        """(v, 2) ambient occlusion with the mouth closed and open."""
        solid = np.concatenate([self.rig.triangles[part] for part in (*CASTS, "eyes")])
        views = []
        for jaw in (0.0, 0.9):
            curves = np.zeros(55)
            curves[INDEX["jawOpen"]] = jaw
            vertices = self.poser.pose(self.rig.neutral, curves)
            views.append(occlusion(self.gl, vertices, normals(self.rig, vertices), solid))
        return np.stack(views, 1)


def _looks(person: Person) -> dict[str, Any]:
    eyes, hair = person.eyes, person.hair
    iris = iris_colour(eyes.tone)
    warm = iris * 0.5 + iris_colour(min(eyes.tone + 0.35, 1.0)) * 0.7
    colour = hair_colour(hair.dark, hair.red, hair.grey)
    return {
        "melanin": person.skin.melanin, "who": person.skin.pattern, "iris": iris,
        "iris_inner": iris + (warm - iris) * eyes.warmth, "pupil": eyes.pupil, "limbal": eyes.ring,
        "veins": eyes.veins, "yellowed": 0.35 * person.wear + 0.25 * person.skin.melanin,
        "enamel": 1 - 0.7 * person.wear,
        "hair_colour": colour, "hair_grey": hair.grey, "hair_curl": hair.curl,
        "lash_colour": 0.12 * colour * (1 - person.make_up.liner) + 0.002,
        "lash_density": 0.65 + 0.3 * eyes.lashes + 0.2 * person.make_up.liner,
        "lash_length": 0.7 * eyes.lashes + 0.3 * person.make_up.liner,
    }  # fmt: skip


def _light(appearance: Appearance) -> dict[str, Any]:
    light = appearance.light
    key = np.array(light.direction) / np.linalg.norm(light.direction)
    fill = np.array([-key[0] * 1.2 - 0.1, 0.15, 0.8])
    behind = np.array([-key[0] * 1.4 if abs(key[0]) > 0.1 else -0.9, 0.45, -0.55])
    return {
        "key_direction": key, "key_colour": light.key, "fill_direction": fill / np.linalg.norm(fill),
        "fill_colour": light.fill, "rim_direction": behind / np.linalg.norm(behind), "rim_colour": light.rim,
        "garment_colour": appearance.garment, "collar": appearance.collar, "sky_colour": light.sky,
        "ground_colour": light.ground,
    }  # fmt: skip
