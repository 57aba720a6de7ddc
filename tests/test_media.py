"""A file is what its bytes say, an image is nothing but its pixels, and what is not a whole file of a known kind is refused."""

from __future__ import annotations

import ast
import ctypes
import io
import random
import socket
import struct
import subprocess
import sys
import zlib
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import av
import pikepdf
import pytest
from PIL import Image

from grievance import media
from grievance.core.evidence import KINDS, LARGEST
from grievance.media import apart, bounds, calls, papers, pictures, recordings, within
from tests import files
from tests import papers as hiding

pictures.load()
recordings.load()
KEPT_AS = {kind: "jpeg" if kind == "heic" else kind for kind in files.SENT}


# asvs: 5.2.2
@pytest.mark.parametrize("kind", files.SENT)
def test_every_kind_is_told_by_its_bytes(kind: str) -> None:
    kept = media.clean(files.SENT[kind]()).kind
    assert kept == KEPT_AS[kind]
    assert kept in KINDS


@pytest.mark.parametrize("kind", [kind for kind in files.SENT if kind != "pdf"])
def test_names_places_and_comments_are_gone(kind: str) -> None:
    sent = files.SENT[kind]()
    assert files.HIDDEN in sent, "the file hides nothing: the test is blind"
    kept = cleaned_here("mp4" if kind == "m4a" else kind, sent)
    for told in (files.HIDDEN, b"Exif", b"GPS", b"+11.5564", b"Lavf", b"Lavc58"):
        assert told not in kept, told


def cleaned_here(kind: str, sent: bytes) -> bytes:
    """The same without a process for it."""
    cleaner = recordings.cleaned if kind in ("mp4", "mp3", "ogg") else pictures.cleaned
    return cleaner(kind, sent)[1]


@pytest.mark.parametrize("kind", ["mp4", "m4a", "mp3", "ogg"])
def test_what_is_seen_and_heard_stays_as_it_was(kind: str) -> None:
    sent = files.SENT[kind]()
    assert packets(media.clean(sent).body) == packets(sent)


def packets(body: bytes) -> list[tuple[str, bytes]]:
    with av.open(io.BytesIO(body), "r") as opened:
        streams = [stream for stream in opened.streams if stream.type in ("audio", "video")]
        return [(packet.stream.type, bytes(packet)) for packet in opened.demux(streams) if packet.size]


def test_planted_tags_that_are_copied_are_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    def copied(*asked: Any, **more: Any) -> Any:
        opened = opening(*asked, **more)
        if asked[1:2] == ("w",):
            opened.metadata["title"] = files.HIDDEN.decode()
        return opened

    opening = av.open
    monkeypatch.setattr(av, "open", copied)
    with pytest.raises(AssertionError):
        test_names_places_and_comments_are_gone("mp4")


def test_planted_an_image_saved_again_keeps_its_comment(monkeypatch: pytest.MonkeyPatch) -> None:
    """What `_saved` is there for."""

    def saved_again(kind: str, image: Image.Image) -> bytes:
        out = io.BytesIO()
        image.save(out, kind.upper())
        return out.getvalue()

    monkeypatch.setattr(pictures, "_saved", saved_again)
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
    monkeypatch.setattr(apart, "PATIENCE", 0.01)
    with pytest.raises(media.Unfit, match="too much to be opened safely"):
        media.clean(whole)


def test_too_many_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(papers, "MOST_PAGES", 0)
    with pytest.raises(bounds.TooMuch):
        papers.rewritten(files.pdf())


