"""Running a checkpoint of transformers, in a worker that keeps it loaded."""

from __future__ import annotations

import functools
from pathlib import Path
from pickle import UnpicklingError
from typing import Any

from tools.backends.common import torchvision_here
from tools.backends.local_vision.florence import parsed
from tools.backends.local_vision.kinds import Kind
from tools.backends.local_vision.said import Said
from tools.kit.types import Frozen

LARGE = 4 << 30
"""Bytes of weights from which they are run in bfloat16: half the memory, and slower where the processor lacks it."""
TOKENS: dict[Kind, int] = {"captioner": 64, "answerer": 64, "blip2": 64, "florence2": 512}
"""Of an answer, at most: a caption is a sentence, a page of text many."""
BEAMS = 3
"""As the papers of BLIP and Florence-2 decode."""


class Loaded(Frozen):
    parameters: int
    resident: int
    """Bytes of memory of the worker, everything included; 0 where the system does not say."""


class NotWholeError(Exception):
    """The weights are damaged or missing, or hold something else than numbers."""


def load(source: Path, kind: Kind) -> Loaded:
    """Raises: NotWholeError."""
    from safetensors import SafetensorError

    try:
        model, _ = _model(source, kind)
    except (OSError, ValueError, RuntimeError, KeyError, SafetensorError, UnpicklingError):
        raise NotWholeError from None
    return Loaded(parameters=model.num_parameters(), resident=_resident())


def run(source: Path, kind: Kind, file: Path, prompt: str) -> Said:
    """What the model says of the image in `file`. prompt: a question, or a task of Florence-2 (``<OD>``); empty for a
    caption."""
    import torch
    from PIL import Image as Pillow

    model, processor = _model(source, kind)
    with Pillow.open(file) as opened:
        picture = opened.convert("RGB")
    asked = {"text": prompt} if prompt or kind == "blip2" else {}
    inputs = processor(images=picture, return_tensors="pt", **asked)
    inputs = {name: _as(value, model.dtype) for name, value in inputs.items()}
    with torch.inference_mode():
        tokens = model.generate(**inputs, max_new_tokens=TOKENS[kind], num_beams=BEAMS, do_sample=False)
    if kind == "florence2":
        return parsed(processor, tokens, task=prompt, size=picture.size)
    text = str(processor.batch_decode(tokens, skip_special_tokens=True)[0]).strip()
    return Said(text=text.removeprefix(prompt).strip())


def _as(value: Any, kind: Any) -> Any:
    return value.to(kind) if value.is_floating_point() else value


@functools.lru_cache(maxsize=1)
def _model(source: Path, kind: Kind) -> tuple[Any, Any]:
    torchvision_here.importable()
    import torch
    import transformers

    transformers.utils.logging.set_verbosity_error()
    transformers.utils.logging.disable_progress_bar()
    size = sum(file.stat().st_size for file in [*source.glob("*.safetensors"), *source.glob("*.bin")])
    classes: dict[Kind, Any] = {
        "captioner": transformers.BlipForConditionalGeneration,
        "answerer": transformers.BlipForQuestionAnswering,
        "blip2": transformers.Blip2ForConditionalGeneration,
        "florence2": transformers.Florence2ForConditionalGeneration,
    }
    model = classes[kind].from_pretrained(
        source,
        dtype=torch.bfloat16 if size > LARGE else torch.float32,
        local_files_only=True,
        weights_only=True,
        low_cpu_mem_usage=True,
    )
    processor = transformers.AutoProcessor.from_pretrained(
        source, local_files_only=True, trust_remote_code=False, backend="pil"
    )
    return model.eval(), processor


def _resident() -> int:
    try:
        pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    import resource

    return int(pages) * resource.getpagesize()
