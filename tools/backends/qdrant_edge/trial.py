"""Opens a shard in a process of its own, which may die of it: run as a file, with nothing of ours in it.

python trial.py FOLDER_OF_PACKAGES SHARD
"""

from __future__ import annotations

import contextlib
import resource
import signal
import sys
from pathlib import Path

MARGIN = 256 << 20
"""Bytes by which a file may grow while a shard is opened: what was written last is brought into the files. A damaged
length makes the engine grow one until the disk is full."""
PRIVATE = 1 << 30
"""Bytes of memory beside twice what the files have: a damaged length makes the engine ask for more than there is."""


def main(packages: str, folder: str) -> None:
    """As whoever opens it does. Written operations that are not in the files yet are brought there, as with every
    opening."""
    _expendable([file.stat().st_size for file in Path(folder).rglob("*") if file.is_file()])
    sys.path.append(packages)
    from qdrant_edge import CountRequest, EdgeShard, ScrollRequest

    shard = EdgeShard.load(folder)
    shard.info()
    shard.count(CountRequest(exact=True))
    shard.scroll(ScrollRequest(limit=1000, with_payload=True, with_vector=True))
    shard.close()


def _expendable(sizes: list[int]) -> None:
    """Die rather than take all memory or disk, as the first one where memory runs out; leave no dump of images."""
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")
    signal.signal(signal.SIGXFSZ, signal.SIG_DFL)
    for kind, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, max(sizes, default=0) + MARGIN),
        (resource.RLIMIT_DATA, 2 * sum(sizes) + PRIVATE),
    ):
        hard = resource.getrlimit(kind)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(kind, (least, hard))


if __name__ == "__main__":
    main(*sys.argv[1:])
