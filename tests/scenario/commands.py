"""Running `spyglass` with its output caught, in a process forked from the nursery."""

from __future__ import annotations

import atexit
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from threading import Timer

ROOT = Path(__file__).parents[2]
PATIENCE = 180.0
"""Seconds a command may take."""


@dataclass
class Nursery:
    process: subprocess.Popen[bytes]
    requests: socket.socket
    reading: ThreadPoolExecutor = field(default_factory=lambda: ThreadPoolExecutor(2))

    def run(self, arguments: Sequence[str], environment: dict[str, str], stdin: str | None) -> tuple[int, str, str]:
        """The exit code, and what was written to standard output and error, until nobody has them open any more."""
        (given, giving), (out, writing), (err, complaining), (told, telling) = (os.pipe() for _ in range(4))
        os.write(giving, (stdin or "").encode())  # what a pipe holds: more would wait for its reader
        os.close(giving)
        request = {"arguments": [*arguments], "environment": environment}
        theirs = [given, writing, complaining, telling]
        socket.send_fds(self.requests, [json.dumps(request).encode()], theirs)
        for descriptor in theirs:
            os.close(descriptor)
        with os.fdopen(told, "rb") as code:
            pid = int(code.readline())
            too_long = Timer(PATIENCE, os.kill, (pid, signal.SIGKILL))
            too_long.start()
            said, complained = self.reading.map(_read, (out, err))
            too_long.cancel()
            return int(code.read()), said, complained

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
