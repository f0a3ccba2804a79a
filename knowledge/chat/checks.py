"""Whether a sentence that a model wrote may be shown. Pure; decided by code alone.

It has to cite a source that is there, and what it says has to stand in the words of the sources that it cites: each
figure and quotation by `figures`, the rest (parties, refusals, obligations, doings) by lightpoint.grounding, and all of
it in one sentence of a source or two neighbouring ones by `bearing`.
"""

import re
from collections.abc import Sequence
from typing import Final

from knowledge.chat.bearing import unborne
from knowledge.chat.figures import figures_not_in, quotations_not_in
from knowledge.chat.records import Passage
from lightpoint.grounding import Evidence, check_sentence
from lightpoint.language.normalise import find_loose
from lightpoint.language.sentences import split_sentences

CITES_NOTHING: Final = "it cites no source"
SAYS_NOTHING: Final = "it says nothing that a source could bear out"
UNLIMITED: Final = "the source does not say it without limit, as {!r} does"
# Words that let nothing else be so. What means the same stands in one row.
_LIMITLESS: Final = tuple(
    re.compile(rf"\b(?:{words})\b", re.IGNORECASE)
    for words in (
        "always|invariably|in (?:every|all|any) cases?|automatically|guaranteed?|without (?:exception|fail)",
        "never|under no circumstances|in no (?:case|circumstances)|at no time|on no account",
        "without (?:any|needing|having|further)|regardless of|irrespective of",
        "nobody|no one|none of",
        "everybody|everyone",
    )
)
_SHARED: Final = 0.5  # of the telling words of a sentence, in the sentence of a source that bears such a word out
_WORD: Final = re.compile(r"[A-Za-z][a-z'’]{3,}")
_ANY_WORD: Final = re.compile(r"[A-Za-z]{2,}")
_MARKS: Final = 3  # characters that a sentence may have before and after its words
_LEAST_COVER: Final = 0.6  # of the words of a sentence whatever else is checked


def reason_against(sentence: str, cited: Sequence[Passage]) -> str:
    """Why `sentence`, without tokens, may not be shown with `cited` as its sources; "" where it may."""
    if not cited:
        return CITES_NOTHING
    if len(_ANY_WORD.findall(sentence)) < 3:
        return SAYS_NOTHING
    texts = [f"{passage.title}\n{passage.text}" for passage in cited]
    missing = figures_not_in(sentence, texts)
    if missing:
        return f"the source does not give {', '.join(missing)}"
    quoted = quotations_not_in(sentence, texts)
    if quoted:
        return f"the source does not have the words {quoted[0]!r}"
    if any(_is_said(sentence, text) for text in texts):
        return ""
    return (
        _limitless(sentence, texts)
        or _against_the_rest(sentence, cited, texts)
        or unborne(sentence, [(passage.title, passage.text) for passage in cited])
    )


def _is_said(sentence: str, text: str) -> bool:
    """Whether `sentence` is one of `text`, letter for letter; words out of one may lack what they are denied with."""
    plain = sentence.strip(" .\"“”'")
    found = find_loose(plain, text)
    return found is not None and any(
        span.start <= found[0] <= span.start + _MARKS and span.end - _MARKS <= found[1]
        for span in split_sentences(text)
    )


def _limitless(sentence: str, texts: Sequence[str]) -> str:
    """A word such as "never" has to stand in a sentence of a source that is about the same."""
    for words in _LIMITLESS:
        said = words.search(sentence)
        if said and not any(
            words.search(span.text) and _cover(words.sub("", sentence), [span.text]) >= _SHARED
            for text in texts
            for span in split_sentences(text)
        ):
            return UNLIMITED.format(said[0].lower())
    return ""


def _against_the_rest(sentence: str, cited: Sequence[Passage], texts: Sequence[str]) -> str:
    evidence = [Evidence(passage.identifier, text) for passage, text in zip(cited, texts, strict=True)]
    verdict = check_sentence(sentence, evidence, strict=True)
    if verdict.reasons:
        return verdict.reasons[0].detail
    return "" if _cover(sentence, texts) >= _LEAST_COVER else SAYS_NOTHING


def _cover(sentence: str, texts: Sequence[str]) -> float:
    words = {word.lower()[:6] for word in _WORD.findall(sentence)}
    held = {word.lower()[:6] for text in texts for word in _WORD.findall(text)}
    return len(words & held) / len(words) if words else 0.0
