"""The pack: what is asked for comes, whole files only, and nothing stale goes unnoticed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from exports.document import Document
from exports.pack import (
    KINDS,
    Order,
    count_documents,
    find_stale,
    parse_kinds,
    rare_names,
    render,
    write_documents,
)
from planner.errors import ExportError
from tests.builders import tiny_campaign, tiny_plan
from tests.unit.exports.sample import NOW, sample_dossier

_FILES = {
    "manifest": {"manifest-001.pdf", "manifest-002.pdf"},
    "runsheet": {"runsheet-001.pdf", "runsheet-002.pdf"},
    "trainlist": {"trainlist-g9999.pdf"},
    "xlsx": {"manifests.xlsx", "trainlist-g9999.xlsx", "runs.xlsx"},
}


def _document(filename: str) -> Document:
    return Document(filename=filename, media_type="text/plain", content=filename.encode())


@pytest.mark.parametrize("kind", sorted(_FILES))
def test_a_kind_gives_its_files(kind: str) -> None:
    documents = list(render(tiny_campaign(), tiny_plan(), order=Order(kinds=(kind,), now=NOW)))
    assert {document.filename for document in documents} == _FILES[kind]
    assert len(documents) == count_documents(tiny_campaign(), tiny_plan(), kinds=(kind,))


def test_progress_counts_up_to_what_was_announced() -> None:
    told: list[tuple[int, int]] = []

    def tell(done: int, total: int) -> None:
        told.append((done, total))

    order = Order(kinds=("trainlist", "xlsx"), now=NOW)
    documents = render(tiny_campaign(), tiny_plan(), order=order, progress=tell)
    assert len(list(documents)) == 4
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_kinds_are_read_in_the_order_they_are_made() -> None:
    assert parse_kinds("xlsx, manifest") == ("manifest", "xlsx")
    assert parse_kinds("ics,all") == KINDS


@pytest.mark.parametrize("text", ["", "manifst", "manifest,netex"])
def test_unknown_kinds_are_refused(text: str) -> None:
    with pytest.raises(ExportError):
        parse_kinds(text)


def test_a_moment_without_a_zone_is_refused() -> None:
    order = Order(kinds=("xlsx",), now=datetime(2027, 2, 10, 21, 40))  # noqa: DTZ001  the point of the test
    with pytest.raises(ExportError):
        list(render(tiny_campaign(), tiny_plan(), order=order))


def test_documents_are_written_under_their_names(tmp_path: Path) -> None:
    folder = tmp_path / "out" / "包"
    assert write_documents([_document("a.txt"), _document("b.txt")], folder) == ("a.txt", "b.txt")
    assert {path.name: path.read_text() for path in folder.iterdir()} == {"a.txt": "a.txt", "b.txt": "b.txt"}


def test_a_break_leaves_whole_files_only(tmp_path: Path) -> None:
    def breaking() -> Iterator[Document]:
        yield _document("a.txt")
        raise ExportError("out of paper")

    with pytest.raises(ExportError):
        write_documents(breaking(), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]


def test_sheets_of_an_earlier_plan_are_found(tmp_path: Path) -> None:
    write_documents([_document(f"manifest-00{run}.pdf") for run in (1, 2)], tmp_path)
    write_documents([_document("runsheet-009.pdf"), _document("my notes.pdf")], tmp_path)
    written = write_documents([_document("manifest-001.pdf")], tmp_path)
    assert find_stale(tmp_path, written) == ("manifest-002.pdf",)


def test_names_to_write_by_hand_are_told() -> None:
    assert rare_names(tiny_campaign()) == ()
    assert rare_names(sample_dossier().campaign) == ("刘\U0002eb89",)


def test_a_plan_that_serves_nobody_still_gives_its_summary() -> None:
    plan = replace(tiny_plan(), routes=(), legs=(), events=())
    order = Order(kinds=("manifest", "runsheet", "trainlist", "xlsx"), now=NOW)
    documents = list(render(tiny_campaign(), plan, order=order))
    assert [document.filename for document in documents] == ["runs.xlsx"]
    assert count_documents(tiny_campaign(), plan, kinds=order.kinds) == 1
