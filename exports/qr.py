"""QR codes for sheets: which plan, version and sheet; nothing personal."""

from __future__ import annotations

import io
from typing import Final

import segno

from planner.errors import ExportError

SIDE_MM: Final = 20
_LEAST_MODULE_MM: Final = 0.5
"""Smaller dots are not read from an office laser's paper."""


def draw_code(content: str) -> str:
    """Draw ``content`` as SVG without the quiet zone, which the sheet's white gives; level M.

    ExportError when its dots would be smaller than 0.5 mm at 20 mm.
    """
    code = segno.make_qr(content, error="m", boost_error=False)
    modules = code.symbol_size(border=0)[0]
    if SIDE_MM / modules < _LEAST_MODULE_MM:
        raise ExportError(f"QR text too long for {SIDE_MM} mm: {len(content)} characters")
    out = io.BytesIO()
    code.save(out, kind="svg", border=0, xmldecl=False, svgns=True, nl=False)
    return out.getvalue().decode()
