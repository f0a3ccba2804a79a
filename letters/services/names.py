"""Which veil the questions of one drafting go out under, and what later ones learn from the answers to earlier ones."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from letters.pipelines.records import Call, Stage
from letters.privacy import Veil

_TOLD_ON: Final[tuple[Stage, ...]] = ("facts", "structure")  # their answers stand in later questions


@dataclass
class Names:
    """The veil of a case, and those of its single papers by their keys.

    A note of a paper tells by the name alone whom the paper gives a title. What a note or a plan of a letter names is
    hidden in all later questions of that letter.
    """

    case: Veil
    papers: Mapping[str, Veil]
    _taught: dict[int, Veil] = field(default_factory=dict)

    def of(self, call: Call) -> Veil:
        """The veil that `call` is asked under."""
        own = self._taught.get(call.letter, self.case)
        alone = call.stage == "facts" and len(call.about) == 1
        return self.papers.get(call.about[0], self.case) if alone else own

    def restored(self, call: Call, veil: Veil, answer: Any) -> Any:
        """`answer` to `call`, which was asked under `veil`, with every name put back."""
        if call.stage in _TOLD_ON:
            self._taught[call.letter] = self._taught.get(call.letter, self.case).taught(veil, answer)
        return veil.restored(answer)
