"""Coaches and subsidised people in figures for the office's workbook, and the list for whoever pays."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from exports.coaches import Coach, coach_times, read_coach, say_target
from exports.coachviews import CoachSummaryRow, SubsidyPerson, SubsidyRow, TableView
from exports.dates import say_clock, say_day, say_km, say_stamp
from exports.privacy import Sheet, show_document, show_phone
from exports.sheethead import departure_badge
from exports.words import label
from planner.model.campaign import Direction

if TYPE_CHECKING:
    from datetime import date

    from exports.dossier import Dossier
    from planner.model.fleet import Departure
    from planner.model.plan import Cause, Subsidised

_COACHES = (
    "number",
    "day",
    "leaves",
    "arrives",
    "to",
    "vehicle",
    "plate",
    "operator",
    "drivers",
    "heads",
    "seats",
    "fill",
    "km",
    "yuan",
    "home",
    "captain",
)
_SUBSIDY = ("to", "reason", "days", "heads", "yuan")
_PEOPLE = (
    "number",
    "name",
    "document_type",
    "document",
    "phone",
    "home",
    "employer",
    "to",
    "day",
    "yuan",
    "reason",
)


def build_trunk_tables(dossier: Dossier) -> tuple[TableView, ...]:
    """Build the tables that have rows: coaches by departure, subsidised people by destination and reason."""
    coaches = tuple(_build_coach(dossier, departure) for departure in dossier.coaches)
    subsidised = _build_subsidies(dossier)
    tables: list[TableView] = []
    if coaches:
        total = dossier.word("sheet.coach_summary.total", runs=len(coaches))
        tables.append(_build_table(dossier, "coach_summary", columns=_COACHES, total=total, rows=coaches))
    if subsidised:
        total = dossier.word("sheet.subsidy_summary.total")
        tables.append(
            _build_table(dossier, "subsidy_summary", columns=_SUBSIDY, total=total, rows=subsidised)
        )
    return tuple(tables)


def build_subsidy_list(dossier: Dossier) -> TableView:
    """Build the list of those who are paid ticket and subsidy, with whole numbers of papers."""
    rows: list[SubsidyPerson] = []
    for paid in dossier.plan.subsidised:
        for registration in paid.registration_ids:
            person = dossier.person(registration)
            village = dossier.places[person.village_id]
            rows.append(
                SubsidyPerson(
                    number=len(rows) + 1,
                    name=person.name,
                    document_type=label(person.document_type, locale=dossier.locale),
                    document=show_document(person, Sheet.SUBSIDY_LIST),
                    phone=show_phone(person, Sheet.SUBSIDY_LIST),
                    home=f"{village.township} {village.name}".strip(),
                    employer=person.employer,
                    to=dossier.destination_name(paid.destination_id),
                    day=say_day(paid.day, locale=dossier.locale),
                    yuan=_yuan(paid.fen // len(paid.registration_ids)),
                    reason=_say_reason(dossier, paid),
                )
            )
    total = dossier.word("sheet.subsidy_list.total")
    return _build_table(dossier, "subsidy_list", columns=_PEOPLE, total=total, rows=tuple(rows))


def _build_table(
    dossier: Dossier,
    key: str,
    *,
    columns: tuple[str, ...],
    total: str,
    rows: tuple[CoachSummaryRow, ...] | tuple[SubsidyRow, ...] | tuple[SubsidyPerson, ...],
) -> TableView:
    word = dossier.word
    stamp = word("sheet.stamp", version=dossier.plan.version, stamp=say_stamp(dossier.now))
    return TableView(
        name=word(f"sheet.{key}.name"),
        title=word(f"sheet.{key}.title", campaign=dossier.campaign.name),
        stamp=stamp,
        foot=f"{word(f'sheet.{key}.holder')}  {stamp}",
        data_note=dossier.campaign.data_note,
        columns=tuple(_say_column(dossier, name, key=key) for name in columns),
        total=total,
        rows=rows,
    )


def _say_column(dossier: Dossier, name: str, *, key: str) -> str:
    """On the way home the city is where a coach comes from."""
    turned = dossier.campaign.direction is Direction.HOME and (key, name) == ("coach_summary", "to")
    return dossier.word("home.coach_summary.to" if turned else f"sheet.{key}.column.{name}")


def _build_coach(dossier: Dossier, departure: Departure) -> CoachSummaryRow:
    coach, heads = read_coach(dossier, departure), len(dossier.riders(departure.id))
    run, (leaves_s, arrives_s) = coach.run, coach_times(dossier, departure)
    return CoachSummaryRow(
        number=departure_badge(dossier, departure),
        day=say_day(dossier.campaign.to_datetime(leaves_s).date(), locale=dossier.locale),
        leaves=say_clock(leaves_s),
        arrives=_say_moment(dossier, departure, at_s=arrives_s),
        to=say_target(dossier, departure),
        vehicle="" if coach.kind is None else coach.kind.name,
        plate=_say_plate(coach),
        operator="" if run is None else dossier.group(run.vehicle_id).operator,
        drivers=dossier.word("sheet.departure.and").join(
            driver.line for driver in coach.drivers if driver.line
        ),
        heads=heads,
        seats=departure.quota,
        fill=f"{100 * heads / departure.quota:.0f}%" if departure.quota else "",
        km=0 if run is None else say_km(sum(movement.metres for movement in run.movements)),
        yuan=_yuan(departure.fixed_fen + departure.fare_fen * heads if run is None else run.cost_fen),
        home="" if run is None else _say_moment(dossier, departure, at_s=run.end_s),
        captain=coach.captain.line,
    )


def _say_plate(coach: Coach) -> str:
    if coach.run is None:
        return ""
    return (coach.crew.plate if coach.crew else "") or coach.run.vehicle_id


def _say_moment(dossier: Dossier, departure: Departure, *, at_s: int) -> str:
    """The clock, with the days since it left where there are any."""
    leaves_s, _ = coach_times(dossier, departure)
    days = at_s // 86_400 - leaves_s // 86_400
    clock = say_clock(at_s)
    return dossier.word("sheet.coach.days_on", days=days, time=clock) if days else clock


def _build_subsidies(dossier: Dossier) -> tuple[SubsidyRow, ...]:
    groups: defaultdict[tuple[str, Cause | None], list[Subsidised]] = defaultdict(list)
    for paid in dossier.plan.subsidised:
        groups[paid.destination_id, paid.why.cause if paid.why else None].append(paid)
    order = sorted(groups.items(), key=lambda entry: (entry[0][0], entry[0][1] or ""))
    return tuple(
        SubsidyRow(
            to=dossier.destination_name(destination),
            reason=_say_reason(dossier, group[0]),
            days=_say_days(dossier, [paid.day for paid in group]),
            heads=sum(len(paid.registration_ids) for paid in group),
            yuan=_yuan(sum(paid.fen for paid in group)),
        )
        for (destination, _), group in order
    )


def _say_reason(dossier: Dossier, paid: Subsidised) -> str:
    key = "cause_name.too_few" if paid.why is None else f"cause_name.{paid.why.cause}"
    return dossier.word(key)


def _say_days(dossier: Dossier, days: list[date]) -> str:
    first, last = min(days), max(days)
    shown = say_day(first, locale=dossier.locale)
    return shown if first == last else f"{shown} – {say_day(last, locale=dossier.locale)}"


def _yuan(fen: int) -> int:
    return (fen + 50) // 100
