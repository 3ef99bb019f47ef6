"""Chat models that look at images: `ChatVision`, on top of `ChatModel`, whoever provides it."""

from tools.backends.chat_vision.batched import BatchedModel, BatchedVision
from tools.backends.chat_vision.files import AnthropicFiles, OpenAIFiles, ProviderFiles, providers
from tools.backends.chat_vision.looking import ChatVision
from tools.backends.chat_vision.models import Models
from tools.backends.chat_vision.shelf import FileShelf

__all__ = [
    "AnthropicFiles",
    "BatchedModel",
    "BatchedVision",
    "ChatVision",
    "FileShelf",
    "Models",
    "OpenAIFiles",
    "ProviderFiles",
    "providers",
]
