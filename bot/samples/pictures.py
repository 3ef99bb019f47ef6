"""Sample pictures: photographs that ship with scikit-image and scikit-learn, and papers the project draws itself.

LICENCES.md says of each photograph whose it is and under which licence.
"""

from __future__ import annotations

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

from tools.kit import CannotDo


@dataclass(frozen=True)
class Photograph:
    """A photograph within an installed package, none of which is imported for it."""

    name: str
    """Of the file, as people see it."""
    package: str
    path: str
    """Within the package's folder."""

    def copied_to(self, folder: Path) -> Path:
        """Raises: CannotDo when the package is not installed."""
        spec = importlib.util.find_spec(self.package)
        if spec is None or spec.origin is None:
            raise CannotDo(
                f"The package {self.package}, whose photographs are shown, is not installed: run make setup."
            )
        target = folder / self.name
        shutil.copyfile(Path(spec.origin).parent / self.path, target)
        return target


FLOWER = Photograph("flower.jpg", "sklearn", "datasets/images/flower.jpg")
TEMPLE = Photograph("china.jpg", "sklearn", "datasets/images/china.jpg")
PHOTOGRAPHS = (
    FLOWER,
    TEMPLE,
    Photograph("cat.png", "skimage", "data/chelsea.png"),
    Photograph("coffee.png", "skimage", "data/coffee.png"),
    Photograph("rocket.jpg", "skimage", "data/rocket.jpg"),
    Photograph("astronaut.png", "skimage", "data/astronaut.png"),
    Photograph("clock.png", "skimage", "data/clock_motion.png"),
    Photograph("galaxies.jpg", "skimage", "data/hubble_deep_field.jpg"),
)