def test_no_web_worker_carries_what_reads_a_file(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(files.pdf())
    does = "import sys; from grievance import media; media.clean(open(sys.argv[1], 'rb').read()); print(sorted(sys.modules))"
    done = subprocess.run([sys.executable, "-c", does, str(tmp_path / "a.pdf")], capture_output=True, check=True)
    assert b"'grievance.media'" in done.stdout
    for decoder in (b"pikepdf", b"PIL", b"'av'", b"pillow_heif"):
        assert decoder not in done.stdout, decoder


def test_what_reads_a_file_carries_nothing_of_the_house() -> None:
    """Whoever takes it over finds nothing, and whoever sends a photo does not wait for it."""
    does = "import sys; from grievance.media import within; print([name for name in sys.modules if name[:9] == 'grievance'])"
    done = subprocess.run([sys.executable, "-c", does], capture_output=True, check=True, text=True)
    own = {"grievance", "grievance.core", "grievance.core.errors"}
    assert {name for name in ast.literal_eval(done.stdout) if not name.startswith("grievance.media")} == own


REACHING = {
    "a server": "import socket; socket.create_connection(('127.0.0.1', {port}), 2)",
    "a name": "import socket; socket.getaddrinfo('example.org', 80)",
    "a file": "open('/etc/passwd')",
    "a new file": "open({place!r}, 'w')",
    "a child": "os.fork()",
    "a program": "os.posix_spawn('/bin/true', ['true'], {{}})",
    "more memory": "bytes(700 * 1024 * 1024)",
    "the memory of whoever started it": "assert peek({secret}) == b'KEY-OF-THE-OFFICE'",
    "the end of whoever started it": "os.kill(os.getppid(), 0)",
    "the bounds of whoever started it": "resource.prlimit(os.getppid(), resource.RLIMIT_CORE)",
    "memory that is shared by a number": "assert libc.shmget(0x6b6579, 4096, 0o1600) >= 0 or denied()",
}
"""What somebody would try who has taken the process over."""
TRY = """
import ctypes, encodings.idna, os, resource, socket, sys
from grievance.media import bounds, calls
libc = ctypes.CDLL(None, use_errno=True)
class Piece(ctypes.Structure):
    _fields_ = [("at", ctypes.c_void_p), ("length", ctypes.c_size_t)]
def denied():
    raise OSError(ctypes.get_errno(), "denied")
def peek(address):
    here = ctypes.create_string_buffer(17)
    mine, theirs = Piece(ctypes.addressof(here), 17), Piece(address, 17)
    if libc.process_vm_readv(os.getppid(), ctypes.byref(mine), 1, ctypes.byref(theirs), 1, 0) < 0:
        denied()
    return here.raw
{closing}
try:
    {reaching}
except BaseException as error:
    print(type(error).__name__)
else:
    print("reached")
"""


def reached(what: str, place: Path, closing: str = "bounds.close_in()") -> str:
    """What comes of it, in the process that reads files."""
    secret = ctypes.create_string_buffer(b"KEY-OF-THE-OFFICE")
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        known = {"port": server.getsockname()[1], "place": str(place / "new"), "secret": ctypes.addressof(secret)}
        reaching = REACHING[what].format(**known)
        program = TRY.format(closing=closing, reaching=reaching)
        command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(apart.ROOT)!r})\n{program}"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    return done.stdout.strip() or done.stderr


# asvs: 1.3.3, 15.2.2
@pytest.mark.parametrize("what", REACHING)
def test_who_takes_the_process_over_reaches_nothing(what: str, tmp_path: Path) -> None:
    assert reached(what, tmp_path) in ("OSError", "gaierror", "BlockingIOError", "PermissionError", "MemoryError")


def test_it_closes_itself_in_before_it_reads(monkeypatch: pytest.MonkeyPatch) -> None:
    order: list[str] = []

    def read(kind: str, sent: bytes) -> tuple[str, bytes]:
        order.append("read")
        return kind, sent

    monkeypatch.setattr(within, "close_in", lambda: order.append("closed"))
    monkeypatch.setattr(pictures, "load", lambda: None)
    monkeypatch.setattr(pictures, "cleaned", read)
    monkeypatch.setattr("sys.stdin", SimpleNamespace(buffer=io.BytesIO(b"x")))
    monkeypatch.setattr("sys.stdout", SimpleNamespace(buffer=io.BytesIO()))
    assert within.main("png") == 0
    assert order == ["closed", "read"]


@pytest.mark.parametrize("what", ["a server", "a file", "a new file", "more memory"])
def test_planted_without_closing_in_it_would(what: str, tmp_path: Path) -> None:
    assert reached(what, tmp_path, "pass") == "reached"


