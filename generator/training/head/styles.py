"""Named cuts: presets of `Hair`, whose numbers may be mixed and moved freely."""

from __future__ import annotations

from typing import Any

STYLES: dict[str, dict[str, Any]] = {
    "bald": {"density": 0.0, "top": 0.2, "side": 0.2, "back": 0.2},
    "receding": {"top": 2.2, "side": 1.3, "back": 1.6, "lift": 0.3, "recede": 0.9, "bald": 0.25, "swept": 0.5},
    "bald crown": {"top": 1.8, "side": 1.4, "back": 1.6, "lift": 0.25, "recede": 0.9, "bald": 1.0},
    "buzz": {"top": 0.4, "side": 0.3, "back": 0.3, "lift": 0.2},
    "short": {"top": 4.0, "side": 1.5, "back": 1.8, "lift": 0.5, "fringe": 0.25},
    "side part": {"top": 7.5, "side": 1.5, "back": 2.0, "lift": 0.22, "part": 3.2, "swept": 0.35},
    "swept back": {"top": 8.0, "side": 2.5, "back": 5.0, "lift": 0.45, "swept": 1.0},
    "bob": {"top": 18.0, "side": 13.0, "back": 11.0, "lift": 0.30, "fringe": 1.0},
    "long": {"top": 34.0, "side": 28.0, "back": 28.0, "lift": 0.35, "part": 0.6, "curl": 0.12},
    "wavy": {"top": 24.0, "side": 20.0, "back": 20.0, "lift": 0.4, "part": 1.8, "curl": 0.45},
    "curly": {"top": 9.0, "side": 8.0, "back": 8.0, "lift": 0.9, "curl": 0.9, "fringe": 0.2},
    "afro": {"top": 6.5, "side": 5.0, "back": 5.5, "lift": 1.3, "curl": 1.0},
    "ponytail": {"top": 18.0, "side": 18.0, "back": 14.0, "lift": 0.1, "gathered": 1.0, "tail": 18.0},
    "bun": {"top": 18.0, "side": 18.0, "back": 14.0, "lift": 0.1, "gathered": 1.0, "tail": 2.0},
}  # fmt: skip
