"""What counts as the same text. Pure."""

import hashlib
import unicodedata


def normalise(text: str) -> str:
    """`text` in Unicode NFC, every run of white space one space, none at the ends. Case and punctuation stay.

    This is what is embedded and what is hashed: texts that differ in nothing else are one text, bought once.
    """
    return " ".join(unicodedata.normalize("NFC", text).split())


def digest(normalised: str) -> str:
    """The SHA-256, in hex, of a normalised text in UTF-8; surrogates that stand alone are hashed as they are."""
    return hashlib.sha256(normalised.encode("utf-8", "surrogatepass")).hexdigest()
