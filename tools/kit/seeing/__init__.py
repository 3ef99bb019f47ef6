"""What a vision model is asked to do: the task, and what it says."""

from tools.kit.seeing.sight import Sight, SightRegion
from tools.kit.seeing.task import GENERAL, Task

__all__ = ["GENERAL", "Sight", "SightRegion", "Task"]
