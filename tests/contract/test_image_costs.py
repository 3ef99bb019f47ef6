"""What an image is reckoned to cost against what the local provider counts: two readings of what is published."""

from __future__ import annotations

import pytest

from tests.provider.chat.pictures import picture_tokens
from tests.provider.generate.reading import image_tokens as gemini_tokens
from tests.provider.images import SentImage, claude_tokens
from tests.provider.messages.limits import wide
from tools.backends.catalogue import cards_of
from tools.backends.chat_vision.tokens import image_tokens
from tools.kit.models import ModelCard

SIZES = [(64, 64), (300, 200), (384, 384), (512, 1024), (1024, 768), (960, 540), (1568, 1045), (2048, 1536)]
CARDS = [card for name in ("anthropic", "openai", "google") for card in cards_of(name) if card.vision]


def counted(card: ModelCard, size: tuple[int, int]) -> int:
    if card.provider == "anthropic":
        longest, most = wide(card.name)
        return claude_tokens(*size, longest=longest, most=most)
    if card.provider == "google":
        return gemini_tokens(size, card.name)
    return picture_tokens(SentImage(b"", "image/jpeg", *size, "image/jpeg", "", detail="high"), card.name)


@pytest.mark.parametrize(
    "card", [pytest.param(card, id=card.spec) for card in CARDS if card.images.counting != "unknown"]
)
def test_an_image_costs_what_is_reckoned(card: ModelCard) -> None:
    for size in SIZES:
        assert image_tokens(*size, card.images) == pytest.approx(counted(card, size), rel=0.02, abs=2), size
