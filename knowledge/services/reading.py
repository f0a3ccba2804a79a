"""Files that people send in, read into pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from django.conf import settings

from knowledge.ingestion.reading import read_page
from knowledge.ingestion.records import Limits, UnreadablePageError
from knowledge.services.staging import UploadedPage
from lightpoint.errors import InvalidInput


class NothingRead(InvalidInput):
    """No page of guidance could be read out of what was sent."""

    code = "nothing-read"


@dataclass(frozen=True, slots=True)
class SentFile:
    """A file as it came; `data` is None where it is larger than it may be."""

    name: str
    data: bytes | None


@dataclass(frozen=True, slots=True)
class ReadFiles:
    """What could be read, and in words what could not."""

    pages: tuple[UploadedPage, ...]
    problems: tuple[str, ...]


def read_files(files: Sequence[SentFile]) -> ReadFiles:
    """The pages of `files`. Raises NothingRead where none can be read, and InvalidInput for too many files."""
    if len(files) > settings.STAGING_FILES:
        raise InvalidInput(f"There are {len(files)} files; send up to {settings.STAGING_FILES} at once")
    pages: list[UploadedPage] = []
    problems: list[str] = []
    for file in files:
        name = PurePath(file.name.replace("\\", "/")).name or "unnamed"
        try:
            pages.append(_page(name, file.data))
        except UnreadablePageError as error:
            problems.append(f"{name[:100]}: {error}")
    if not pages:
        raise NothingRead(" ".join(problems) or "Send at least one file")
    return ReadFiles(tuple(pages), tuple(problems))


def _page(name: str, data: bytes | None) -> UploadedPage:
    limits = Limits(file_bytes=settings.STAGING_FILE_BYTES)
    if data is None:
        raise UnreadablePageError(f"The file is larger than {limits.file_bytes // 2**20} MB.")
    page = read_page(name, data, limits)
    return UploadedPage(
        identifier=page.identifier,
        title=page.title,
        body=page.body,
        url=page.url,
        page_date=page.page_date,
        page_date_role=page.page_date_role,
        archived=page.archived,
        file_name=name,
    )
