"""Charts: type, axes, series, and values with their units, printed ones told apart from estimated ones."""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from tools.kit.seeing.sight import Sight
from tools.kit.seeing.task import Task

WORDS = (
    r"(?<!flow )(?<!flow-)(?<!org )(?<!org-)\bcharts?\b|\bgraphs?\b|\bplots?\b|\bhistogram"
    r"|\bbars?\b(?=.*\b(?:high|tall|value|long|show|most|many)\w*)"
    r"|\bpie\b|\btrends?\b|\b[xy]-?\s?axis\b|\baxes\b|\bdiagramm\b|\bgraphique\b|\bgráfico\b"
)


class Point(BaseModel):
    model_config = ConfigDict(extra="forbid")

    label: str = Field(description="The category or the place on the horizontal axis.")
    value: float = Field(description="Its value as the axis or label says.")
    printed: bool = Field(description="True when the number itself is printed; False when it was read off the axis.")


class Series(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(description="As in the legend; empty when there is one series without a name.")
    points: list[Point] = Field(description="In the order of the axis.")


class Chart(Sight):
    kind: Literal["bar", "line", "pie", "scatter", "area", "table", "other"] = Field(description="The kind of chart.")
    title: str = Field(description="As printed; empty when there is none.")
    horizontal: str = Field(description="What the horizontal axis shows; empty when there is none.")
    vertical: str = Field(description="What the vertical axis shows; empty when there is none.")
    unit: str = Field(description="The unit of the values, as printed; empty when none is.")
    series: list[Series] = Field(description="Every series that the question needs.")


TASK = Task(
    "charts",
    "Read the chart. Name its kind, axes and unit first. Values that are printed are given as printed; values without "
    "a printed number are read off the axis and called estimated, with 'about'. Check where the axis begins and "
    "whether it is linear. Answer the question from these values, and show those you used.",
    size="read",
    schema=Chart,
    stakes=True,
    second="For each bar, point or slice the question needs, find the nearest two marks of the axis and "
    "place the value between them. Say which numbers are printed and which you estimated, then answer.",
    near=False,
    thinking=True,
    settles=("series.points.label", "series.points.value"),
)
