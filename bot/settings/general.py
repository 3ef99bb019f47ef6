"""What is kept where, who sees, reads and encodes, and how much is taken in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import platformdirs
from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings

from bot.settings.kinds import Url, vendors


def home_folder() -> Path:
    """Where everything is kept unless somebody says otherwise."""
    return Path(platformdirs.user_data_dir("spyglass", appauthor=False))


class GeneralSettings(BaseSettings):
    """Folders, engines and limits."""

    home: Annotated[Path, Field(description="Folder of everything that is kept: archive, originals, threads.")] = Field(
        default_factory=home_folder
    )
    encoder: Annotated[
        str,
        Field(
            description="Image and text embeddings: auto, builtin_encoder, clip:HUB_NAME_OR_FOLDER (CLIP, SigLIP, "
            "SigLIP 2), open_clip:ARCHITECTURE/TRAINING (OpenCLIP, EVA-CLIP; also a hub name or a folder)."
        ),
    ] = "auto"
    clip_runtime: Annotated[
        str, Field(description="How a CLIP checkpoint is run: auto, torch, onnx, int8 (only after it proved itself).")
    ] = "auto"
    ocr: Annotated[str, Field(description="Reading text: rapid_ocr.")] = "rapid_ocr"
    extractor: Annotated[str, Field(description="Typed fields from documents: local_extractor.")] = "local_extractor"
    blobs: Annotated[str, Field(description="Originals: folder_blobs, s3://BUCKET/PREFIX.")] = "folder_blobs"
    database_url: Annotated[
        SecretStr | None,
        Field(
            description="PostgreSQL for threads and jobs; an embedded server when empty.",
            validation_alias=vendors("DATABASE_URL"),
        ),
    ] = None
    s3_endpoint: Annotated[
        Url | None,
        Field(description="An S3-compatible server for s3:// blobs.", validation_alias=vendors("AWS_ENDPOINT_URL")),
    ] = None
    s3_region: Annotated[
        str | None, Field(description="Region of the bucket.", validation_alias=vendors("AWS_REGION"))
    ] = None
    s3_access_key_id: Annotated[
        SecretStr | None, Field(description="Key of the bucket.", validation_alias=vendors("AWS_ACCESS_KEY_ID"))
    ] = None
    s3_secret_access_key: Annotated[
        SecretStr | None,
        Field(description="Secret of the bucket's key.", validation_alias=vendors("AWS_SECRET_ACCESS_KEY")),
    ] = None
    rules: Annotated[
        Path | None, Field(description="YAML file with the settings of the answer rules (banned brands, ...).")
    ] = None
    max_bytes: Annotated[int, Field(gt=0, description="Largest file that is opened, in bytes.")] = 50_000_000
    max_pixels: Annotated[int, Field(gt=0, description="Largest image that is decoded, in pixels.")] = 100_000_000
    max_cache_bytes: Annotated[
        int, Field(gt=0, description="Most that decoded copies of images may take on disk, in bytes.")
    ] = 4_000_000_000
    max_pages: Annotated[int, Field(gt=0, description="How many pages of a PDF are taken.")] = 20
    tool_seconds: Annotated[float, Field(gt=0, description="Deadline of one tool call, in seconds.")] = 60.0
    thread_messages: Annotated[
        int, Field(gt=1, description="How many messages of a thread are remembered word for word.")
    ] = 60
