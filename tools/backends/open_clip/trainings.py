"""In a worker: the checkpoints OpenCLIP has a list of."""

from __future__ import annotations

from tools.backends.open_clip.towers import imported


def of(architecture: str) -> dict[str, str]:
    """Hub name of each training of an architecture; empty where it is on no hub."""
    library = imported()
    tags = library.list_pretrained_tags_by_model(architecture)
    return {tag: library.get_pretrained_cfg(architecture, tag).get("hf_hub", "").rstrip("/") for tag in tags}
