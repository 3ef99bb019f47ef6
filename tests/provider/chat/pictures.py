"""Images in requests of OpenAI's API: which are taken, how many, how they are counted.

Source: developers.openai.com/api/docs/guides/images-vision ("Image input requirements", "Calculating costs"). The
factor of 1.2 and the budgets of newer models agree with counts measured in
huggingface.co/datasets/JOHNISKING/image-token-cost.
"""

from __future__ import annotations

from tests.provider.images import NotAnImage, SentImage, decode, patch_tokens, tile_tokens, unbase64
from tests.provider.models import profile
from tests.provider.refusal import Refusal
from tests.provider.shelf import Shelf

TOTAL_BYTES = 50 * 1024 * 1024
IMAGES = 500
TAKEN = ("image/png", "image/jpeg", "image/gif", "image/webp")
_PATCHES = (
    (("gpt-4.1-mini", "gpt-5-mini", "gpt-5.4-mini"), 1536, 1.62),
    (("gpt-4.1-nano", "gpt-5-nano", "gpt-5.4-nano"), 1536, 2.46),
    (("o4-mini",), 1536, 1.72),
    (("gpt-5.1-codex", "gpt-5.2", "gpt-5.3-codex"), 1536, 1.0),
    (("gpt-5.4",), 2500, 1.0),
    (("gpt-5.5", "gpt-5.6", "gpt-6"), 2500, 1.2),
)
"""Names, patches of an image at most, tokens for one."""
_TILES = ((("gpt-4o-mini",), 2833, 5667), (("gpt-5",), 70, 140), (("o1", "o3"), 75, 150), (("",), 85, 170))
"""Names, tokens of an image, and of each tile."""
ORIGINAL = 10_000
"""Patches at most for the detail `original` and `auto` of models whose budget is 2500."""
LOW = 256


def picture(source: str | None, file_id: str | None, detail: str | None, where: str, shelf: Shelf) -> SentImage:
    """An image by data URL, address or file id. Raises: Refusal."""
    if file_id is not None:
        file = shelf.files.get(file_id)
        if file is None:
            raise Refusal(f"No such File object: {file_id}", status=404, where="id")
        return _decoded(file.data, file.media, where, detail or "auto", file.id)
    if source is None or not source.startswith(("data:", "https://", "http://")):
        raise Refusal(
            f"Invalid '{where}'. Expected a valid URL, but got a value with an invalid format.",
            code="invalid_value",
            where=where,
        )
    if not source.startswith("data:"):
        return SentImage(source.encode(), "", 0, 0, "", where, detail=detail or "auto")
    head, _, text = source.removeprefix("data:").partition(",")
    media, _, coding = head.partition(";")
    if not media.startswith("image/") or coding != "base64":
        raise _not_base64(where)
    try:
        data = unbase64(text)
    except NotAnImage as error:
        raise _not_base64(where) from error
    return _decoded(data, media, where, detail or "auto")


def check_images(images: tuple[SentImage, ...], model: str) -> None:
    """Raises: Refusal."""
    if images and profile("openai", model).get("image_inputs") is False:
        raise Refusal("Invalid content type. image_url is only supported by certain models.", where=images[0].where)
    if len(images) > IMAGES:
        raise Refusal(f"Too many images in request: {len(images)}. At most {IMAGES} are allowed.", code="invalid_value")
    if sum(len(image.data) for image in images) > TOTAL_BYTES:
        raise Refusal("The total size of images exceeds the limit of 50 MB.", code="image_too_large")


def picture_tokens(image: SentImage, model: str) -> int:
    """As OpenAI counts it for the model; nothing for what was not fetched."""
    if not image.width:
        return 0
    for names, budget, factor in _PATCHES:
        if model.startswith(names):
            whole = budget == 2500 and image.detail in ("original", "auto")
            most = LOW if image.detail == "low" else ORIGINAL if whole else budget
            return patch_tokens(*image.size, longest=None if whole else 2048, most=most, factor=factor)
    base, tile = next((base, tile) for names, base, tile in _TILES if model.startswith(names))
    return tile_tokens(*image.size, image.detail, base=base, tile=tile)


def _decoded(data: bytes, media: str, where: str, detail: str, file_id: str = "") -> SentImage:
    words = "You uploaded an unsupported image. Please make sure your image "
    try:
        image = decode(data, media, where, detail=detail, file_id=file_id)
    except NotAnImage as error:
        raise Refusal(f"{words}is valid.", code="image_parse_error", where=where) from error
    if image.real not in TAKEN:
        told = f"{words}has of one the following formats: ['png', 'jpeg', 'gif', 'webp']."
        raise Refusal(told, code="invalid_image_format", where=where)
    return image


def _not_base64(where: str) -> Refusal:
    return Refusal(
        f"Invalid '{where}'. Expected a base64-encoded data URL with an image MIME type (e.g. "
        "'data:image/png;base64,aW1nIGJ5dGVzIGhlcmU='), but got an invalid base64-encoded value.",
        code="invalid_value",
        where=where,
    )
