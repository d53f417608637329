"""What a printed sheet is made of, read back from the PDF: texts, sizes, boxes, inks."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

from pypdf import PdfReader
from pypdf.generic import ContentStream

POINTS_PER_MM = 72 / 25.4
_RECTANGLE = ["m", "l", "l", "l"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Print:
    """A PDF taken apart. Lengths in points; ``boxes`` are the stroked rectangles, width by height."""

    pages: tuple[str, ...]
    font_sizes: frozenset[float]
    boxes: tuple[tuple[float, float], ...]
    inks: frozenset[float]
    text_left: float

    @property
    def text(self) -> str:
        """All pages' text in one line: a table's cells come out in an order of their own."""
        return "\n".join(self.pages)


def read_print(content: bytes) -> Print:
    """Take a PDF apart."""
    reader = PdfReader(io.BytesIO(content))
    sizes: set[float] = set()
    inks: set[float] = set()
    boxes: list[tuple[float, float]] = []
    lefts: list[float] = []
    for page in reader.pages:
        path: list[tuple[str, list[float]]] = []
        left = 0.0
        for operands, operator in _operations(page, reader):
            if operator in {"m", "l", "c", "h"}:
                path.append((operator, operands))
            elif operator == "cm":
                left = operands[4]
            elif operator == "Tf":
                sizes.add(operands[1])
                lefts.append(left)
            elif operator in {"scn", "SCN"}:
                inks.add(round(operands[0], 2))
            elif operator in {"S", "f", "s"}:
                box = _box(path) if operator != "f" else None
                boxes += [box] if box else []
                path = []
    pages = tuple(page.extract_text() for page in reader.pages)
    return Print(
        pages=pages,
        font_sizes=frozenset(sizes),
        boxes=tuple(boxes),
        inks=frozenset(inks),
        text_left=min(lefts),
    )


def _operations(page: Any, reader: PdfReader) -> list[tuple[list[Any], str]]:
    stream = ContentStream(page.get_contents(), reader)
    return [
        ([float(each) if hasattr(each, "real") else each for each in operands], operator.decode())
        for operands, operator in stream.operations
    ]


def _box(path: list[tuple[str, list[float]]]) -> tuple[float, float] | None:
    if [operator for operator, _ in path if operator != "h"] != _RECTANGLE:
        return None
    points = [operands for operator, operands in path if operator != "h"]
    across = [point[0] for point in points]
    down = [point[1] for point in points]
    return max(across) - min(across), max(down) - min(down)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A piece of text of one size, and where its line begins, in points from the page's lower left."""

    page: int
    text: str
    size: float
    left: float
    base: float


def read_runs(content: bytes) -> tuple[Run, ...]:
    """Read the pieces of text in the order they were set."""
    runs: list[Run] = []
    for number, page in enumerate(PdfReader(io.BytesIO(content)).pages):

        def visit(text: str, cm: Any, *rest: Any, page: int = number) -> None:
            if text.strip():
                runs.append(Run(page=page, text=text.strip(), size=rest[2], left=cm[4], base=cm[5]))

        page.extract_text(visitor_text=visit)
    return tuple(runs)


def read_modules(content: bytes) -> tuple[float, ...]:
    """Read the sides in points of the dots of each QR code: the only drawing that is enlarged."""
    reader = PdfReader(io.BytesIO(content))
    operations = (each for page in reader.pages for each in _operations(page, reader))
    return tuple(operands[0] for operands, operator in operations if operator == "cm" and operands[0] != 1)
