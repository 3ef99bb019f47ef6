"""What goes into the archive, how long it stays, and how its engine keeps it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from bot.settings.kinds import vendors


class ArchiveSettings(BaseSettings):
    """The engine, and the images of channels."""

    archive: Annotated[
        str, Field(description="Image archive: qdrant_edge (embedded), qdrant_server:http://HOST:6333.")
    ] = "qdrant_edge"
    qdrant_api_key: Annotated[
        SecretStr | None, Field(description="Key of the Qdrant server.", validation_alias=vendors("QDRANT_API_KEY"))
    ] = None
    archive_quantisation: Annotated[
        Literal["auto", "none", "scalar", "binary"],
        Field(
            description="How large collections are searched: exactly (none), or by codes of 4 to 8 bits "
            "(scalar) or 1 bit (binary) a dimension, then ranked exactly; auto is scalar."
        ),
    ] = "auto"
    archive_on_disk: Annotated[
        bool, Field(description="Whether full vectors are read from disk (with quantisation, a search reads few).")
    ] = False
    archive_enrich: Annotated[
        bool,
        Field(
            description="Whether text, tags and a caption are found out for every archived image "
            "(and its colours and kind, which channels always get)."
        ),
    ] = True
    archive_captions: Annotated[
        bool,
        Field(
            description="Whether the vision model writes the captions of archived images: a call each (else they are "
            "composed from what is measured)."
        ),
    ] = False
    archive_public: Annotated[
        bool,
        Field(description="Whether members find images of public channels they have not joined (guests never do)."),
    ] = False
    archive_keep_days: Annotated[
        int,
        Field(
            ge=0,
            description="Days after which posted images leave the archive (a channel may choose fewer); 0 keeps them.",
        ),
    ] = 0
    slack_archive: Annotated[
        Literal["off", "asked", "all"],
        Field(
            description="What of a channel is archived where nobody chose: off (nothing), asked (what Spyglass was "
            "asked about), all (everything posted)."
        ),
    ] = "asked"
    slack_membership_seconds: Annotated[
        float,
        Field(
            ge=0, description="Seconds for which it is remembered who is in a channel (joins and leaves count at once)."
        ),
    ] = 60.0
