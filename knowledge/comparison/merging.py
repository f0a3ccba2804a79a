"""Two texts joined without saying anything twice. Pure."""

from lightpoint.language.normalise import squeeze
from lightpoint.language.sentences import split_sentences


def merged(first: str, second: str) -> str:
    """`first` as it stands, and below it, as a paragraph, the sentences that only `second` has, in their order."""
    seen = {_plain(span.text) for span in split_sentences(first)}
    added: list[str] = []
    for span in split_sentences(second):
        plain = _plain(span.text)
        if plain and plain not in seen:
            seen.add(plain)
            added.append(" ".join(span.text.split()))
    return "\n\n".join(part for part in (first.strip(), " ".join(added)) if part)


def _plain(sentence: str) -> str:
    return squeeze(sentence).casefold().strip(" .;:")
