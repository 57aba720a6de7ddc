"""A file is what its bytes say, an image is nothing but its pixels, and what is not a whole file of a known kind is refused."""

from __future__ import annotations

import io
import random
import subprocess
import sys
import zlib
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from grievance import media, papers
from grievance.core.evidence import KINDS, LARGEST
from tests import files
from tests import papers as hiding


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_told_by_its_bytes(kind: str) -> None:
    assert media.clean(files.MADE[kind]()).kind == kind


@pytest.mark.parametrize("kind", ["jpeg", "png", "webp", "m4a", "mp3"])
def test_names_places_and_comments_are_gone(kind: str) -> None:
    sent = files.MADE[kind]()
    assert files.HIDDEN in sent, "the file hides nothing: the test is blind"
    kept = media.clean(sent).body
    assert files.HIDDEN not in kept
    assert b"Exif" not in kept
    assert b"GPS" not in kept


def test_planted_an_image_saved_again_keeps_its_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `_saved` is there for."""

    def saved_again(kind: str, image: Image.Image) -> bytes:
        out = io.BytesIO()
        image.save(out, kind.upper())
        return out.getvalue()

    monkeypatch.setattr(media, "_saved", saved_again)
    with pytest.raises(AssertionError):
        test_names_places_and_comments_are_gone("jpeg")


def is_bare(sent: bytes) -> None:
    assert files.HIDDEN in hiding.unfolded(sent), "the file hides nothing: the test is blind"
    kept = hiding.unfolded(media.clean(sent).body)
    for told in (
        files.HIDDEN,
        b"JavaScript",
        b"/AcroForm",
        b"/Annots",
        b"/Metadata",
        b"/Info",
        b"/EmbeddedFile",
        b"GPS",
    ):
        assert told not in kept, told
    assert b"(Pay slip) Tj" in kept, "what stands on the page is gone"


def test_nothing_is_in_a_pdf_but_its_pages() -> None:
    is_bare(hiding.paper(*(place for place in hiding.PLACES if place != "form")))


@pytest.mark.parametrize("place", hiding.PLACES)
def test_each_place_of_a_pdf_is_bare(place: str) -> None:
    """The same without a process for each."""
    sent = hiding.paper(place)
    assert files.HIDDEN in hiding.unfolded(sent), "the file hides nothing: the test is blind"
    assert files.HIDDEN not in hiding.unfolded(papers.rewritten(sent))


def test_what_was_filled_in_stays_on_the_page() -> None:
    kept = hiding.unfolded(papers.rewritten(hiding.paper("form")))
    assert b"FILLED" in kept
    assert files.HIDDEN not in kept


def test_a_font_may_have_any_name() -> None:
    """A key that is bared on pages and pictures can be a name in a page's own list."""
    with pikepdf.open(io.BytesIO(papers.rewritten(files.pdf(weight=9)))) as kept:
        assert "/B" in kept.pages[0].obj.Resources.XObject


@pytest.mark.parametrize("key", ["/Metadata", "/AA"])
def test_planted_a_key_that_is_left_is_noticed(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "BESIDE", tuple(one for one in papers.BESIDE if one != key))
    place = {"/Metadata": "xmp_of_a_page", "/AA": "more_actions"}[key]
    with pytest.raises(AssertionError):
        test_each_place_of_a_pdf_is_bare(place)


def test_planted_a_photo_as_it_came_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "_without_segments", lambda photo: photo)
    with pytest.raises(AssertionError):
        test_each_place_of_a_pdf_is_bare("photo")


def test_a_pdf_that_only_its_owner_may_change_is_taken() -> None:
    assert media.clean(hiding.locked(files.pdf(), "")).kind == "pdf"


def test_a_pdf_that_is_locked_damaged_or_too_much_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = files.pdf()
    for sent, said in (
        (hiding.locked(whole, "secret"), "locked with a password"),
        (whole.replace(b"/Kids[3 0 R]/Count 1", b"/Kids[]/Count 0       "), "damaged"),
        (b"%PDF-1.4\n" + bytes(900) + b"%%EOF", "damaged"),
    ):
        with pytest.raises(media.Unfit, match=said):
            media.clean(sent)
    monkeypatch.setattr(papers, "PATIENCE", 0.01)
    with pytest.raises(media.Unfit, match="too much to be opened safely"):
        media.clean(whole)


def test_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "MOST_PAGES", 0)
    assert papers.rewritten(files.pdf()) == b""


