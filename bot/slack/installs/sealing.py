"""Tokens on their way to and from the database: encrypted there, and shown nowhere.

Fernet: AES-128 in CBC mode with an HMAC (https://github.com/fernet/spec). The first key encrypts, all decrypt.
"""

from __future__ import annotations

from collections.abc import Sequence

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from pydantic import SecretStr

from tools.kit import AskAgain, CannotDo

VARIABLE = "SPYGLASS_TOKEN_KEYS"
A_NEW_KEY = "openssl rand -base64 32 | tr +/ -_"
"""What makes one, on any machine."""


class Sealer:
    """Encrypts and decrypts."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Raises: AskAgain when one of them is no key, or there is none."""
        if not keys:
            raise AskAgain(f"{VARIABLE} is not set, and tokens are not kept unencrypted: `{A_NEW_KEY}` makes a key.")
        self._fernets = [_fernet(number, key) for number, key in enumerate(keys, 1)]
        self._all = MultiFernet(self._fernets)

    @classmethod
    def of(cls, keys: SecretStr | None) -> Sealer:
        """keys: as in the settings, with commas between them. Raises: AskAgain."""
        listed = keys.get_secret_value().split(",") if keys else []
        return cls([key.strip() for key in listed if key.strip()])

    def seal(self, token: SecretStr) -> bytes:
        return self._all.encrypt(token.get_secret_value().encode())

    def unseal(self, sealed: bytes) -> SecretStr:
        """Raises: CannotDo when none of the keys fits."""
        try:
            return SecretStr(self._all.decrypt(bytes(sealed)).decode())
        except InvalidToken:
            raise CannotDo(
                f"No key in {VARIABLE} opens the tokens of the installed workspaces: "
                "put the key they were encrypted with behind the first one."
            ) from None

    def is_current(self, sealed: bytes) -> bool:
        """Whether it was sealed with the first key."""
        try:
            self._fernets[0].decrypt(bytes(sealed))
        except InvalidToken:
            return False
        return True


def _fernet(number: int, key: str) -> Fernet:
    """Raises: AskAgain. Its sentence does not show the key."""
    try:
        return Fernet(key)
    except ValueError:
        raise AskAgain(
            f"Key {number} in {VARIABLE} is none (32 bytes in URL-safe base64): `{A_NEW_KEY}` makes one."
        ) from None
