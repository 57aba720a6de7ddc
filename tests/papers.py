"""PDFs with something hidden in each place that nobody sees on their pages, made here."""

from __future__ import annotations

import io
from collections.abc import Callable

from pikepdf import Array, Dictionary, Encryption, Name, ObjectStreamMode, OutlineItem, Pdf, Stream, StreamDecodeLevel
from pikepdf import open as opened

from tests.files import HIDDEN, jpeg, pdf

WORDS = HIDDEN.decode()
SCRIPT = Dictionary(S=Name.JavaScript, JS=WORDS)


def info(made: Pdf) -> None:
    made.trailer.Info = made.make_indirect(Dictionary(Author=WORDS, Title=WORDS))


def xmp(made: Pdf) -> None:
    made.Root.Metadata = _about(made)


def xmp_of_a_page(made: Pdf) -> None:
    made.pages[0].obj.Metadata = _about(made)


def form(made: Pdf) -> None:
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=WORDS, V="FILLED", F=4, DA="/F1 12 Tf")
    field.Rect = Array([20, 40, 120, 60])
    held, page = made.make_indirect(field), made.pages[0].obj
    fonts = Dictionary(Font=Dictionary(F1=page.Resources.Font.F1))
    made.Root.AcroForm = Dictionary(Fields=[held], DR=fonts, DA="/F1 12 Tf", NeedAppearances=True)
    page.Annots = Array([held])


def action(made: Pdf) -> None:
    made.Root.OpenAction = SCRIPT


def more_actions(made: Pdf) -> None:
    made.Root.AA, made.pages[0].obj.AA = Dictionary(WC=SCRIPT), Dictionary(O=SCRIPT)


def script(made: Pdf) -> None:
    made.Root.Names = Dictionary(JavaScript=Dictionary(Names=[WORDS, SCRIPT]))


def embedded_file(made: Pdf) -> None:
    made.attachments[f"{WORDS}.txt"] = HIDDEN


def comment(made: Pdf) -> None:
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=[0, 0, 9, 9], T=WORDS, Contents=WORDS)
    made.pages[0].obj.Annots = Array([made.make_indirect(note)])


def bookmark(made: Pdf) -> None:
    with made.open_outline() as outline:
        outline.root.append(OutlineItem(WORDS, 0))


def photo(made: Pdf) -> None:
    image = Stream(made, jpeg(), Type=Name.XObject, Subtype=Name.Image, Width=60, Height=40, Filter=Name.DCTDecode)
    image.ColorSpace, image.BitsPerComponent = Name.DeviceRGB, 8
    made.pages[0].obj.Resources.XObject.Photo = made.make_indirect(image)


def _about(made: Pdf) -> Stream:
    held = made.make_indirect(Stream(made, b"<x>" + HIDDEN + b"</x>", Type=Name.Metadata, Subtype=Name.XML))
    assert isinstance(held, Stream)
    return held


PLACES: dict[str, Callable[[Pdf], None]] = {
    hides.__name__: hides
    for hides in (
        info, xmp, xmp_of_a_page, form, action, more_actions, script, embedded_file, comment, bookmark, photo
    )
}  # fmt: skip
"""Where a PDF can hold what nobody sees."""


def paper(*places: str) -> bytes:
    """A PDF with something hidden in each of these places."""
    out = io.BytesIO()
    with opened(io.BytesIO(pdf())) as made:
        for place in places:
            PLACES[place](made)
        made.save(out, fix_metadata_version=False)
    return out.getvalue()


def unfolded(sent: bytes) -> bytes:
    """A PDF with nothing packed, so that one can look for words in it."""
    out = io.BytesIO()
    with opened(io.BytesIO(sent)) as made:
        made.save(
            out,
            object_stream_mode=ObjectStreamMode.disable,
            stream_decode_level=StreamDecodeLevel.generalized,
            compress_streams=False,
            fix_metadata_version=False,
        )
    return out.getvalue()


def locked(sent: bytes, password: str) -> bytes:
    """The same, to be opened with a password (an empty one: only to be changed with one)."""
    out = io.BytesIO()
    with opened(io.BytesIO(sent)) as made:
        made.save(out, encryption=Encryption(owner="owner", user=password))
    return out.getvalue()