@pytest.mark.parametrize("what", [what for what in REACHING if "whoever" in what])
def test_planted_with_bounds_alone_it_reaches_whoever_started_it(what: str, tmp_path: Path) -> None:
    assert reached(what, tmp_path, "calls.refuse_others = lambda _: None; bounds.close_in()") == "reached"


def test_the_filter_lets_pass_what_it_names_and_nothing_else() -> None:
    """Step by step, as the kernel goes through it, on each machine whose numbers we know."""

    def answer(machine: calls.Machine, call: int, flags: int = 0, name: int = 0) -> int:
        asked, steps, at, held = {0: call, 4: name or machine.name, 16: flags}, calls.program(machine), 0, 0
        while True:
            code, fits, fits_not, value = struct.unpack_from("=HBBI", steps, at * 8)
            at += 1
            if code == 0x06:
                return int(value)
            held = {0x20: asked.get(value, 0), 0x54: held & value}.get(code, held)
            at += (fits if held == value else fits_not) if code == 0x15 else 0

    for machine in calls.MACHINES.values():
        passed = {call for call in range(600) if answer(machine, call) == 0x7FFF0000}
        assert passed == set(machine.allowed)
        assert answer(machine, machine.clone, 0x4111) == 0x50001, "a child"
        assert answer(machine, machine.clone, 0x3D0F00) == 0x7FFF0000, "a thread"
        assert answer(machine, machine.clone3) == 0x50026
        assert answer(machine, machine.allowed[0], name=0x40000003) == 0x80000000, "the numbers of an older machine"


def test_a_decoder_has_its_threads_whoever_runs_the_house() -> None:
    """Those of HEIC want some; the kernel counts them as children, of everybody but root."""
    does = """
import resource, threading
from grievance.media import bounds, calls
held = resource.getrlimit(resource.RLIMIT_NPROC)
refuse, calls.refuse_others = calls.refuse_others, lambda _: None
bounds.close_in()
assert resource.getrlimit(resource.RLIMIT_NPROC) == held
refuse(calls.here())
thread = threading.Thread(target=print, args=("it runs",))
thread.start(), thread.join()
"""
    done = subprocess.run([sys.executable, "-c", does], capture_output=True, text=True, check=False, cwd=apart.ROOT)
    assert done.stdout == "it runs\n", done.stderr


ANSWERING = """import sys; sys.path.insert(0, sys.argv[2])
from grievance.media import bounds; bounds.close_in(); out = sys.stdout.buffer
"""
ANSWERS = {
    "of a kind that it cannot be": r"out.write(b'html\n<script>')",
    "that begins as something else": r"out.write(b'png\n<script>')",
    "in no letters": r"out.write(b'\xff\xfe\n<script>')",
    "without an end": r"out.write(b'png\n'); [out.write(bytes(1 << 20)) for _ in range(80)]",
}
"""What the process says where a file has taken it over."""


@pytest.mark.parametrize("answer", ANSWERS)
def test_whoever_took_it_over_gives_no_answer_in_its_name(answer: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "BEGIN", ANSWERING + ANSWERS[answer])
    with pytest.raises(media.Unfit, match="too much to be opened safely"):
        media.clean(files.png())


def test_planted_who_believes_it_keeps_a_page_with_a_script(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(apart, "BEGIN", ANSWERING + ANSWERS["of a kind that it cannot be"])
    assert apart.cleaned("png", files.png()) == ("html", b"<script>")


@pytest.mark.parametrize(("turned", "size"), [(1, (60, 40)), (6, (40, 60)), (3, (60, 40))])
def test_a_photo_lies_as_it_was_held(turned: int, size: tuple[int, int]) -> None:
    kept = Image.open(io.BytesIO(media.clean(files.jpeg(turned=turned)).body))
    assert kept.size == size
    corner = kept.convert("RGB").getpixel((3, 3))
    assert isinstance(corner, tuple)
    assert (corner[0] > 200) is (turned != 3), "red is not where it belongs"


def test_a_large_photo_is_made_smaller_and_stays_readable() -> None:
    kept = Image.open(io.BytesIO(media.clean(files.jpeg(width=9000, height=600)).body))
    assert max(kept.size) == pictures.LONGEST_SIDE


def polyglots() -> dict[str, bytes]:
    """Files that are two things at once."""
    script = b"<script>alert(1)</script>"
    return {
        "a photo with a page behind it": files.jpeg() + script,
        "a picture with a page in its words": files.png() + b"<html>" + script,
        "a photo with an archive behind it": files.jpeg() + b"PK\x03\x04" + bytes(30) + script,
        "a photo of a telephone with a page behind it": files.heic() + script,
        "a video with a page behind it": files.mp4() + b"\0\0\0\x30free" + script + bytes(15) + script,
        "a recording with a page behind it": files.mp3() + script,
    }


# asvs: 5.2.2
@pytest.mark.parametrize("name", polyglots())
def test_a_polyglot_is_what_it_begins_as_and_nothing_else(name: str) -> None:
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
    "a film of another kind": b"\x1aE\xdf\xa3" + bytes(100),
    "a video without picture and sound": files.mp4()[:32] + bytes(200),
    "a wave": b"RIFF\x24\0\0\0WAVEfmt " + bytes(16),
}


