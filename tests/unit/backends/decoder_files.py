"""Files for the decoder's tests, made on the spot: good ones of every format, and hostile ones byte by byte."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy
from PIL import Image, ImageCms, ImageDraw
from pillow_heif import register_heif_opener

register_heif_opener()

SIZE = (640, 520)


def photo(size: tuple[int, int] = SIZE) -> Image.Image:
    """Something with edges: red in the upper left corner, green upper right, blue lower left, yellow lower right."""
    width, height = size
    image = Image.new("RGB", size, "white")
    draw = ImageDraw.Draw(image)
    for colour, x, y in (("red", 0, 0), ("lime", 1, 0), ("blue", 0, 1), ("yellow", 1, 1)):
        left, top = x * width * 3 // 4, y * height * 3 // 4
        draw.rectangle((left, top, left + width // 4, top + height // 4), fill=colour)
    return image


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def oriented(orientation: int, kind: str = "JPEG", **options: Any) -> bytes:
    """The photo as a camera held that way stores it: turned, with the EXIF tag that says how to turn it back."""
    stored = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = photo().transpose(stored[orientation]) if orientation in stored else photo()
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretCamera"
    exif.get_ifd(0x8825)[1] = "N"
    return saved(image, kind, exif=exif, **options)


def frames(count: int, size: tuple[int, int] = SIZE) -> list[Image.Image]:
    return [photo(size), *(Image.new("RGB", size, (20 * n % 255, 0, 0)) for n in range(1, count))]


def animated(kind: str, count: int, size: tuple[int, int] = SIZE) -> bytes:
    first, *others = frames(count, size)
    return saved(first, kind, save_all=True, append_images=others)


def lab() -> Image.Image:
    """The photo in CIELAB."""
    srgb, space = ImageCms.createProfile("sRGB"), ImageCms.createProfile("LAB")
    image = ImageCms.profileToProfile(photo(), srgb, space, outputMode="LAB")
    assert image
    return image


def swapped_profile() -> bytes:
    """An ICC profile named sRGB whose red is blue, to see whether profiles are heeded."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")


# --- PNG, byte by byte ----------------------------------------------------------------------------


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width: int, height: int, depth: int, colour: int, rows: bytes, *extra: bytes) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    body = [chunk(b"IHDR", header), *extra, chunk(b"IDAT", zlib.compress(rows)), chunk(b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(body)


def grey_ramp_16() -> bytes:
    """16-bit grey PNG, 512 x 512: black at the left, white at the right."""
    row = numpy.linspace(0, 65535, 512).round().astype(">u2").tobytes()
    return png(512, 512, 16, 0, (b"\0" + row) * 512)


def colour_16() -> bytes:
    """16-bit RGB PNG, 512 x 512, of one colour."""
    return png(512, 512, 16, 2, (b"\0" + struct.pack(">HHH", 0xFFFF, 0x8080, 0) * 512) * 512)


def text_bomb() -> bytes:
    """A small PNG with a comment that unpacks to 64 MB."""
    comment = chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(64 << 20), 9))
    return png(8, 8, 8, 0, b"\0" * 72, comment)


def profile_bomb() -> bytes:
    """A good PNG with a colour profile that unpacks to 64 MB."""
    profile = chunk(b"iCCP", b"icc\0\0" + zlib.compress(bytes(64 << 20), 9))
    return png(8, 8, 8, 0, b"\0" * 72, profile)


# --- huge by their header -------------------------------------------------------------------------


def png_bomb() -> bytes:
    """60,000 x 60,000 pixels, 10.8 GB decoded, in a few bytes."""
    return png(60_000, 60_000, 8, 2, b"\0" * 1000)


def gif_bomb() -> bytes:
    return b"GIF89a" + struct.pack("<HHBBB", 65535, 65535, 0x80, 0, 0) + bytes(6) + b"\x2c" + bytes(9) + b"\x02\x00;"


