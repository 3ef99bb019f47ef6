"""Worker side of intake: the pages of a PDF become files, with the words of their text layer.

pdfium opens every PDF, counts its pages and reads its text. It also draws them, except where poppler is installed: that
draws in a process of its own (through pdf2image), which a page that never ends cannot take the worker with.
"""

from __future__ import annotations

import ctypes
import json
import math
import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pypdfium2
from PIL import Image
from pypdfium2 import raw

from tools.backends.decoder.pixels import save
from tools.backends.decoder.sheaf import SHEAF, Drawn, Limits, Refused, Sheaf
from tools.backends.decoder.sniff import PDF

DPI = 200
NARROW = 1024
"""Short side in pixels that a page is drawn at even when 200 dpi give less."""
SECONDS = 4.0
"""No page is begun that would probably end after so long: the lane's deadline is not far."""
SPARE = 20.0
"""Seconds of processor time that a child may take beyond what this process has taken and a page may take."""
GARBLED = 0.1
"""Share of characters without a meaning in Unicode from which a text layer is not worth having."""
SUBPIXEL = 16
LINE_END_HYPHEN = "\x02"
"""What pdfium gives for a hyphen at the end of a line, in place of the hyphen and the line's end."""
EMPTY_OR_DAMAGED = Refused("is a PDF, but without pages, damaged or cut off: export it anew and send it again.")


def draw_pages(data: bytes, stem: str, folder: Path, limits: Limits) -> None:
    """Draw the first pages, as many as the limit and the time allow, noting them in the sheaf one by one.

    Goes on after the pages that the sheaf already has.

    Raises: Refused when the PDF cannot be opened or has no pages.
    """
    start = time.monotonic()
    pdf = _open(data)
    source = _for_poppler(data, folder)
    earlier = Sheaf.read(folder / SHEAF)
    drawn = [*earlier.drawn] if earlier else []
    slowest = 0.0
    while len(drawn) < min(len(pdf), limits.pages):
        begun = time.monotonic()
        if slowest and begun - start + slowest > SECONDS:
            break
        drawn.append(_draw_page(pdf, source, len(drawn) + 1, stem, folder, limits))
        Sheaf(PDF.mime, len(pdf), limits, tuple(drawn)).write(folder / SHEAF)
        slowest = max(slowest, time.monotonic() - begun)


def _open(data: bytes) -> Any:
    # pdfium leaves the last error in place where it fails without one (no pages), even if it was another file's
    raw.FPDF_LoadMemDocument(b"", 0, None)
    try:
        pdf = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise Refused("is a PDF protected with a password: save a copy without one and send that.") from None
        raise EMPTY_OR_DAMAGED from None
    if len(pdf) == 0:
        raise EMPTY_OR_DAMAGED
    if pdf.get_formtype() != raw.FORMTYPE_NONE:
        pdf.init_forms()
    return pdf


def _draw_page(pdf: Any, source: Path | None, number: int, stem: str, folder: Path, limits: Limits) -> Drawn:
    try:
        page = pdf[number - 1]
    except pypdfium2.PdfiumError:
        raise Refused(f"is a PDF whose page {number} is damaged: export it anew and send it again.") from None
    scale = _scale(page.get_size(), limits.side)
    image = (source and _by_poppler(source, number, scale)) or _by_pdfium(page, scale)
    drawn = Drawn(f"{stem}-p{number}.png", image.width, image.height, page=number)
    save(image, folder / drawn.file)
    if words := read_words(page, image.size):
        (folder / drawn.file).with_suffix(".words.json").write_text(json.dumps(words))
    page.close()
    return drawn


def _scale(size: tuple[float, float], side: int) -> float:
    """Pixels a point: 200 dpi or what makes small pages readable, with the long side capped."""
    short, long = sorted(max(length, 0.01) for length in size)
    return min(max(DPI / 72, NARROW / short), side / long)


# --- drawing --------------------------------------------------------------------------------------


def _by_pdfium(page: Any, scale: float) -> Image.Image:
    try:
        return page.render(scale=scale).to_pil().convert("RGB")  # type: ignore[no-any-return]
    except (pypdfium2.PdfiumError, ValueError):
        raise Refused("is a PDF with a page that cannot be drawn: send a screenshot of it.") from None