# asvs: 1.3.3, 1.3.4
@pytest.mark.parametrize("name", WRONG)
def test_what_is_not_on_the_list_is_refused(name: str) -> None:
    with pytest.raises(media.Unfit):
        media.clean(WRONG[name])


@pytest.mark.parametrize("kind", files.SENT)
def test_a_file_that_broke_off_is_refused(kind: str) -> None:
    """A recording in small pieces, MP3 or OGG, is heard as far as it goes."""
    whole = files.SENT[kind]()
    for part in (whole[: len(whole) // 2], whole[:30]) if kind not in ("mp3", "ogg") else (whole[:30],):
        with pytest.raises(media.Unfit):
            media.clean(part)


# asvs: 5.2.1
def test_ten_megabytes_and_no_more() -> None:
    fits = files.pdf(weight=LARGEST - 2048)
    fits = b"\n".join((fits[:-6], b"%" * (LARGEST - len(fits) - 1), fits[-6:]))
    assert len(fits) == LARGEST + 1
    with pytest.raises(media.Unfit, match="too large"):
        media.clean(fits)
    assert media.clean(fits.replace(b"%%\n", b"%\n", 1)).kind == "pdf"


# asvs: 5.2.3
def test_a_bomb_is_refused_before_it_unfolds(monkeypatch: pytest.MonkeyPatch) -> None:
    """100,000 by 100,000 points in a few hundred bytes."""
    sent = bytearray(files.png())
    sent[16:24] = (100_000).to_bytes(4, "big") * 2
    sent[29:33] = zlib.crc32(sent[12:29]).to_bytes(4, "big")
    with pytest.raises(media.Unfit, match="too much to be opened safely"):
        media.clean(bytes(sent))
    loaded: list[str] = []
    monkeypatch.setattr(Image.Image, "load", lambda *_: loaded.append("decoded"))
    with pytest.raises(bounds.TooMuch):
        pictures.cleaned("png", bytes(sent))
    assert loaded == []


@pytest.mark.parametrize("kind", ["jpeg", "png", "heic"])
def test_the_largest_picture_fits_into_the_memory_that_it_may_have(kind: str) -> None:
    """So many points as are taken, as a telephone would send them."""
    side = {"jpeg": 8000, "png": 5000, "heic": 5000}[kind]
    out = io.BytesIO()
    image = Image.new("RGB", (side, side), "teal")
    image.save(out, {"heic": "HEIF"}.get(kind, kind.upper()))
    kept = Image.open(io.BytesIO(media.clean(out.getvalue()).body))
    assert max(kept.size) == pictures.LONGEST_SIDE


def never_past(lot: random.Random, each: int) -> None:
    """Whatever is damaged is refused with a reason, or comes out clean; nothing else can come of it."""
    for made in files.SENT.values():
        for _ in range(each):
            try:
                kept = media.clean(files.damaged(lot, made()))
            except media.Unfit:
                continue
            assert kept.kind in KINDS


def test_random_damage_never_gets_past_as_anything_but_a_refusal_or_a_clean_file() -> None:
    never_past(
        random.Random(20260302), 3
    )  # each of them is a process; `make trials` has ten thousand, through the door
