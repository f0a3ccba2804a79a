"""Where one checkout keeps its services, and the system account they run under.

Usually everything stands under `var/`. PostgreSQL refuses to run as root, so that root must hand it to another
account; where that account cannot reach the checkout (one below a private directory), the data stands under
/var/lib/lightpoint instead. Sockets need a short path: `sun_path` of unix(7) holds 107 bytes, 103 on macOS.
What was chosen is noted in var/place.json, so that every process of the checkout finds the same place.
"""

import fcntl
import hashlib
import json
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from lightpoint.errors import ServiceUnavailable

SYSTEM_HOME = Path("/var/lib/lightpoint")
SHORT_ROOT = Path("/tmp")  # noqa: S108 - the same for every process, whatever TMPDIR says; ours below it is 0700
LONGEST_SOCKET = 103
SOCKET_NAME = ".s.PGSQL.5432"
ACCOUNT = "lightpoint"
COMMAND_SECONDS = 120


class EmbeddedError(ServiceUnavailable):
    """An embedded service is missing, too old or does not start. The message is one line that says what to do."""

    code = "embedded-service"


@dataclass(frozen=True)
class Account:
    """A system account that services run under when root starts them."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """`var` belongs to the checkout, `home` holds the data of the services, `sockets` what they listen on."""

    var: Path
    home: Path
    sockets: Path


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock file `path` against every other process of this machine."""
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except PermissionError:
        raise _foreign(path.parent) from None
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def find_place(root: Path) -> Place:
    """The place of the checkout at `root`; chosen and noted at the first call."""
    var = root / "var"
    note = var / "place.json"
    place = _noted(root, note)
    if place is None:
        var.mkdir(exist_ok=True)
        with locked(var / "place.lock"):
            place = _noted(root, note) or _choose(root, note)
    return place


def service_account(home: Path) -> Account | None:
    """The account that owns `home`, or the one to give it to; None when we are not root and run services ourselves."""
    if os.geteuid() != 0:
        return None
    if home.exists() and home.stat().st_uid != 0:
        return Account(home.stat().st_uid, home.stat().st_gid)
    entry = _find_account(ACCOUNT) or _make_account() or _find_account("nobody")
    if entry is None:
        raise EmbeddedError("PostgreSQL does not run as root, and there is no other account: run as another user")
    return entry


def run_as(
    account: Account | None, command: Sequence[str | Path], *, cwd: Path, env: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run `command` to its end under `account`, with private files, and return what it said."""
    return subprocess.run(  # noqa: S603 - programs of our own wheels, no words of a user among the arguments
        [str(part) for part in command],
        cwd=cwd,
        env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C", **(env or {})},
        user=account.uid if account else None,
        group=account.gid if account else None,
        extra_groups=[] if account else None,
        umask=0o077,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )


def is_alive(pid: int) -> bool:
    """True while process `pid` runs; one that has ended but was not yet taken note of by its parent does not."""
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def make_private(directory: Path, account: Account | None) -> None:
    """See that `directory` exists, is a directory of ours and lets nobody else in."""
    owner = account.uid if account else os.geteuid()
    directory.parent.mkdir(parents=True, exist_ok=True)
    with suppress(FileExistsError):
        directory.mkdir(mode=0o700)
        if account:
            os.chown(directory, account.uid, account.gid)
    found = directory.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != owner or found.st_mode & 0o077:
        raise EmbeddedError(f"{directory} is not a private directory of ours: remove it and try again")


def runnable(folder: Path, place: Place, account: Account | None) -> Path:
    """`folder` of an installed package, or a copy of it beside the data where `account` cannot reach the package.

    A wheel keeps the libraries of its programs in a folder beside the package, so that they are copied with it.
    """
    if account is None or open_to_others(folder):
        return folder
    package = folder.parent
    programs = place.home / "programs"
    copy = programs / f"{folder.name}-{int(folder.stat().st_mtime)}"
    if not copy.exists():
        new = programs / f"{folder.name}.new"
        shutil.rmtree(new, ignore_errors=True)
        libraries = package.with_name(f"{package.name}.libs")
        for part in (folder, libraries):
            if part.exists():
                target = new / part.relative_to(package.parent)
                shutil.copytree(part, target, symlinks=True, ignore=shutil.ignore_patterns("include"))
        run_as(None, ["chmod", "-R", "a+rX", programs], cwd=place.home)
        new.rename(copy)
    return copy / folder.relative_to(package.parent)


def open_to_others(path: Path) -> bool:
    """True when any account may enter `path` and every directory above it."""
    return all(folder.stat().st_mode & stat.S_IXOTH for folder in (path, *path.parents))


def _noted(root: Path, note: Path) -> Place | None:
    try:
        noted = json.loads(note.read_text())
    except FileNotFoundError:
        return None
    except PermissionError:
        raise _foreign(note.parent) from None
    except ValueError:
        return None
    if noted["checkout"] != str(root):
        return None
    return Place(root / "var", Path(noted["home"]), Path(noted["sockets"]))


def _choose(root: Path, note: Path) -> Place:
    home = root / "var"
    if os.geteuid() == 0 and not open_to_others(root):
        home = _outside(root)
    place = Place(root / "var", home, _sockets(home))
    new = note.with_suffix(".new")
    new.write_text(json.dumps({"checkout": str(root), "home": str(place.home), "sockets": str(place.sockets)}))
    new.replace(note)
    return place


def _outside(root: Path) -> Path:
    """A new home outside a checkout that the services' account cannot reach."""
    SYSTEM_HOME.mkdir(mode=0o755, parents=True, exist_ok=True)
    _forget_gone_checkouts()
    home = SYSTEM_HOME / secrets.token_hex(6)
    home.mkdir(mode=0o755)
    (home / "checkout").write_text(str(root))
    return home


def _forget_gone_checkouts() -> None:
    """Remove the data of checkouts that stood in the directory for temporary files and are no more."""
    passing = Path(tempfile.gettempdir())
    for note in SYSTEM_HOME.glob("*/checkout"):
        checkout = Path(note.read_text())
        if passing in checkout.parents and not checkout.exists():
            shutil.rmtree(note.parent, ignore_errors=True)


def _sockets(home: Path) -> Path:
    folder = home / "run"
    if len(os.fsencode(folder / SOCKET_NAME)) <= LONGEST_SOCKET:
        return folder
    key = hashlib.sha256(os.fsencode(home)).hexdigest()[:12]
    return SHORT_ROOT / f"lightpoint-{os.geteuid()}-{key}"


def _find_account(name: str) -> Account | None:
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        return None
    return Account(entry.pw_uid, entry.pw_gid)


def _make_account() -> Account | None:
    """A system account without a home or a shell, as the packages of a server make one for it."""
    useradd = shutil.which("useradd")
    if useradd is None:
        return None
    subprocess.run(  # noqa: S603 - as above
        [useradd, "--system", "--no-create-home", "--shell", "/usr/sbin/nologin", ACCOUNT],
        capture_output=True,
        timeout=COMMAND_SECONDS,
        check=False,
    )
    return _find_account(ACCOUNT)


def _foreign(folder: Path) -> EmbeddedError:
    return EmbeddedError(f"{folder} belongs to another user: work as that user, or in a clone of your own")
