"""A face's ArcFace embedding as the prompt embedding of the UNet (arXiv 2403.11641, section 3.1).

The embedding stands in the place of the word "id" in "photo of a id person"; the release's own text encoder, which was
trained for that, turns it into 77 tokens. The words are constants, so no tokenizer is needed.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

START, END, LENGTH = 49406, 49407, 77
PHOTO_OF_A_ID_PERSON = (START, 1125, 539, 320, 1014, 2533)
ID_POSITION = 4
EMBEDDING = 512


class IdentityEncoder:
    """`encoder` is transformers' CLIPTextModel with the release's weights."""

    def __init__(self, encoder: Any) -> None:
        self._encoder = encoder

    @property
    def width(self) -> int:
        """Of a token: 768 in the release."""
        return int(self._encoder.config.hidden_size)

    def tokens(self, embedding: Tensor) -> Tensor:
        """A unit vector (512,) → (77, width)."""
        words = self._encoder.get_input_embeddings()

        def replace(module: Any, inputs: Any, looked_up: Tensor) -> Tensor:
            looked_up[:, ID_POSITION] = F.pad(embedding.to(looked_up), (0, self.width - EMBEDDING))
            return looked_up

        hook = words.register_forward_hook(replace)
        try:
            return self._encoded(PHOTO_OF_A_ID_PERSON)
        finally:
            hook.remove()

    def nobody(self) -> Tensor:
        """The empty prompt, against which guidance pushes: (77, width)."""
        return self._encoded((START,))

    def _encoded(self, words: tuple[int, ...]) -> Tensor:
        padded = torch.tensor([[*words, *[END] * (LENGTH - len(words))]], device=self._encoder.device)
        return self._encoder(input_ids=padded).last_hidden_state[0]
