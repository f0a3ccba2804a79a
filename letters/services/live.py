"""What those who follow a case are told of its letters while they are written: texts by section, and versions kept."""

from letters.models import Letter, LetterVersion
from letters.pipelines import SeenSection, Sight
from letters.records import DraftLetter
from lightpoint.progress import Progress


def sight_of(progress: Progress) -> Sight:
    """A sight of the letters of a case that tells `progress` of each section, as events "text"."""

    def tell(number: int, letter: DraftLetter, section: SeenSection) -> None:
        data = {
            "letter": number,
            "type": letter.type,
            "name": Letter.Type(letter.type).label,
            "section": section.index,
            "title": section.title,
            "state": section.state,
            "paragraphs": section.paragraphs,
        }
        progress.tell("text", data)

    return Sight(tell)


def tell_version(progress: Progress, version: LetterVersion) -> None:
    """Tell that the letter stands, and under which number, as an event "version"."""
    letter = version.letter
    data = {
        "letter": letter.position,
        "type": letter.type,
        "id": letter.pk,
        "version": version.number,
        "released": version.released,
    }
    progress.tell("version", data)