def bmp_bomb() -> bytes:
    return b"BM" + struct.pack("<IHHIIiiHHIIiiII", 54, 0, 0, 54, 40, 50_000, 50_000, 1, 24, 0, 0, 0, 0, 0, 0)


def tiff_bomb() -> bytes:
    tags = [(256, 4, 1, 100_000), (257, 4, 1, 100_000), (258, 3, 1, 8), (259, 3, 1, 1), (262, 3, 1, 1)]
    tags += [(273, 4, 1, 8), (277, 3, 1, 1), (278, 4, 1, 100_000), (279, 4, 1, 10)]
    body = b"".join(struct.pack("<HHII", *tag) for tag in tags)
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + body + bytes(4)


def jpeg_bomb() -> bytes:
    """A real JPEG whose header claims 65,000 x 65,000 pixels."""
    data = bytearray(saved(photo((64, 64)), "JPEG"))
    at = data.index(b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", 65_000, 65_000)
    return bytes(data)


def webp_bomb() -> bytes:
    """An extended WebP of 16,384 x 16,384 pixels (268 megapixels) with nothing in it."""
    canvas = (16_383).to_bytes(3, "little") * 2
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + bytes(4) + canvas + b"VP8 " + struct.pack("<I", 10) + bytes(10)
    return b"RIFF" + struct.pack("<I", len(body)) + body


# --- PDF ------------------------------------------------------------------------------------------


def pdf(*contents: str, box: str = "0 0 612 792", page: str = "", trailer: str = "") -> bytes:
    """A PDF with a page for each content stream, Helvetica as /F1."""
    count = len(contents)
    kids = " ".join(f"{4 + 2 * n} 0 R" for n in range(count))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for n, content in enumerate(contents):
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] {page} /Contents {5 + 2 * n} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        )
        objects.append(f"<< /Length {len(content)} >>\nstream\n{content}\nendstream")
    out, offsets = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R {trailer} >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("latin-1")


def text_page(text: str, x: int = 72, y: int = 700, size: int = 24) -> str:
    return f"BT /F1 {size} Tf {x} {y} Td ({text}) Tj ET"


def locked_pdf() -> bytes:
    """A PDF that wants a password."""
    secret = "55" * 32
    encrypt = f"/Encrypt << /Filter /Standard /V 1 /R 2 /O <{secret}> /U <{secret}> /P -4 >> /ID [<00> <00>]"
    return pdf(text_page("secret"), trailer=encrypt)


GOOD: dict[str, bytes] = {
    "jpeg": saved(photo(), "JPEG", quality=95),
    "progressive jpeg": saved(photo(), "JPEG", quality=95, progressive=True),
    "cmyk jpeg": saved(photo().convert("CMYK"), "JPEG", quality=95),
    "grey jpeg": saved(photo().convert("L"), "JPEG"),
    "png": saved(photo(), "PNG"),
    "interlaced palette png": saved(photo().quantize(16), "PNG"),
    "png with alpha": saved(photo().convert("RGBA"), "PNG"),
    "1-bit png": saved(photo().convert("1"), "PNG"),
    "16-bit grey png": grey_ramp_16(),
    "16-bit png": colour_16(),
    "webp": saved(photo(), "WEBP", lossless=True),
    "animated webp": animated("WEBP", 3),
    "avif": saved(photo(), "AVIF"),
    "heic": saved(photo(), "HEIF", quality=90),
    "tiff": saved(photo(), "TIFF"),
    "lzw tiff": saved(photo(), "TIFF", compression="tiff_lzw"),
    "lab tiff": saved(lab(), "TIFF"),
    "many-page tiff": animated("TIFF", 3),
    "bmp": saved(photo(), "BMP"),
    "gif": saved(photo(), "GIF"),
    "animated gif": animated("GIF", 4),
    "pdf": pdf(text_page("Hello"), text_page("world")),
}
