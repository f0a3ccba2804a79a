"""Plots as SVG, without a library: bars made of parts, one below another. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final
from xml.sax.saxutils import escape

COLOURS: Final = ("#1f4e79", "#c55a11", "#548235", "#7f6000", "#7030a0", "#808080", "#00808a", "#b00050")
WIDTH, BAR, GAP, LEFT, RIGHT, TOP = 960, 22, 12, 210, 90, 64
_TEXT: Final = 'font-family="sans-serif" fill="#222"'
_LETTER: Final = 7.0  # width of one, about, at the size of a legend


def stacked_bars(
    title: str, unit: str, rows: Mapping[str, Mapping[str, float]], *, parts: Sequence[str], digits: int
) -> tuple[str, int]:
    """Bars of `rows`, each of its parts, with sums in `unit` behind them: an SVG group, and its height.

    `parts` are all that there may be, at most eight; a part has the same colour in every group of the same `parts`.
    """
    used = {part for row in rows.values() for part in row}
    colours = {part: colour for part, colour in zip(parts, COLOURS, strict=False) if part in used}
    longest = max((sum(row.values()) for row in rows.values()), default=0.0) or 1.0
    scale = (WIDTH - LEFT - RIGHT) / longest
    drawn = [_words(0, 18, title, size=16, weight="bold"), *_legend(colours)]
    for place, (name, row) in enumerate(rows.items()):
        y, x = TOP + place * (BAR + GAP), float(LEFT)
        drawn.append(_words(LEFT - 8, y + 15, name, anchor="end"))
        for part, value in row.items():
            drawn.append(
                f'<rect x="{x:.1f}" y="{y}" width="{value * scale:.1f}" height="{BAR}" fill="{colours[part]}">'
                f"<title>{escape(f'{name}, {part}: {value:.{digits}f} {unit}')}</title></rect>"
            )
            x += value * scale
        drawn.append(_words(x + 6, y + 15, f"{sum(row.values()):.{digits}f} {unit}"))
    return "\n".join(drawn), TOP + len(rows) * (BAR + GAP)


def page(groups: Sequence[tuple[str, int]]) -> str:
    """The groups one below another, as a file."""
    shown, y = [], 12
    for drawn, height in groups:
        shown.append(f'<g transform="translate(12 {y})">\n{drawn}\n</g>')
        y += height + 24
    size = f'width="{WIDTH + 24}" height="{y}" viewBox="0 0 {WIDTH + 24} {y}"'
    background = '<rect width="100%" height="100%" fill="#fff"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}>\n{background}\n' + "\n".join(shown) + "\n</svg>\n"


def _legend(colours: Mapping[str, str]) -> list[str]:
    drawn, x = [], 0.0
    for part, colour in colours.items():
        drawn.append(f'<rect x="{x:.0f}" y="32" width="12" height="12" fill="{colour}"/>')
        drawn.append(_words(x + 17, 42, part, size=12))
        x += 34 + _LETTER * len(part)
    return drawn


def _words(x: float, y: float, words: str, *, size: int = 13, anchor: str = "start", weight: str = "normal") -> str:
    where = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" font-weight="{weight}" text-anchor="{anchor}"'
    return f"<text {where} {_TEXT}>{escape(words)}</text>"
