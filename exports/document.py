"""A finished document: bytes with a name and a media type, not yet anywhere on a disk."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What every ``render_`` gives; ``filename`` is a bare name, the caller chooses the folder."""

    filename: str
    media_type: str
    content: bytes
