"""A text as pieces, of which those that matter are marked. Pure."""

from collections.abc import Iterable, Iterator

from lightpoint.language.normalise import find_loose


def marked(text: str, wanted: Iterable[tuple[str, Iterable[str]]]) -> tuple[tuple[str, bool], ...]:
    """`text` in pieces, each with whether it is marked: of each sentence in `wanted` the figures beside it."""
    pieces: list[tuple[str, bool]] = []
    last = 0
    for start, end in sorted(set(_places(text, wanted))):
        if start >= last:
            pieces += [(text[last:start], False), (text[start:end], True)]
            last = end
    return tuple(piece for piece in (*pieces, (text[last:], False)) if piece[0])


def _places(text: str, wanted: Iterable[tuple[str, Iterable[str]]]) -> Iterator[tuple[int, int]]:
    for sentence, figures in wanted:
        place = find_loose(sentence, text)
        for figure in figures if place else ():
            found = find_loose(figure, text[: place[1]], start=place[0])  # type: ignore[index]  # it is there
            if found:
                yield found
