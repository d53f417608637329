"""The head and foot every sheet shares."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.dates import say_clock, say_stamp
from exports.dossier import Contact
from exports.privacy import Sheet
from exports.views import BLANK_SIGN, Fact, SheetHead

if TYPE_CHECKING:
    from exports.dossier import Dossier
    from planner.model.fleet import Departure
    from planner.model.people import Registration
    from planner.model.plan import Route


def build_head(
    dossier: Dossier, sheet: Sheet, *, badge: str, badge_note: str = "", item: str, facts: tuple[Fact, ...]
) -> SheetHead:
    """Build what stands above and below a sheet; ``item`` tells the sheets of one kind apart in the QR."""
    campaign, plan, word = dossier.campaign, dossier.plan, dossier.word
    return SheetHead(
        title=word(f"sheet.{sheet}.title"),
        title_again=word(f"sheet.{sheet}.title_again"),
        subtitle=word(
            f"sheet.{sheet}.subtitle", campaign=campaign.name, office=campaign.office, phone=campaign.phone
        ),
        badge=badge,
        badge_note=badge_note,
        facts=facts,
        code=f"breeze {plan.campaign_id} v{plan.version} {dossier.plan_code} {sheet} {item}",
        code_label=word("sheet.code"),
        holder=word(f"sheet.{sheet}.holder"),
        stamp=word("sheet.stamp", version=plan.version, stamp=say_stamp(dossier.now)),
        page=word("sheet.page", page="{page}", pages="{pages}"),
        data_note=campaign.data_note,
        by_hand=word("sheet.by_hand"),
    )


def run_badge(dossier: Dossier, run: int) -> str:
    """Name a run as people shout it: ``7 号车``."""
    return dossier.word("sheet.run", run=run)


def round_note(dossier: Dossier, route: Route) -> str:
    """Say which round of its vehicle a run is, when there is more than one."""
    if len(dossier.rounds(route)) == 1:
        return ""
    return dossier.word("sheet.round", round=route.round, rounds=len(dossier.rounds(route)))


def departure_badge(dossier: Dossier, departure: Departure) -> str:
    """Name a departure: ``G9801次``, a coach by its number alone."""
    return dossier.word(f"sheet.departure.{departure.mode}", number=departure.number)


def connection(dossier: Dossier, departure: Departure, *, home: bool = False) -> str:
    """Say what is caught and when: ``G9801次 11:16 开``; on the way home what is met: ``15:20 到``."""
    if home:
        clock = say_clock(dossier.in_s(departure))
        return dossier.word("home.connection", name=departure_badge(dossier, departure), time=clock)
    clock = say_clock(dossier.campaign.to_seconds(departure.departs))
    return dossier.word("sheet.connection", name=departure_badge(dossier, departure), time=clock)


def connections(dossier: Dossier, route: Route) -> str:
    """Say all that the people of a run catch: ``东莞1、深圳2 09:00 开``."""
    by_time: dict[int, list[str]] = {}
    for departure in dossier.fed(route):
        leaves_s = dossier.campaign.to_seconds(departure.departs)
        by_time.setdefault(leaves_s, []).append(departure_badge(dossier, departure))
    between = dossier.word("sheet.departure.and")
    return dossier.word("sheet.note.and").join(
        dossier.word("sheet.connection", name=between.join(names), time=say_clock(leaves_s))
        for leaves_s, names in by_time.items()
    )


def say_seat(dossier: Dossier, person: Registration) -> str:
    """Say where somebody sits: ``23号`` in a coach, ``3车 12F`` in a train; empty where nobody knows."""
    seat = dossier.seat_of(person)
    if seat is None:
        return ""
    return dossier.word(
        "sheet.seat.train" if seat.carriage else "sheet.seat.coach", carriage=seat.carriage, label=seat.label
    )


def vehicle_fact(dossier: Dossier, route: Route) -> Fact:
    """Name plate and rated seats; without a plate the vehicle's id and room to write one."""
    kind = dossier.vehicle_type(route.vehicle_id)
    plate = dossier.crew(route.vehicle_id).plate
    return Fact(
        label=dossier.word("sheet.fact.vehicle"),
        value=dossier.word(
            "sheet.vehicle" if plate else "sheet.vehicle_unnamed",
            plate=plate or route.vehicle_id,
            seats=kind.rated_seats,
            blank=BLANK_SIGN,
        ),
    )


def driver_fact(dossier: Dossier, route: Route) -> Fact:
    """Name the driver, or leave room."""
    crew = dossier.crew(route.vehicle_id)
    contact = Contact(name=crew.driver_name, phone=crew.driver_phone)
    return Fact(label=dossier.word("sheet.fact.driver"), value=contact.line)


def captain_fact(dossier: Dossier, route: Route) -> Fact:
    """Name the captain, or leave room."""
    return Fact(label=dossier.word("sheet.fact.captain"), value=dossier.captain(route).line)


def heads_fact(dossier: Dossier, route: Route, *, strong: bool) -> Fact:
    """Give headcount and capacity: ``45 / 47``."""
    value = dossier.word("sheet.heads_of", heads=route.heads, seats=dossier.seats(route))
    return Fact(label=dossier.word("sheet.fact.heads"), value=value, strong=strong)
