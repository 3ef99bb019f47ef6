"""What a file is, judged by its first bytes and never by its name. Decodes nothing: safe in any process.

Sources: the PNG, JPEG (JFIF), WebP, TIFF 6.0, ISO base media (14496-12), Matroska, PDF and ZIP specifications, and
file(1)'s tables for the rest.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

HEAD = 4096
"""Bytes looked at for text formats."""


@dataclass(frozen=True)
class Kind:
    """What a file is; `refusal` ends the sentence "<file name> ..." when nothing here opens it."""

    mime: str
    noun: str
    refusal: str | None = None


def sniff(data: bytes) -> Kind:
    """The kind of a whole file."""
    if not data:
        return Kind("application/x-empty", "an empty file", "is empty (0 bytes): upload it again.")
    return _by_magic(data) or _media(data) or _container(data) or _pdf(data) or _text(data) or UNKNOWN


# --- kinds ----------------------------------------------------------------------------------------


def _foreign(mime: str, noun: str) -> Kind:
    return Kind(mime, noun, f"is {noun}, which I cannot open: export it as PNG or JPEG and send that.")


def _video(mime: str, noun: str) -> Kind:
    return Kind(mime, noun, f"is {noun}, and I look at still images only: send a screenshot of the moment you mean.")


def _sound(mime: str, noun: str) -> Kind:
    return Kind(mime, noun, f"is {noun}, and I look at images and PDFs only: send a picture or say it in writing.")


def _document(mime: str, noun: str) -> Kind:
    return Kind(mime, noun, f"is {noun}, not an image: save it as PDF and send that.")


def _archive(mime: str, noun: str) -> Kind:
    return Kind(mime, noun, f"is {noun}, not an image: unpack it and send the images themselves.")


def _other(mime: str, noun: str) -> Kind:
    return Kind(mime, noun, f"is {noun}, not an image: send an image or a PDF.")


JPEG = Kind("image/jpeg", "a JPEG image")
PNG = Kind("image/png", "a PNG image")
GIF = Kind("image/gif", "a GIF image")
WEBP = Kind("image/webp", "a WebP image")
TIFF = Kind("image/tiff", "a TIFF image")
BMP = Kind("image/bmp", "a BMP image")
AVIF = Kind("image/avif", "an AVIF image")
HEIC = Kind("image/heic", "a HEIC image")
PDF = Kind("application/pdf", "a PDF")
RAW = _foreign("image/x-raw", "a camera raw file")
SVG = Kind("image/svg+xml", "an SVG drawing", "is an SVG drawing, not pixels: export it as PNG and send that.")
HTML = Kind("text/html", "a web page", "is a web page, not an image: send the image itself or a screenshot.")
SIGN_IN = Kind(
    "text/html",
    "Slack's sign-in page",
    "came as Slack's sign-in page instead of the file: the app may not read files here. "
    "An admin has to give it the files:read permission and reinstall it; then send the file again.",
)
UNKNOWN = Kind(
    "application/octet-stream",
    "an unknown file",
    "is no kind of image that I know: send a JPEG, PNG, WebP, AVIF, HEIC, TIFF, BMP, GIF or PDF.",
)

MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"\xff\xd8\xff", JPEG),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"IIRO", RAW),
    (b"IIU\0", RAW),
    (b"FUJIFILMCCD-RAW", RAW),
    (b"II*\0", TIFF),
    (b"MM\0*", TIFF),
    (b"II+\0", TIFF),
    (b"MM\0+", TIFF),
    (b"8BPS", _foreign("image/vnd.adobe.photoshop", "a Photoshop picture")),
    (b"gimp xcf", _foreign("image/x-xcf", "a GIMP picture")),
    (b"\0\0\1\0", _foreign("image/vnd.microsoft.icon", "an icon file")),
    (b"\0\0\2\0", _foreign("image/x-win-cursor", "a cursor file")),
    (b"icns", _foreign("image/icns", "an icon file")),
    (b"DDS ", _foreign("image/vnd-ms.dds", "a DDS texture")),
    (b"\xff\x0a", _foreign("image/jxl", "a JPEG XL image")),
    (b"\0\0\0\x0cJXL \r\n\x87\n", _foreign("image/jxl", "a JPEG XL image")),
    (b"\0\0\0\x0cjP  \r\n\x87\n", _foreign("image/jp2", "a JPEG 2000 image")),
    (b"\xff\x4f\xff\x51", _foreign("image/jp2", "a JPEG 2000 image")),
    (b"\xd7\xcd\xc6\x9a", _foreign("image/wmf", "a Windows metafile")),
    (b"%!PS", _document("application/postscript", "a PostScript file")),
    (b"\x1a\x45\xdf\xa3", _video("video/webm", "a WebM or Matroska video")),
    (b"FLV\1", _video("video/x-flv", "a Flash video")),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", _video("video/x-ms-wmv", "a Windows Media file")),
    (b"\0\0\1\xba", _video("video/mpeg", "an MPEG video")),
    (b"\0\0\1\xb3", _video("video/mpeg", "an MPEG video")),
    (b"OggS", _sound("audio/ogg", "an Ogg recording")),
    (b"ID3", _sound("audio/mpeg", "an MP3 recording")),
    (b"fLaC", _sound("audio/flac", "a FLAC recording")),
    (b"MThd", _sound("audio/midi", "a MIDI file")),
    (b"#!AMR", _sound("audio/amr", "a voice recording")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _document("application/x-ole-storage", "an old Office document")),
    (b"{\\rtf", _document("application/rtf", "an RTF document")),
    (b"Rar!\x1a\7", _archive("application/vnd.rar", "a RAR archive")),
    (b"7z\xbc\xaf\x27\x1c", _archive("application/x-7z-compressed", "a 7-Zip archive")),
    (b"\x1f\x8b", _archive("application/gzip", "a gzip archive")),
    (b"BZh", _archive("application/x-bzip2", "a bzip2 archive")),
    (b"\xfd7zXZ\0", _archive("application/x-xz", "an xz archive")),
    (b"\x28\xb5\x2f\xfd", _archive("application/zstd", "a Zstandard archive")),
    (b"\x7fELF", _other("application/x-executable", "a program")),
    (b"MZ", _other("application/x-msdownload", "a Windows program")),
    (b"\xcf\xfa\xed\xfe", _other("application/x-mach-binary", "a program")),
    (b"SQLite format 3\0", _other("application/vnd.sqlite3", "a database")),
    (b"wOFF", _other("font/woff", "a font")),
    (b"wOF2", _other("font/woff2", "a font")),
    (b"OTTO", _other("font/otf", "a font")),
    (b"\0\1\0\0\0", _other("font/ttf", "a font")),
)

RIFF = {
    b"WEBP": WEBP,
    b"AVI ": _video("video/x-msvideo", "an AVI video"),
    b"WAVE": _sound("audio/wav", "a WAV recording"),
}

OFFICE = (
    (b"word/", _document("application/vnd.openxmlformats-officedocument.wordprocessingml.document", "a Word document")),
    (b"xl/", _document("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "an Excel workbook")),
    (
        b"ppt/",
        _document("application/vnd.openxmlformats-officedocument.presentationml.presentation", "a PowerPoint deck"),
    ),
    (b"mimetypeapplication/vnd.oasis", _document("application/vnd.oasis.opendocument", "an OpenDocument file")),
    (b"mimetypeapplication/epub", _document("application/epub+zip", "an e-book")),
)
ZIP = _archive("application/zip", "a ZIP archive")


def _by_magic(data: bytes) -> Kind | None:
    return next((kind for magic, kind in MAGIC if data.startswith(magic)), None)


def _media(data: bytes) -> Kind | None:
    """ISO base media files (HEIC and AVIF are close relatives of MP4), MPEG audio and transport streams."""
    if data[4:8] == b"ftyp":
        return _brand(data)
    if data[4:8] in (b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"):
        return _video("video/quicktime", "a QuickTime video")
    if len(data) > 376 and data[0] == data[188] == data[376] == 0x47:
        return _video("video/mp2t", "an MPEG video")
    if data[:2] in (b"\xff\xfb", b"\xff\xf3", b"\xff\xf2", b"\xff\xf1", b"\xff\xf9"):
        return _sound("audio/mpeg", "an MP3 or AAC recording")
    return None


def _brand(data: bytes) -> Kind:
    length = min(max(int.from_bytes(data[:4], "big"), 16), 512)
    brands = [data[8:12], *(data[at : at + 4] for at in range(16, length, 4))]
    if any(brand in (b"avif", b"avis") for brand in brands):
        return AVIF
    if any(brand in (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx") for brand in brands):
        return HEIC
    if brands[0] in (b"mif1", b"msf1"):
        return HEIC
    if brands[0] == b"crx ":
        return RAW
    if brands[0] in (b"M4A ", b"M4B ", b"M4P "):
        return _sound("audio/mp4", "an M4A recording")
    if brands[0] == b"qt  ":
        return _video("video/quicktime", "a QuickTime video")
    return _video("video/mp4", "an MP4 video")


def _container(data: bytes) -> Kind | None:
    if data[:4] in (b"PK\3\4", b"PK\5\6", b"PK\7\x08"):
        ends = data[: 1 << 16] + data[-(1 << 16) :]
        return next((kind for mark, kind in OFFICE if mark in ends), ZIP)
    if data[:4] == b"RIFF":
        return RIFF.get(data[8:12])
    if data[257:262] == b"ustar":
        return _archive("application/x-tar", "a tar archive")
    if data[:2] == b"BM" and int.from_bytes(data[14:18], "little") in (12, 40, 52, 56, 64, 108, 124):
        return BMP
    return None


def _pdf(data: bytes) -> Kind | None:
    """Readers take a PDF whose header comes within the first 1,024 bytes (ISO 32000-1, annex H)."""
    return PDF if b"%PDF-" in data[:1024] else None


def _text(data: bytes) -> Kind | None:
    head = _decoded(data[:HEAD])
    if head is None:
        return None
    markup = re.sub(r"<!--.*?-->|<\?.*?\?>", "", head, flags=re.DOTALL).lstrip("\ufeff \t\r\n").lower()
    if re.match(r"<!doctype svg|<svg[\s>]|<\w+:svg[\s>]", markup):
        return SVG
    if re.match(r"<!doctype html|<(html|head|body|title|meta|script|div|p|table)[\s>]", markup):
        return SIGN_IN if b"slack" in data[:65536].lower() else HTML
    if markup.startswith("<"):
        return _other("application/xml", "an XML file")
    if markup.startswith(("{", "[")):
        return Kind("application/json", "a JSON file", "is a JSON file, not an image: send an image or a PDF.")
    if re.match(r"p[1-7fy]\s", markup):
        return _foreign("image/x-portable-anymap", "a Netpbm image")
    return Kind("text/plain", "a text file", "is a text file, not an image: paste the text into your message instead.")


def _decoded(head: bytes) -> str | None:
    """The text, or None when these bytes are not text."""
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return head.decode("utf-16", errors="replace")
    try:
        text = codecs.getincrementaldecoder("utf-8")().decode(head)  # the cut may fall into a character
    except UnicodeDecodeError:
        text = head.decode("cp1252", errors="replace")
    strange = sum(1 for character in text if character == "\ufffd" or (character < " " and character not in "\t\r\n\f"))
    return text if strange == 0 else None
