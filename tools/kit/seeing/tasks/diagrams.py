"""Diagrams: components, connections with their direction, and what follows from them."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from tools.kit.seeing.sight import Sight, SightRegion
from tools.kit.seeing.task import Task

WORDS = (
    r"\bdiagrams?\b|\bflow\s?charts?\b|\barchitecture\b|\bcomponents?\b|\bdata ?flows?\b|\bbottlenecks?\b"
    r"|\bsingle points? of failure\b|\bworkflow\b|\barrows?\b|\bconnections?\b|\bconnected\b|\borg ?chart"
    r"|\btopology\b|\buml\b|\bablauf|\barchitektur\b"
)


class Component(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(description="Its label exactly as printed.")
    kind: str = Field(description="What it is, such as 'service', 'database', 'queue', 'person', 'decision'.")
    region: SightRegion | None = Field(description="Where it is.")


class Connection(BaseModel):
    model_config = ConfigDict(extra="forbid")

    start: str = Field(description="Label of the component it leaves.")
    end: str = Field(description="Label of the component the arrow head points to.")
    label: str = Field(description="What is printed on it; empty when nothing is.")
    directed: bool = Field(description="False for a line without a head.")


class Drawn(Sight):
    components: list[Component] = Field(description="Every labelled component.")
    connections: list[Connection] = Field(description="Every line between two components.")
    flow: str = Field(description="How data or work goes through it, in one or two sentences.")
    bottlenecks: list[str] = Field(description="Where much must pass through one component, and why; empty when none.")
    single_points: list[str] = Field(description="Components without which something is cut off; empty when none.")
    improvements: list[str] = Field(description="What would help, each with its reason; at most 5, empty if not asked.")


TASK = Task(
    "diagrams",
    "Read the diagram: every component by its label, then every connection with its direction (the head of the arrow "
    "is its end). Then say how data or work flows, where everything must pass one component, what has no second way, "
    "and what would help. Keep what is drawn apart from what you conclude. A connection that is not drawn does not "
    "exist.",
    size="read",
    schema=Drawn,
    stakes=True,
    second="Start at each component in turn and follow each line that leaves it to its other end; note "
    "which end has the arrow head. Then draw your conclusions from that list alone.",
    near=False,
    thinking=True,
    settles=("connections.start", "connections.end"),
)
