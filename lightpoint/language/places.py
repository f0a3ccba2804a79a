"""Places of a text that are taken, so that of two readings of the same words only the first is kept. Pure."""

from bisect import bisect_left, insort


class TakenPlaces:
    """Stretches of a text that do not overlap; a claim costs the same however many there are."""

    def __init__(self) -> None:
        self._places: list[tuple[int, int]] = []

    def claim(self, start: int, end: int) -> bool:
        """Take a stretch, and say whether it was free."""
        at = bisect_left(self._places, (start, end))
        overlaps_next = at < len(self._places) and self._places[at][0] < end
        overlaps_previous = at > 0 and start < self._places[at - 1][1]
        if overlaps_next or overlaps_previous:
            return False
        insort(self._places, (start, end))
        return True
