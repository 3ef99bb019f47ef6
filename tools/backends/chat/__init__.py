"""Calling a model behind a provider: deadline, retries, breaker, ledger, structured answers, stand-ins."""

from tools.backends.chat.building import ToolForms, called, key_of, named
from tools.backends.chat.called import CalledModel
from tools.backends.chat.chain import ChainedModel
from tools.backends.chat.vendor import Request, Vendor

__all__ = ["CalledModel", "ChainedModel", "Request", "ToolForms", "Vendor", "called", "key_of", "named"]
