"""What is known of models, as data."""

from tools.backends.catalogue.cards import card_of, cards_of
from tools.backends.catalogue.profiles import profile_of

__all__ = ["card_of", "cards_of", "profile_of"]
