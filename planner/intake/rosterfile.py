"""The canonical roster: registrations -> roster.xlsx, every cell a text cell, the same bytes each time.

Written through pandas' own xlsxwriter engine: pandas belongs to intake, xlsxwriter itself to
``exports/xlsx.py``. The creation date is fixed, so that equal people give an equal file.
"""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final, cast

import pandas as pd

from planner.intake.columns import ROSTER, ROSTER_SHEET
from planner.intake.rosterwords import DOCUMENTS, SEXES, YES
from planner.model.campaign import Campaign
from planner.model.people import Registration
from planner.model.places import Destination, DestinationId, Place, PlaceId, PlaceKind

_CREATED: Final = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)
_OPTIONS: Final = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "default_date_format": "yyyy-mm-dd",
}
_WIDTH: Final = 14


def roster_bytes(campaign: Campaign) -> bytes:
    """Write the campaign's people as the one sheet that any office program opens without harm to the IDs."""
    rows = _rows(campaign)
    frame = pd.DataFrame(
        {name: [row[at] for row in rows] for at, name in enumerate(ROSTER.names)}, dtype=object
    )
    target = io.BytesIO()
    with pd.ExcelWriter(target, engine="xlsxwriter", engine_kwargs={"options": _OPTIONS}) as writer:
        frame.to_excel(writer, sheet_name=ROSTER_SHEET, index=False)
        book = cast("Any", writer.book)
        book.set_properties({"created": _CREATED})
        text = book.add_format({"num_format": "@"})
        sheet = writer.sheets[ROSTER_SHEET]
        sheet.set_column(0, len(ROSTER.columns) - 1, _WIDTH, text)
        sheet.freeze_panes(1, 2)
    return target.getvalue()


def _rows(campaign: Campaign) -> list[tuple[str, ...]]:
    places = {place.id: place for place in campaign.places}
    destinations = {place.id: place for place in campaign.destinations}
    names = Counter(
        (place.township, place.name) for place in campaign.places if place.kind is PlaceKind.VILLAGE
    )
    alone = {key for key, count in names.items() if count == 1}
    return [
        _cells(person, _village(person, places, alone=alone), destinations=destinations)
        for person in campaign.registrations
    ]


def _village(
    person: Registration, places: Mapping[PlaceId, Place], *, alone: set[tuple[str, str]]
) -> tuple[str, str]:
    """Township and village as names, or the village's code where the names would not lead back to it."""
    place = places.get(person.village_id)
    if place is None or (place.township, place.name) not in alone:
        return (place.township if place else "", person.village_id)
    return place.township, place.name


def _cells(
    person: Registration, village: tuple[str, str], *, destinations: Mapping[DestinationId, Destination]
) -> tuple[str, ...]:
    destination = destinations.get(person.destination_id)
    return (
        person.id,
        person.name,
        SEXES[person.sex][0] if person.sex else "",
        person.birth.isoformat() if person.birth else "",
        DOCUMENTS[person.document_type][0],
        person.document_number,
        person.phone,
        *village,
        person.group,
        destination.name if destination else person.destination_id,
        person.travel_date.isoformat(),
        person.latest_date.isoformat() if person.latest_date else "",
        person.employer,
        *(YES[0] if flag else "" for flag in (person.captain, person.child, person.relief)),
        person.needs,
        person.note,
    )
