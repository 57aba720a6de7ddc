"""A picture is painted anew from its pixels, upright; nothing else of it is kept. Runs in a process of its own."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from grievance.media.bounds import TooMuch

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST_SIDE = 4000
"""Pixels. A page photographed at this size can be read to its smallest print."""
MOST_PIXELS = {"jpeg": 120_000_000, "png": 25_000_000, "webp": 25_000_000, "heic": 50_000_000}
"""A JPEG is decoded at a fraction of its size; the others only whole, at three or four bytes a pixel."""
KEPT_AS = {"heic": "jpeg"}
"""What few browsers show is kept as what all of them do."""
FORMATS = {"heic": "HEIF"}


def load() -> None:
    """Everything that will be needed."""
    import pillow_heif
    from PIL import Image, ImageFile, ImageOps, TiffImagePlugin, WebPImagePlugin  # noqa: F401

    Image.preinit()
    pillow_heif.register_heif_opener(thumbnails=False)
    # A check of ours comes first and knows the kind; Pillow's own would warn beside it.
    Image.MAX_IMAGE_PIXELS = None
    ImageFile.LOAD_TRUNCATED_IMAGES = False


def cleaned(kind: str, sent: bytes) -> tuple[str, bytes]:
    """(kind that it is kept as, its bytes). Raises TooMuch, or whatever its decoder does."""
    from PIL import Image, ImageOps

    with Image.open(io.BytesIO(sent), formats=(FORMATS.get(kind, kind.upper()),)) as image:
        # Before it is decoded: a small file can unfold into more than the machine has.
        if image.width * image.height > MOST_PIXELS[kind]:
            raise TooMuch
        image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG is read at a half, a quarter or an eighth
        image.load()
        upright = ImageOps.exif_transpose(image)
        upright.thumbnail((LONGEST_SIDE, LONGEST_SIDE))
        kept_as = KEPT_AS.get(kind, kind)
        return kept_as, _saved(kept_as, upright)


def _saved(kind: str, image: Image) -> bytes:
    """From the pixels alone: a picture saved again would keep its comments."""
    from PIL import Image as Pictures

    mode = "RGBA" if kind != "jpeg" and image.has_transparency_data else "RGB"
    bare = Pictures.new(mode, image.size)
    bare.paste(image.convert(mode))
    out = io.BytesIO()
    bare.save(out, kind.upper(), **({} if kind == "png" else {"quality": 85}))
    return out.getvalue()
