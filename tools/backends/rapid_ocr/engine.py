"""The worker's side: detect, find which way the text runs, turn, recognise, put in order.

Loaded only in a worker process; the models stay with it.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from tools.backends.rapid_ocr import lines, turning
from tools.backends.rapid_ocr.pieces import Piece
from tools.kit import Reading
from tools.kit.types import Quad

VERSION = 3
"""Part of the key readings are kept under: raise it when the same pixels would now read otherwise."""

PIXELS, NARROW = 2_000_000, 560
"""Detection sees at most this many pixels (a page at 150 dpi has as many), and where it can a side this wide."""

LONGEST = 6000
"""Recognition sees at most this many pixels a side."""

SMALLEST = 640
"""Images with a longer side under this are enlarged, up to fourfold: letters of 8 pixels are beyond the detector."""

MARGIN = 24
"""Pixels around the image, because text that touches the edge is not detected."""

STRAIGHT = 0.7
"""Degrees of skew that are left alone."""

SLIGHT = 4.0
"""Degrees of skew up to which boxes are good as first detected; more, and the turned page is looked at again."""

CLEAR = 0.85
"""Text read this surely stands upright; below it, it is tried upside down."""

READABLE = 0.5
"""Less sure than this, a box is taken for texture and not text."""

Found = tuple[turning.Corners, str, float]


def read_file(path: str) -> str:
    """Read the image at `path`: a `Reading` as JSON (so that only text crosses the process border)."""
    import cv2

    cv2.setNumThreads(1)
    pixels = cv2.imread(path, cv2.IMREAD_COLOR)
    if pixels is None:
        raise ValueError(f"{Path(path).name} is not an image.")
    return read_pixels(pixels).model_dump_json()


def read_pixels(pixels: NDArray[np.uint8]) -> Reading:
    """Read (height, width, 3) uint8 BGR."""
    height, width = pixels.shape[:2]
    frame, boxes, turn = _upright(pixels)
    found = {}
    for corners, text, sure in _recognised(frame.pixels, boxes):
        piece = Piece.of(text, _quad(corners), sure)
        found[piece] = replace(piece, quad=_quad(_inside(frame.back(corners), width, height)))
    ordered = [lines.line([found[piece] for piece in row]) for row in lines.in_reading_order(list(found))]
    return Reading(lines=tuple(ordered), width=width, height=height, angle=round(turn, 1))


def _upright(pixels: NDArray[np.uint8]) -> tuple[turning.Frame, list[turning.Corners], float]:
    """The image turned so that its text stands upright, the boxes of text in it, and the degrees it was turned."""
    frame, boxes = _detected(pixels, 0.0)
    turn = turning.snapped(-(turning.slope(boxes) or 0.0), STRAIGHT)
    if 0 < abs(turn) <= SLIGHT:
        straight = _framed(pixels, turn)
        boxes = [straight.forth(frame.back(box)) for box in boxes]
        frame = straight
    elif turn:
        frame, boxes = _detected(pixels, turn)
    if not _upside_down(frame.pixels, boxes):
        return frame, boxes, turn
    flipped = turning.Frame(
        np.ascontiguousarray(frame.pixels[::-1, ::-1]), turning.half_turn(frame.pixels) @ frame.matrix
    )
    height, width = frame.pixels.shape[:2]
    return (
        flipped,
        [(np.array([width, height], np.float32) - box)[[2, 3, 0, 1]] for box in boxes],
        turn + (180 if turn <= 0 else -180),
    )


def _detected(pixels: NDArray[np.uint8], turn: float) -> tuple[turning.Frame, list[turning.Corners]]:
    """The frame turned by `turn`, and the boxes of text in it."""
    import cv2

    frame = _framed(pixels, turn)
    height, width = frame.pixels.shape[:2]
    ratio = min(max(1.0, NARROW / min(height, width)), (PIXELS / (height * width)) ** 0.5)
    way = cv2.INTER_AREA if ratio < 1 else cv2.INTER_LINEAR
    seen = cv2.resize(frame.pixels, None, fx=ratio, fy=ratio, interpolation=way)
    boxes = _detector()(seen).boxes
    return frame, [] if boxes is None else [np.asarray(box, np.float32) / ratio for box in boxes]


def _framed(pixels: NDArray[np.uint8], turn: float) -> turning.Frame:
    longest = max(pixels.shape[:2])
    scale = min(4.0, SMALLEST / longest) if longest < SMALLEST else min(1.0, LONGEST / longest)
    return turning.frame(pixels, scale, turn, MARGIN)


def _recognised(pixels: NDArray[np.uint8], boxes: list[turning.Corners]) -> list[Found]:
    """What stands in each box; boxes that hold no text are left out."""
    if not boxes:
        return []
    texts = _texts([_crop(pixels, box) for box in boxes])
    return [
        (box, text.strip(), sure)
        for box, (text, sure) in zip(boxes, texts, strict=True)
        if text.strip() and sure >= READABLE
    ]


def _texts(crops: list[NDArray[np.uint8]]) -> list[tuple[str, float]]:
    from rapidocr.ch_ppocr_rec import TextRecInput

    if not crops:
        return []
    read = _recogniser()(TextRecInput(img=crops))
    return [(str(text), float(sure)) for text, sure in zip(read.txts, read.scores, strict=True)]


def _crop(pixels: NDArray[np.uint8], box: turning.Corners) -> Any:
    from rapidocr.utils.process_img import get_rotate_crop_image

    return get_rotate_crop_image(pixels, box)


def _upside_down(pixels: NDArray[np.uint8], boxes: list[turning.Corners]) -> bool:
    """Whether the longest lines read more surely the other way up."""
    longest = sorted(boxes, key=lambda box: -float(np.hypot(*(box[1] - box[0]))))[:5]
    crops = [_crop(pixels, box) for box in longest]
    upright = _sureness(_texts(crops))
    if upright >= CLEAR or not crops:
        return False
    return _sureness(_texts([np.ascontiguousarray(crop[::-1, ::-1]) for crop in crops])) > upright + 0.02


def _sureness(texts: list[tuple[str, float]]) -> float:
    weight = sum(len(text) for text, _ in texts)
    return sum(sure * len(text) for text, sure in texts) / weight if weight else 0.0


def _quad(corners: turning.Corners) -> Quad:
    a, b, c, d = ((round(float(x), 1), round(float(y), 1)) for x, y in corners)
    return (a, b, c, d)


def _inside(corners: turning.Corners, width: int, height: int) -> turning.Corners:
    return np.clip(corners, 0, [width, height]).astype(np.float32)


@cache
def _config() -> Any:
    """RapidOCR's configuration with its models named by path: a named model is never looked for on the network."""
    import rapidocr

    models = Path(rapidocr.__file__).parent / "models"
    names = {"Det": "PP-OCRv6_det_small.onnx", "Rec": "PP-OCRv6_rec_small.onnx"}
    settings = {f"{part}.model_path": str(models / name) for part, name in names.items()}
    # 32 pixels: the detector enlarges nothing by itself, its image is scaled here
    return rapidocr.RapidOCR(params={**settings, "Det.limit_side_len": 32, "Global.log_level": "error"}).cfg


def _part(name: str) -> Any:
    part = _config()[name]
    part._set_flag("allow_objects", True)
    part.session = _session(str(part.model_path))
    part.engine_cfg = _config().EngineConfig[part.engine_type.value]
    part.model_root_dir = _config().Global.model_root_dir
    part.font_path = None
    return part


def _session(model: str) -> Any:
    """An ONNX Runtime session whose threads sleep while they wait: spinning costs a third more processor time."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])


@cache
def _detector() -> Any:
    from rapidocr.ch_ppocr_det import TextDetector

    return TextDetector(_part("Det"))


@cache
def _recogniser() -> Any:
    from rapidocr.ch_ppocr_rec import TextRecognizer

    return TextRecognizer(_part("Rec"))
