"""Tokens and keys: made at random, shown once, kept as SHA-256 hashes. Pure.

A plain hash is enough here, unlike for passwords: the secrets carry 160 bits or more and cannot be guessed.
"""

import hashlib
import hmac
import secrets

KEY_MARK = "lp"
PREFIX_LENGTH = 10
_LETTERS = "abcdefghijkmnpqrstuvwxyz23456789"  # none that look like another


def new_token() -> str:
    """A token for a link: 256 bits in URL-safe letters."""
    return secrets.token_urlsafe(32)


def new_key() -> tuple[str, str]:
    """Prefix (names the key, not secret) and secret (200 bits) of an API key; neither holds an underscore."""
    return _word(PREFIX_LENGTH), _word(40)


def written(prefix: str, secret: str) -> str:
    """The key as its user keeps it."""
    return f"{KEY_MARK}_{prefix}_{secret}"


def parts_of(key: str) -> tuple[str, str] | None:
    """Prefix and secret of a written key; None for anything else."""
    mark, _, rest = key.partition("_")
    prefix, _, secret = rest.partition("_")
    return (prefix, secret) if mark == KEY_MARK and prefix and secret else None


def digest(secret: str) -> str:
    """SHA-256 of `secret`, 64 hexadecimal digits."""
    return hashlib.sha256(secret.encode()).hexdigest()


def matches(secret: str, kept: str) -> bool:
    """Whether `secret` has the hash `kept`, compared in constant time."""
    return hmac.compare_digest(digest(secret), kept)


def _word(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))
