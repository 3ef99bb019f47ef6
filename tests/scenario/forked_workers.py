"""Workers forked from a process that has imported what they do their work with, where the product spawns each anew.

It is the fork server of `multiprocessing`: a worker begins with one thread and nothing of its parent, as one that is
spawned.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver, resource_tracker
from multiprocessing.popen_forkserver import Popen
from typing import Any

from bot.settings import worker_environment
from tools.backends import workers

IMPORTED = [
    *("pebble.pool.process", "onnxruntime", "tokenizers", "rapidocr.ch_ppocr_det.main", "rapidocr.ch_ppocr_rec.main"),
    *("tools.backends.builtin_encoder", "tools.backends.decoder", "tools.backends.glancer", "tools.backends.minilm"),
    *("tools.backends.opencv_differ", "tools.backends.rapid_ocr.engine", __name__),
]


class Forked(workers._LeanProcess):
    @staticmethod
    def _Popen(process_obj: Any) -> Any:  # noqa: N802
        with workers._leanly(process_obj.environment):
            return Popen(process_obj)

    def run(self) -> None:
        os.environ.clear()
        os.environ.update(self.environment)
        super().run()


def fork_workers() -> None:
    """From now on, in this process and in those that are forked from it."""
    with _nothing_but(worker_environment()):
        forkserver.set_forkserver_preload(IMPORTED)
        forkserver.ensure_running()
    # the server is no child of who is forked from this process, and cannot be waited for
    vars(forkserver._forkserver)["ensure_running"] = resource_tracker.ensure_running
    vars(workers)["_LeanProcess"] = Forked


@contextmanager
def _nothing_but(environment: dict[str, str]) -> Iterator[None]:
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)