def _for_poppler(data: bytes, folder: Path) -> Path | None:
    """The PDF as a file where poppler is installed, else None."""
    if not shutil.which("pdftoppm") or not shutil.which("pdfinfo"):
        return None
    path = folder / "original.pdf"
    path.write_bytes(data)
    return path


def _by_poppler(source: Path, number: int, scale: float) -> Image.Image | None:
    """None when poppler gives up on the page: pdfium then has its turn."""
    from pdf2image import convert_from_path
    from pdf2image.exceptions import PDFPageCountError, PDFPopplerTimeoutError

    try:
        with _cpu_limit(SECONDS):
            pages = convert_from_path(
                source, dpi=scale * 72, first_page=number, last_page=number, use_cropbox=True, timeout=SECONDS / 2
            )
    except (PDFPageCountError, PDFPopplerTimeoutError, OSError, ValueError):
        return None
    return pages[0].convert("RGB") if pages else None


@contextmanager
def _cpu_limit(seconds: float) -> Iterator[None]:
    """Lets no child outlive its use by long when this worker is killed while it waits for it. The limit holds for this
    process as well, whose other threads go on meanwhile: SPARE is for them."""
    if sys.platform == "win32":
        yield
        return
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time() + seconds + SPARE), hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))


# --- the text layer -------------------------------------------------------------------------------


def read_words(page: Any, size: tuple[int, int]) -> list[dict[str, Any]]:
    """Words of the page's text layer as `tools.kit.Word` fields, quads in pixels of the page drawn at `size`.

    Empty when there is none, or when its fonts do not say which characters they draw.
    """
    layer = page.get_textpage()
    try:
        characters = [chr(raw.FPDFText_GetUnicode(layer, at)) for at in range(layer.count_chars())]
        shown = [character for character in characters if not character.isspace()]
        if not shown or sum(map(_meaningless, shown)) > GARBLED * len(shown):
            return []
        return [_word(page, layer, characters, span, size) for span in _spans(characters)]
    finally:
        layer.close()


def _meaningless(character: str) -> bool:
    return character in "\0\ufffd\ufffe\uffff" or "\ue000" <= character <= "\uf8ff"


def _spans(characters: list[str]) -> list[range]:
    """Runs of characters between white space (pdfium puts some in wherever there is a gap or a new line)."""
    spans: list[range] = []
    start = 0
    for at, character in enumerate([*characters, " "]):
        divides = character.isspace() or _meaningless(character)
        if divides or character == LINE_END_HYPHEN:
            end = at if divides else at + 1
            if end > start:
                spans.append(range(start, end))
            start = at + 1
    return spans


def _word(page: Any, layer: Any, characters: list[str], span: range, size: tuple[int, int]) -> dict[str, Any]:
    boxes = [_box(layer, at) for at in span]
    left, bottom = min(box[0] for box in boxes), min(box[1] for box in boxes)
    right, top = max(box[2] for box in boxes), max(box[3] for box in boxes)
    corners = [_to_pixels(page, x, y, size) for x, y in ((left, top), (right, top), (right, bottom), (left, bottom))]
    # the quad begins at the text's own top left corner: that is lower left where the text runs up the page
    quarters = round(raw.FPDFText_GetCharAngle(layer, span.start) / (math.pi / 2)) % 4
    turned = corners[quarters:] + corners[:quarters]
    text = "".join(characters[at] for at in span).replace(LINE_END_HYPHEN, "-")
    return {"text": text, "quad": turned, "sure": 1.0}


def _box(layer: Any, at: int) -> tuple[float, float, float, float]:
    """left, bottom, right, top in points: the font's full height, so that the words of a line are equally high."""
    box = raw.FS_RECTF()
    raw.FPDFText_GetLooseCharBox(layer, at, box)
    return (box.left, box.bottom, box.right, box.top)


def _to_pixels(page: Any, x: float, y: float, size: tuple[int, int]) -> tuple[float, float]:
    """pdfium knows crop and rotation. It answers in whole pixels, hence the finer grid."""
    across, down = ctypes.c_int(), ctypes.c_int()
    raw.FPDF_PageToDevice(page, 0, 0, size[0] * SUBPIXEL, size[1] * SUBPIXEL, 0, x, y, across, down)
    return (across.value / SUBPIXEL, down.value / SUBPIXEL)
