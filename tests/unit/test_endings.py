"""A process that is told to end tidies up, wherever it was started."""

from __future__ import annotations

import signal
import subprocess
import sys
from functools import partial

import pytest

WAITS = """
import asyncio
from bot.endings import ended_like_ctrl_c

async def wait():
    with ended_like_ctrl_c():
        print("waiting", flush=True)
        try:
            await asyncio.sleep(600)
        finally:
            await asyncio.sleep(0.01)
            print("tidied up", flush=True)

try:
    asyncio.run(wait())
except KeyboardInterrupt:
    print("as by Ctrl-C", flush=True)
"""


@pytest.mark.parametrize("ending", [signal.SIGTERM, signal.SIGHUP])
@pytest.mark.parametrize("ctrl_c", [signal.SIG_DFL, signal.SIG_IGN])
def test_it_ends_as_by_ctrl_c_also_where_ctrl_c_is_ignored(ending: signal.Signals, ctrl_c: signal.Handlers) -> None:
    ignoring = partial(signal.signal, signal.SIGINT, ctrl_c)
    with subprocess.Popen(
        [sys.executable, "-c", WAITS], stdout=subprocess.PIPE, text=True, preexec_fn=ignoring
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "waiting\n"
        process.send_signal(ending)
        assert process.stdout.read().splitlines() == ["tidied up", "as by Ctrl-C"]
    assert process.returncode == 0
