"""Running `spyglass` with its output caught, in a process forked from the nursery."""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from io import FileIO
from pathlib import Path
from threading import Timer

ROOT = Path(__file__).parents[2]
PATIENCE = 180.0
"""Seconds a command may take."""


@dataclass
class Born:
    """A command under way."""

    pid: int
    told: FileIO
    """Says the exit code, once it has ended."""

    @property
    def ended(self) -> bool:
        return bool(self.told.closed or select.select([self.told], [], [], 0)[0])

    def wait(self) -> int:
        """The exit code."""
        with self.told:
            return int(self.told.read())


@dataclass
class Nursery:
    process: subprocess.Popen[bytes]
    requests: socket.socket
    reading: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))

    def start(
        self, arguments: Sequence[str], environment: dict[str, str], standard: Sequence[int], *, hurried: bool = False
    ) -> Born:
        """standard: descriptors of standard input, output and error. hurried: as `slack.hurried` says."""
        told, telling = os.pipe()
        request = {"arguments": [*arguments], "environment": environment, "hurried": hurried}
        socket.send_fds(self.requests, [json.dumps(request).encode()], [*standard, telling])
        os.close(telling)
        reading = FileIO(told)
        return Born(int(reading.readline()), reading)

    def run(self, arguments: Sequence[str], environment: dict[str, str], stdin: str | None) -> tuple[int, str, str]:
        """The exit code, and what was written to standard output and error, until nobody has them open any more."""
        (given, giving), (out, writing), (err, complaining) = (os.pipe() for _ in range(3))
        os.write(giving, (stdin or "").encode())  # what a pipe holds: more would wait for its reader
        os.close(giving)
        born = self.start(arguments, environment, [given, writing, complaining])
        for descriptor in (given, writing, complaining):
            os.close(descriptor)
        too_long = Timer(PATIENCE, os.kill, (born.pid, signal.SIGKILL))
        too_long.start()
        said, complained = self.reading.map(_read, (out, err))
        too_long.cancel()
        return born.wait(), said, complained

    def close(self) -> None:
        self.requests.close()
        self.process.wait()


def _read(descriptor: int) -> str:
    with os.fdopen(descriptor, encoding="utf-8") as pipe:
        return pipe.read()


@cache
def nursery() -> Nursery:
    """One for each process of the tests."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    descriptor = its.fileno()
    command = [sys.executable, "-m", "tests.scenario.nursery", str(descriptor)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.DEVNULL, pass_fds=[descriptor])
    its.close()
    opened = Nursery(process, ours)
    atexit.register(opened.close)
    return opened
