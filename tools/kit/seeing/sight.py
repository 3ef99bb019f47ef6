"""The structured answer of a vision model. A task may ask for more by a subclass."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field


class SightRegion(BaseModel):
    """Where in an image something is."""

    model_config = ConfigDict(extra="forbid")

    image: str = Field(description='The image by its handle, such as "image 2".')
    what: str = Field(description="What is there, in a few words.")
    left: float = Field(ge=0, le=1, description="Left edge as a share of the width, 0 to 1.")
    top: float = Field(ge=0, le=1, description="Top edge as a share of the height, 0 to 1.")
    right: float = Field(ge=0, le=1, description="Right edge as a share of the width, 0 to 1.")
    bottom: float = Field(ge=0, le=1, description="Bottom edge as a share of the height, 0 to 1.")


class Sight(BaseModel):
    """What the model says it sees. Descriptions are what the model reads."""

    model_config = ConfigDict(extra="forbid")

    answer: str = Field(description="The answer in one to four plain sentences; what cannot be told is said so.")
    confidence: float = Field(ge=0, le=1, description="How sure the answer is right, 0 to 1.")
    cannot_determine: bool = Field(description="True when the images do not tell.")
    regions: list[SightRegion] = Field(description="Where what the answer speaks of is; empty when it is everywhere.")
