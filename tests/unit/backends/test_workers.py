"""`PebbleWorkers`. Tasks are functions of the standard library: a worker has to be able to import them."""

from __future__ import annotations

import asyncio
import operator
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tools.backends.workers import Lane, PebbleWorkers
from tools.kit import Workers

LANES = {
    "decode": Lane(processes=2, seconds=1.5, megabytes=512),
    "read": Lane(processes=1, seconds=1.5, megabytes=512),
}
ENDLESS = "__import__('re').match('(a+)+$', 'a' * 64 + 'b')"
"""Backtracks for ever in C, holding the interpreter, as a looping decoder does."""


@pytest.fixture
async def workers() -> AsyncIterator[PebbleWorkers]:
    workers = PebbleWorkers(LANES)
    yield workers
    await workers.close()


def alive(pid: int) -> bool:
    """Whether the process runs (a zombie that nobody has waited for does not)."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


async def gone(pid: int, within: float) -> bool:
    for _ in range(round(within / 0.05)):
        if not alive(pid):
            return True
        await asyncio.sleep(0.05)
    return False


async def test_a_task_runs_in_another_process(workers: PebbleWorkers) -> None:
    assert isinstance(workers, Workers)
    assert await workers.run("decode", os.getpid) != os.getpid()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux shows the environment of a process as a file")
async def test_a_worker_sees_no_key_of_ours(workers: PebbleWorkers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ANTHROPIC_API_KEY", "sk-secret")
    given = PebbleWorkers(LANES, environment={"HOME": "/a home", "OMP_NUM_THREADS": "1"})
    try:
        for each, wanted in ((workers, set()), (given, {b"HOME=/a home", b"OMP_NUM_THREADS=1"})):
            seen = await each.run("decode", Path.read_bytes, Path("/proc/self/environ"))
            assert {*filter(None, seen.split(b"\0"))} == wanted
            assert await each.run("decode", eval, "'sk-secret' in str(__import__('os').environ)") is False
    finally:
        await given.close()


async def test_a_worker_is_used_again(workers: PebbleWorkers) -> None:
    assert await workers.run("decode", os.getpid) == await workers.run("decode", os.getpid)


async def test_lanes_do_not_share_workers(workers: PebbleWorkers) -> None:
    assert await workers.run("decode", os.getpid) != await workers.run("read", os.getpid)


async def test_what_the_task_raises_is_raised(workers: PebbleWorkers) -> None:
    with pytest.raises(ValueError, match="invalid literal"):
        await workers.run("decode", int, "one")


async def test_a_slow_task_is_killed_at_its_deadline(workers: PebbleWorkers) -> None:
    pid = await workers.run("decode", os.getpid)
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        await workers.run("decode", time.sleep, 60)
    assert time.monotonic() - start < 4
    assert await gone(pid, within=1)


async def test_a_task_that_holds_the_interpreter_is_killed_too(workers: PebbleWorkers) -> None:
    start = time.monotonic()
    with pytest.raises(TimeoutError):
        await workers.run("decode", eval, ENDLESS)
    assert time.monotonic() - start < 4


async def test_a_crash_says_so_and_the_next_task_runs(workers: PebbleWorkers) -> None:
    with pytest.raises(ChildProcessError, match="decode worker died"):
        await workers.run("decode", os.abort)
    assert await workers.run("decode", operator.add, 1, 2) == 3


async def test_a_worker_killed_while_idle_is_replaced(workers: PebbleWorkers) -> None:
    os.kill(await workers.run("decode", os.getpid), signal.SIGKILL)
    assert await workers.run("decode", operator.add, 1, 2) == 3


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces the limit")
async def test_a_task_cannot_take_more_memory_than_its_lane_has(workers: PebbleWorkers) -> None:
    with pytest.raises(MemoryError):
        await workers.run("decode", bytearray, 1 << 30)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux enforces the limit")
async def test_a_task_that_ran_out_of_memory_leaves_it_to_the_next(workers: PebbleWorkers) -> None:
    with pytest.raises(MemoryError):
        await workers.run("read", eval, "(lambda held: bytearray(1 << 30))(bytearray(400 << 20))")
    assert await workers.run("read", eval, "len(bytearray(400 << 20))") == 400 << 20


async def test_waiting_for_a_worker_does_not_count_against_the_deadline(workers: PebbleWorkers) -> None:
    await asyncio.gather(*(workers.run("read", time.sleep, 0.8) for _ in range(4)))


async def test_a_lane_works_at_its_width(workers: PebbleWorkers) -> None:
    pids = await asyncio.gather(
        *(workers.run("decode", eval, "__import__('time').sleep(.2) or __import__('os').getpid()") for _ in range(6))
    )
    assert len(set(pids)) == 2


async def test_a_cancelled_task_is_killed(workers: PebbleWorkers) -> None:
    pid = await workers.run("read", os.getpid)
    task = asyncio.create_task(workers.run("read", time.sleep, 60))
    await asyncio.sleep(0.3)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert await gone(pid, within=1)
    assert await workers.run("read", operator.add, 1, 2) == 3


async def test_cancelling_a_task_that_waits_disturbs_no_worker(workers: PebbleWorkers) -> None:
    pid = await workers.run("read", os.getpid)
    first = asyncio.create_task(workers.run("read", time.sleep, 0.5))
    second = asyncio.create_task(workers.run("read", os.getpid))
    await asyncio.sleep(0.1)
    second.cancel()
    await first
    assert await workers.run("read", os.getpid) == pid


async def test_closing_ends_work_under_way_and_leaves_no_process() -> None:
    workers = PebbleWorkers(LANES)
    pids = [await workers.run("decode", os.getpid), await workers.run("read", os.getpid)]
    task = asyncio.create_task(workers.run("read", time.sleep, 60))
    await asyncio.sleep(0.3)
    await workers.close()
    with pytest.raises(ChildProcessError, match="closed"):
        await task
    assert [alive(pid) for pid in pids] == [False, False]


def test_the_same_workers_serve_one_loop_after_another() -> None:
    workers = PebbleWorkers(LANES)

    async def crowd() -> list[None]:
        return await asyncio.gather(*(workers.run("read", time.sleep, 0.01) for _ in range(3)))

    assert asyncio.run(crowd()) == asyncio.run(crowd()) == [None] * 3
    asyncio.run(workers.close())


# --- no process outlives its parent ---------------------------------------------------------------

PROGRAM = """
import asyncio, os, re, sys, time
from tools.backends.workers import Lane, PebbleWorkers

