"""The ports: what tools may be lent, as protocols. Real ones live in `tools.backends`, fakes in `tests/fakes.py`.

originals       where the bytes of images come from and lie, and how they become images
encoders        what images and texts mean, as vectors
readers         what is on an image: read, measured, or seen by a model
surroundings    what a tool works among: processes, other tools, pictures that are shown, what may be said

The port of the archive is in `tools.kit.archive`.
"""

from tools.kit.ports.encoders import BulkEncoder, Encoder, Knower, Namer, TextEncoder
from tools.kit.ports.originals import BlobStore, Decoder, Glancer, Objects, Previews
from tools.kit.ports.readers import Diagrams, Differ, Extractor, Forgetful, Ocr, Speller, VisionModel
from tools.kit.ports.surroundings import Absent, Easel, Gate, Toolbox, Workers

__all__ = [
    "Absent",
    "BlobStore",
    "BulkEncoder",
    "Decoder",
    "Diagrams",
    "Differ",
    "Easel",
    "Encoder",
    "Extractor",
    "Forgetful",
    "Gate",
    "Glancer",
    "Knower",
    "Namer",
    "Objects",
    "Ocr",
    "Previews",
    "Speller",
    "TextEncoder",
    "Toolbox",
    "VisionModel",
    "Workers",
]
