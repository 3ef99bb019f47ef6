"""Batch interfaces of providers."""

from tools.backends.chat.batches.anthropic import AnthropicBatches
from tools.backends.chat.batches.openai import OpenAIBatches

__all__ = ["AnthropicBatches", "OpenAIBatches"]
