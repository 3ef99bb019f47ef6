"""A few lines on `onnx.helper`, so that a network reads like its paper: a call adds a node and returns its output."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

OPSET = 20


class Graph:
    """An ONNX graph under construction."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def add(self, op: str, *inputs: str, **attributes: Any) -> str:
        """One node with one output; its name."""
        from onnx import helper

        output = f"t{len(self._nodes)}"
        self._nodes.append(helper.make_node(op, list(inputs), [output], **attributes))
        return output

    def constant(self, value: NDArray[Any] | list[int] | float) -> str:
        """A weight, an index list (int64) or a number (float32); its name."""
        from onnx import numpy_helper

        kind = {list: np.int64, float: np.float32}.get(type(value))
        name = f"c{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value, dtype=kind), name))
        return name

    def linear(self, x: str, weight: NDArray[Any], bias: NDArray[Any]) -> str:
        """x @ weight.T + bias, with `weight` as PyTorch stores it: (out, in)."""
        return self.add("Add", self.add("MatMul", x, self.constant(weight.T)), self.constant(bias))

    def save(self, path: Path, inputs: dict[str, tuple[Any, tuple[str | int, ...]]], output: str) -> None:
        """Write the model. `inputs`: name -> (numpy dtype, shape with names for what varies)."""
        import onnx
        from onnx import helper

        named = [
            helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(np.dtype(kind)), shape)
            for name, (kind, shape) in inputs.items()
        ]
        out = helper.make_tensor_value_info(output, onnx.TensorProto.FLOAT, None)
        graph = helper.make_graph(self._nodes, "spyglass", named, [out], self._constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=10)
        path.write_bytes(model.SerializeToString())
