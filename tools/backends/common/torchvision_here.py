"""torchvision beside torch's CPU build.

transformers and OpenCLIP import it where it is installed. Its wheels on package indexes are compiled against CUDA, so
beside a CPU build of torch its operators cannot be loaded, and importing it fails because two of them are unknown.
Nothing here runs them: declared by name, they let it be imported.
"""

from __future__ import annotations

import functools
import importlib.util
import sys
from pathlib import Path
from typing import Any

OPERATORS = (
    "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
    "qnms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor",
)
"""Those that torchvision 0.28 names when it is imported."""


@functools.cache
def importable() -> Any:
    """Call it before transformers or OpenCLIP is imported. Does nothing where torchvision is whole, or not there.

    Returns what must stay alive while the operators are declared.
    """
    spec = importlib.util.find_spec("torchvision") if "torchvision" not in sys.modules else None
    if spec is None or not spec.submodule_search_locations:
        return None
    import torch

    try:
        for file in Path(spec.submodule_search_locations[0]).glob("_C*.so"):
            torch.ops.load_library(str(file))
    except OSError:
        library = torch.library.Library("torchvision", "DEF")
        for operator in OPERATORS:
            library.define(operator)
        return library
    return None