def test_no_web_worker_carries_what_reads_a_pdf(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(files.pdf())
    does = "import sys; from grievance import media; media.clean(open(sys.argv[1], 'rb').read()); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", does, str(tmp_path / "a.pdf")], capture_output=True, check=True)
    assert b"'grievance.papers'" in done.stdout
    assert b"pikepdf" not in done.stdout


@pytest.mark.parametrize(("turned", "size"), [(1, (60, 40)), (6, (40, 60)), (3, (60, 40))])
def test_a_photo_lies_as_it_was_held(turned: int, size: tuple[int, int]) -> None:
    kept = Image.open(io.BytesIO(media.clean(files.jpeg(turned=turned)).body))
    assert kept.size == size
    corner = kept.convert("RGB").getpixel((3, 3))
    assert isinstance(corner, tuple)
    assert (corner[0] > 200) is (turned != 3), "red is not where it belongs"


def test_a_large_photo_is_made_smaller_and_stays_readable() -> None:
    kept = Image.open(io.BytesIO(media.clean(files.jpeg(width=9000, height=600)).body))
    assert max(kept.size) == media.LONGEST_SIDE


def test_the_sound_of_a_recording_stays_where_it_is() -> None:
    sent = files.m4a()
    kept = media.clean(sent).body
    assert len(kept) == len(sent)
    assert kept[kept.index(b"mdat") :] == sent[sent.index(b"mdat") :]


def polyglots() -> dict[str, bytes]:
    """Files that are two things at once."""
    script = b"<script>alert(1)</script>"
    return {
        "a photo with a page behind it": files.jpeg() + script,
        "a picture with a page in its words": files.png() + b"<html>" + script,
        "a photo with an archive behind it": files.jpeg() + b"PK\x03\x04" + bytes(30) + script,
    }


@pytest.mark.parametrize("name", polyglots())
def test_a_polyglot_is_an_image_and_nothing_else(name: str) -> None:
    kept = media.clean(polyglots()[name]).body
    assert b"<script>" not in kept
    assert b"PK\x03\x04" not in kept


WRONG = {
    "nothing": b"",
    "words": b"hello",
    "a page": b"<html><script>alert(1)</script>",
    "a drawing": b'<svg xmlns="http://www.w3.org/2000/svg"/>',
    "an archive": b"PK\x03\x04" + bytes(100),
    "a program": b"\x7fELF" + bytes(100),
    "a GIF": b"GIF89a" + bytes(100),
    "a page with a PDF inside": b"<html>%PDF-1.4\n%%EOF",
    "a video": files.m4a(b"vide"),
    "a wave": b"RIFF\x24\0\0\0WAVEfmt " + bytes(16),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_on_the_list_is_refused(name: str) -> None:
    with pytest.raises(media.Unfit):
        media.clean(WRONG[name])


@pytest.mark.parametrize("kind", KINDS)
def test_a_file_that_broke_off_is_refused(kind: str) -> None:
    whole = files.MADE[kind]()
    for part in (whole[: len(whole) // 2], whole[:30]) if kind != "mp3" else (whole[:30],):
        with pytest.raises(media.Unfit):
            media.clean(part)


def test_ten_megabytes_and_no_more() -> None:
    fits = files.pdf(weight=LARGEST - 2048)
    fits = b"\n".join((fits[:-6], b"%" * (LARGEST - len(fits) - 1), fits[-6:]))
    assert len(fits) == LARGEST + 1
    with pytest.raises(media.Unfit, match="too large"):
        media.clean(fits)
    assert media.clean(fits.replace(b"%%\n", b"%\n", 1)).kind == "pdf"


def test_a_bomb_is_refused_before_it_unfolds(monkeypatch: pytest.MonkeyPatch) -> None:
    """100,000 by 100,000 points in a few hundred bytes."""
    sent = bytearray(files.png())
    sent[16:24] = (100_000).to_bytes(4, "big") * 2
    sent[29:33] = zlib.crc32(sent[12:29]).to_bytes(4, "big")
    loaded: list[str] = []
    monkeypatch.setattr(Image.Image, "load", lambda *_: loaded.append("decoded"))
    with pytest.raises(media.Unfit, match="too many points"):
        media.clean(bytes(sent))
    assert loaded == []


def test_random_damage_never_gets_past_as_anything_but_a_refusal_or_a_clean_file() -> None:
    lot = random.Random(20260302)
    for kind, made in files.MADE.items():
        for _ in range(40 if kind != "pdf" else 4):  # each of them is a process
            sent = bytearray(made())
            for _ in range(lot.randint(1, 12)):
                sent[lot.randrange(len(sent))] = lot.randrange(256)
            try:
                kept = media.clean(bytes(sent))
            except media.Unfit:
                continue
            assert kept.kind in KINDS
