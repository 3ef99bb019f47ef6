"""`spyglass` as it is, each command in a process of its own, without importing the same modules for each.

A nursery: what commands import is imported once, and each command is forked from here, before there is a thread or an
event loop, and goes on and ends like `python -m bot.cli`. Requests come through a socket: the arguments and the
environment as JSON, with standard input, output and error, and a pipe that is told the process id and the exit code.
All that came from here ends with who asks.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import sys
from typing import Any

from bot.cli import main
from bot.settings import keep_algebra_on_one_thread

MOST = 1 << 20
"""Bytes of a request."""


def born(requests: socket.socket) -> list[str]:
    """Wait for requests. It returns in the process of each one, with its arguments; the nursery ends with who asks."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    while True:
        request, given, _, _ = socket.recv_fds(requests, MOST, 4)
        if not request:
            os.killpg(0, signal.SIGKILL)
        if os.fork() == 0:
            requests.close()
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            _watch(*given)
            return _be(json.loads(request), given)
        _close(given)


def _watch(*given: int) -> None:
    """Go on in a child, and tell who asked its process id and its exit code."""
    *standard, told = given
    if pid := os.fork():
        _close(standard)
        os.write(told, b"%d\n" % pid)
        os.write(told, b"%d" % os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
        os._exit(0)


def _be(request: dict[str, Any], given: list[int]) -> list[str]:
    for number, descriptor in enumerate(given[:3]):
        os.dup2(descriptor, number)
    _close(given)
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv[1:] = request["arguments"]
    if request["hurried"]:
        importlib.import_module("tests.scenario.slack.hurried").hurry()
    return sys.argv[1:]


def _close(descriptors: list[int]) -> None:
    for descriptor in descriptors:
        os.close(descriptor)


if __name__ == "__main__":
    os.setpgid(0, 0)
    keep_algebra_on_one_thread()  # which is heard when numpy is imported
    importlib.import_module("tests.scenario.readiness").get_ready()
    main(born(socket.socket(fileno=int(sys.argv[1]))))
