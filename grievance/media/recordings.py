"""Sound and moving pictures are put into a new file, as they are; everything beside them stays behind.

What goes: titles, places, the phone, the time, covers, chapters, subtitles, and the tracks in which cameras write where
they are. Nothing is decoded, so nothing is lost. Runs in a process of its own.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from av.container import InputContainer

OPTIONS: dict[str, dict[str, str]] = {
    "mp4": {"fflags": "+bitexact", "empty_hdlr_name": "1"},
    "mp3": {"fflags": "+bitexact", "id3v2_version": "0", "write_id3v1": "0", "write_xing": "0"},
    "ogg": {"fflags": "+bitexact"},
}
"""No name of the program that wrote it, and no tags."""
SOUND = frozenset({"aac", "alac", "mp3", "opus", "vorbis", "flac", "speex", "amr_nb", "amr_wb"})
ONLY_3GP = frozenset({"amr_nb", "amr_wb", "h263"})
"""What older telephones record; it fits into no MP4."""
PICTURES = frozenset({"h264", "hevc", "mpeg4", "h263", "av1", "vp9"})


def load() -> None:
    """Everything that will be needed."""
    import av
    import av.logging
    import av.subtitles.stream

    av.logging.set_level(None)


def cleaned(kind: str, sent: bytes) -> tuple[str, bytes]:
    """(m4a for sound alone, or mp4, mp3, ogg; the new file). Raises whatever a damaged one does to its reader."""
    import av

    with av.open(io.BytesIO(sent), "r", format=kind, metadata_errors="ignore") as old:
        streams = list(_streams(old, pictures=kind == "mp4"))
        if not streams:
            raise ValueError("no sound and no picture")
        moving = any(stream.type == "video" for stream in streams)
        out, written = io.BytesIO(), 0
        form = "3gp" if any(_name(stream) in ONLY_3GP for stream in streams) else kind
        with av.open(out, "w", format=form, options=OPTIONS[kind]) as new:
            into = {stream.index: new.add_stream_from_template(stream) for stream in streams}
            for stream in into.values():
                stream.metadata.clear()
            for packet in old.demux(streams):
                if packet.dts is not None and (kind != "mp3" or _is_frame(bytes(packet))):
                    packet.stream = into[packet.stream.index]
                    new.mux(packet)
                    written += 1
    if not written:
        raise ValueError("nothing in it")
    return ("mp4" if moving else "m4a") if kind == "mp4" else kind, out.getvalue()


def _streams(old: InputContainer, *, pictures: bool) -> Iterator[Any]:
    """What is heard and what moves; a cover is neither."""
    from av.stream import Disposition

    for stream in old.streams:
        name = _name(stream)
        cover = bool(stream.disposition & Disposition.attached_pic)
        if (stream.type == "audio" and name in SOUND) or (
            pictures and stream.type == "video" and name in PICTURES and not cover
        ):
            yield stream


def _is_frame(packet: bytes) -> bool:
    """An MP3 has no container: what stands between its frames and behind them would be taken for one."""
    return len(packet) > 4 and packet[0] == 0xFF and packet[1] & 0xE0 == 0xE0  # noqa: PLR2004  eleven bits of a frame's head


def _name(stream: Any) -> str:
    """By which codec it is packed; nothing where that is not known."""
    context = stream.codec_context
    return str(context.codec.canonical_name) if context is not None else ""