async def main():
    workers = PebbleWorkers({"decode": Lane(processes=2, seconds=1.5, megabytes=512)})
    print(await workers.run("decode", os.getpid), flush=True)
    if "idle" in sys.argv:
        await asyncio.sleep(float(sys.argv[2]))
    else:
        await workers.run("decode", re.match, "(a+)+$", "a" * 64 + "b")

print("main module imported", flush=True)
asyncio.run(main())  # unguarded on purpose: a worker must not import the main module
"""


def start(tmp_path: Path, *arguments: str) -> tuple[subprocess.Popen[str], int]:
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    root = str(Path(__file__).parents[3])
    process = subprocess.Popen(
        [sys.executable, str(program), *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": root},
        start_new_session=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "main module imported\n"
    return process, int(process.stdout.readline())


async def test_a_normal_exit_leaves_no_worker(tmp_path: Path) -> None:
    process, worker = start(tmp_path, "idle", "0")
    assert process.communicate(timeout=10)[0] == ""
    assert process.returncode == 0
    assert await gone(worker, within=1)


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
async def test_a_killed_parent_leaves_no_idle_worker(tmp_path: Path, signum: signal.Signals) -> None:
    process, worker = start(tmp_path, "idle", "60")
    process.send_signal(signum)
    process.communicate(timeout=10)
    assert await gone(worker, within=2)


STARTING = """
import asyncio, os, signal
from pathlib import Path
from tools.backends.workers import Lane, PebbleWorkers

async def main():
    workers = PebbleWorkers({"decode": Lane(processes=1, seconds=20, megabytes=512)})
    task = asyncio.create_task(workers.run("decode", signal.pthread_sigmask, signal.SIG_BLOCK, []))
    while not (started := Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()):
        await asyncio.sleep(0.001)
    for _ in range(40):  # from its first moment on, until it works and after
        for pid in started:
            os.kill(int(pid), signal.SIGINT)
        await asyncio.sleep(0.01)
    print(await task)
    await workers.close()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform != "linux", reason="finds the children of a process as Linux lists them")
def test_ctrl_c_never_hits_a_worker_that_is_still_starting(tmp_path: Path) -> None:
    program = tmp_path / "program.py"
    program.write_text(STARTING)
    root = str(Path(__file__).parents[3])
    ran = subprocess.run(
        [sys.executable, str(program)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": root},
    )
    assert (ran.stdout, ran.stderr, ran.returncode) == ("set()\n", "", 0)


async def test_a_worker_stuck_in_a_decoder_dies_after_its_parent(tmp_path: Path) -> None:
    process, worker = start(tmp_path, "busy")
    time.sleep(0.5)  # noqa: ASYNC251
    process.kill()
    process.communicate(timeout=10)
    assert await gone(worker, within=5)
