"""Models behind providers: what they can, what they cost, how they are asked and how they fail."""

from tools.kit.models.account import Account, account, charged_to
from tools.kit.models.asking import CUT_OFF, Ask, ChatModel, Reply
from tools.kit.models.batches import BatchAnswer, Batches, BatchState, NotYetKnown
from tools.kit.models.card import ImageRules, ModelCard, Price
from tools.kit.models.failures import ProviderFailure
from tools.kit.models.ledger import NO_LEDGER, AnswerStore, Entry, Ledger
from tools.kit.models.usage import Usage

__all__ = [
    "CUT_OFF",
    "NO_LEDGER",
    "Account",
    "AnswerStore",
    "Ask",
    "BatchAnswer",
    "BatchState",
    "Batches",
    "ChatModel",
    "Entry",
    "ImageRules",
    "Ledger",
    "ModelCard",
    "NotYetKnown",
    "Price",
    "ProviderFailure",
    "Reply",
    "Usage",
    "account",
    "charged_to",
]
