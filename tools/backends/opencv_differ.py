"""OpenCV as `Differ`: aligns two images and finds what changed between them, in a worker."""

from __future__ import annotations

from tools.backends.common.worker_failures import worker_failures_said
from tools.backends.opencv.align import align, described
from tools.backends.opencv.changes import changed
from tools.backends.opencv.objects import fingerprint, object_size
from tools.backends.opencv.pixels import load
from tools.kit import Difference, Image, Workers
from tools.kit.parts import Parts


def build(rest: str, parts: Parts) -> OpenCvDiffer:
    """`rest` is not used."""
    return OpenCvDiffer(parts.workers)


class OpenCvDiffer:
    """`Differ` by OpenCV: it measures, and whoever asks draws."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers

    async def differ(self, first: Image, second: Image) -> Difference:
        """Raises: CannotDo when the comparison takes too long or does not fit into memory."""
        with worker_failures_said(
            f"Laying {first.handle} and {second.handle} over each other", "post smaller copies of them"
        ):
            return await self._workers.run("encode", lay_over, str(first.path), str(second.path))


def lay_over(first_path: str, second_path: str) -> Difference:
    """Runs in a worker."""
    import cv2

    cv2.setNumThreads(1)
    first, second = load(first_path), load(second_path)
    objects = object_size(first), object_size(second)
    alignment = align(first, second)
    found = changed(first, second, alignment) if alignment else None
    if found is None:
        distance = (fingerprint(first.grey) ^ fingerprint(second.grey)).bit_count()
        return Difference(aligned=False, hash_distance=distance, objects=objects, overlap=0.0)
    scale, turned, stretch = described(found.alignment.matrix)
    return Difference(
        aligned=True,
        changed=found.share,
        hash_distance=found.hash_distance,
        one_picture=found.one_picture,
        regions=tuple(change.box for change in found.changes),
        changes=tuple(found.changes),
        overlap=float(found.alignment.shared.mean()),
        partial=found.alignment.partial,
        scale=scale * first.scale / second.scale,
        turned=turned,
        stretch=stretch,
        objects=objects,
    )
