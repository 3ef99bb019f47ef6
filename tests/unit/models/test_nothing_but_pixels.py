"""What cameras, editors and people write into files goes to no provider, whatever the format."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image as Pillow
from PIL import ImageCms, PngImagePlugin

from tests.fakes import ScriptedModel
from tests.unit.backends.decoder_files import pdf, photo, saved, text_page
from tests.unit.models.seeing import sight, vision
from tools.backends.decoder import build as build_decoder
from tools.backends.workers import PebbleWorkers
from tools.kit import Image, ImageRef
from tools.kit.models import Ask
from tools.kit.parts import Parts

SECRET = "Zanzibar"
"""Written wherever a format has a place for it."""
NAME = f"{SECRET}-holiday"
XMP = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    f'<rdf:Description xmlns:dc="http://purl.org/dc/elements/1.1/" dc:creator="{SECRET}"/></rdf:RDF></x:xmpmeta>'
).encode()
BARE = {"JPEG": {"jfif", "jfif_version", "jfif_unit", "jfif_density"}, "PNG": set[str]()}
"""What Pillow tells of a file that has nothing but pixels."""


def exif() -> bytes:
    told = Pillow.Exif()
    told[0x010E] = told[0x013B] = told[0x8298] = SECRET
    told.get_ifd(0x8825).update({1: "N", 2: (6.0, 10.0, 0.0), 29: SECRET})
    told.get_ifd(0x8769)[0x9286] = b"ASCII\0\0\0" + SECRET.encode()
    return told.tobytes()


def profile() -> bytes:
    """sRGB, described with the secret."""
    plain = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    described = "sRGB built-in"
    return plain.replace(described.encode("utf-16-be"), SECRET.ljust(len(described)).encode("utf-16-be"))


def noted() -> PngImagePlugin.PngInfo:
    notes = PngImagePlugin.PngInfo()
    notes.add_text("Author", SECRET)
    notes.add_text("Comment", SECRET, zip=True)
    notes.add_itxt("XML:com.adobe.xmp", XMP.decode())
    return notes


def _tiff() -> bytes:
    tags = {270: SECRET, 315: SECRET, 700: XMP}
    return saved(photo(), "TIFF", tiffinfo=tags, icc_profile=profile())


FILES: dict[str, Callable[[], bytes]] = {
    "jpg": lambda: saved(photo(), "JPEG", exif=exif(), xmp=XMP, icc_profile=profile(), comment=SECRET.encode()),
    "png": lambda: saved(photo(), "PNG", exif=exif(), pnginfo=noted(), icc_profile=profile()),
    "webp": lambda: saved(photo(), "WEBP", exif=exif(), xmp=XMP, icc_profile=profile()),
    "heic": lambda: saved(photo(), "HEIF", exif=exif(), xmp=XMP, icc_profile=profile()),
    "avif": lambda: saved(photo(), "AVIF", exif=exif(), xmp=XMP, icc_profile=profile()),
    "tiff": _tiff,
    "gif": lambda: saved(photo(), "GIF", comment=SECRET.encode()),
    "bmp": lambda: saved(photo(), "BMP") + SECRET.encode(),
    "pdf": lambda: pdf(text_page("A page"), trailer=f"/Info << /Author ({SECRET}) /Title ({SECRET}) >>"),
}


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Parts]:
    import asyncio

    workers = PebbleWorkers()
    yield Parts(home=tmp_path_factory.mktemp("home"), workers=workers)
    asyncio.run(workers.close())


def images_in(ask: Ask) -> list[bytes]:
    content: Any = ask.messages[-1].content
    return [base64.b64decode(block["base64"]) for block in content if block["type"] == "image"]


@pytest.mark.parametrize("kind", FILES)
async def test_nothing_but_pixels_is_sent(kind: str, parts: Parts) -> None:
    original = FILES[kind]()
    opened = (await build_decoder("", parts).open(original, name=f"{NAME}.{kind}", workspace="T1"))[0]
    ref = ImageRef(
        handle="image 1",
        sha256=opened.sha256,
        mime=opened.mime,
        width=opened.width,
        height=opened.height,
        name=f"{NAME}.{kind}",
    )
    model = ScriptedModel(sight())
    await vision(model).look([Image(ref, opened.path)], "What is it?")
    (sent,) = images_in(model.asked[-1])
    with Pillow.open(io.BytesIO(sent)) as picture:
        assert set(picture.info) <= BARE[str(picture.format)]
        assert not picture.getexif()
    said = " ".join(str(message.content) for message in model.asked[-1].messages)
    assert SECRET not in said
    for spelling in (SECRET.encode(), SECRET.encode("utf-16-be"), SECRET.encode("utf-16-le")):
        assert spelling not in sent


def test_the_files_do_hold_what_is_to_be_kept(tmp_path: Path) -> None:
    spellings = (SECRET.encode(), SECRET.encode("utf-16-be"))
    for kind, make in FILES.items():
        original = make()
        assert any(spelling in original for spelling in spellings), kind
