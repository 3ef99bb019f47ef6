"""The three networks of MTCNN (Zhang et al. 2016, "Joint face detection and alignment using multitask cascaded
convolutional networks") as ONNX graphs, with the weights of the wheel `mtcnn` (MIT licence).

Each takes ``pixels`` (n, 3, height, width) float32, scaled, and gives for each place (left, top, right, bottom, no
face, face): corrections of the box as shares of its side, and two probabilities.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from tools.backends.common.onnx_graph import Graph
from tools.backends.common.onnx_models import wheel_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Weights = list[NDArray[np.float32]]

Name = Literal["proposing", "refining", "deciding"]
SHA256: dict[Name, str] = {
    "proposing": "ea6b0c3e685ebee3165326ad6484acc95f2ef78f1c94fbf40a55704fa989f7b5",
    "refining": "cb00e6460f3c98b0bfafaba3c0a0ded4bdf6e62cee7174d969e8670d7e757fee",
    "deciding": "94f6ea2f4cf985275ee958cdd762d17b6009348a4fb9d8c6be39ba73ffd22ca3",
}
FILES: dict[Name, str] = {"proposing": "pnet.lz4", "refining": "rnet.lz4", "deciding": "onet.lz4"}
SIDES: dict[Name, int] = {"proposing": 12, "refining": 24, "deciding": 48}
"""What one place of the input measures, in pixels."""
MEAN, SPREAD = 127.5, 128.0
"""Pixels become (value - MEAN) / SPREAD."""


def writer(name: Name) -> Callable[[Path], None]:
    """What writes the network to a path."""

    def write(path: Path) -> None:
        weights = iter(_weights(name))
        graph, side = Graph(), SIDES[name]
        any_size = name == "proposing"
        output = _proposing(graph, weights) if any_size else _looking_closer(graph, weights, name)
        sides: tuple[str | int, ...] = ("height", "width") if any_size else (side, side)
        graph.save(path, {"pixels": (np.float32, ("n", 3, *sides))}, output)

    return write


def _weights(name: Name) -> Weights:
    import joblib

    # a pickle, but only ever the one with this hash
    weights: Weights = joblib.load(wheel_file("mtcnn", f"assets/weights/{FILES[name]}", SHA256[name]))
    return weights


def _proposing(graph: Graph, weights: Any) -> str:
    x = _pool(graph, _conv(graph, "pixels", weights), 2)
    x = _conv(graph, _conv(graph, x, weights), weights)
    boxes = _conv(graph, x, weights, active=False)
    faces = graph.add("Softmax", _conv(graph, x, weights, active=False), axis=1)
    return graph.add("Concat", boxes, faces, axis=1)


def _looking_closer(graph: Graph, weights: Any, name: Name) -> str:
    x = _pool(graph, _conv(graph, "pixels", weights), 3)
    x = _pool(graph, _conv(graph, x, weights), 3, pad="VALID")
    x = _conv(graph, x, weights)
    if name == "deciding":
        x = _conv(graph, _pool(graph, x, 2), weights)
    x = graph.add("Flatten", graph.add("Transpose", x, perm=[0, 3, 2, 1]))  # the weights know columns before rows
    x = graph.add("PRelu", _dense(graph, x, weights), graph.constant(next(weights)))
    boxes = _dense(graph, x, weights)
    if name == "deciding":
        next(weights), next(weights)  # eyes, nose and mouth: not needed
    faces = graph.add("Softmax", _dense(graph, x, weights), axis=1)
    return graph.add("Concat", boxes, faces, axis=1)


def _conv(graph: Graph, x: str, weights: Any, *, active: bool = True) -> str:
    kernel, bias = next(weights).transpose(3, 2, 0, 1), next(weights)
    x = graph.add("Conv", x, graph.constant(kernel), graph.constant(bias))
    return graph.add("PRelu", x, graph.constant(next(weights).reshape(-1, 1, 1))) if active else x


def _pool(graph: Graph, x: str, side: int, *, pad: str = "SAME_UPPER") -> str:
    return graph.add("MaxPool", x, kernel_shape=[side, side], strides=[2, 2], auto_pad=pad)


def _dense(graph: Graph, x: str, weights: Any) -> str:
    return graph.linear(x, next(weights).T, next(weights))
