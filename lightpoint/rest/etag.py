"""Strong entity tags over the `version` of a row, so that nobody overwrites what they have not seen (RFC 9110, 13.1.1).

A row that can be edited has `version = PositiveIntegerField(default=1)`. Its GET answers `ETag: "3"`; an edit sends
`If-Match: "3"`, and the service compares under the lock of the row, with `check_version`.
"""

import re

from lightpoint.errors import StaleVersion, VersionRequired

TAG = re.compile(r'"([0-9]{1,9})"')


def tag_of(version: int) -> str:
    """The entity tag of a row in `version`."""
    return f'"{version}"'


def version_wanted(if_match: str | None) -> int:
    """The version that If-Match names. Raises VersionRequired without one, StaleVersion for what no row can match.

    `*` and weak tags match nothing here: whoever edits says what they have seen.
    """
    if if_match is None:
        raise VersionRequired("Send the ETag of what you have read as If-Match")
    found = TAG.fullmatch(if_match.strip())
    if not found:
        raise StaleVersion("If-Match must be one ETag, as a GET of the same address gave it")
    return int(found[1])


def check_version(*, expected: int | None, current: int) -> None:
    """For services, under the row's lock: raise StaleVersion unless the row still is what its editor has read.

    None is for callers that have read the row under the same lock.
    """
    if expected is not None and expected != current:
        raise StaleVersion(f"This is at version {current} by now, and you have read version {expected}: read it again")
