"""Who decides what a turn does next: rules of our own, or a model behind a provider."""

from graphs.planning.local import LocalPlanning
from graphs.planning.model import ModelPlanner
from graphs.planning.planner import LOCAL, Planned, Planner, Request
from graphs.planning.summary import Summary

__all__ = ["LOCAL", "LocalPlanning", "ModelPlanner", "Planned", "Planner", "Request", "Summary"]
