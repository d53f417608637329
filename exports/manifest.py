"""The passenger manifest: who boards one run, by stop in driving order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from exports.dates import say_clock, say_day
from exports.personrows import PersonRows
from exports.privacy import Sheet
from exports.sheethead import (
    build_head,
    captain_fact,
    connection,
    connections,
    departure_badge,
    driver_fact,
    heads_fact,
    round_note,
    run_badge,
    say_seat,
    vehicle_fact,
)
from exports.views import BLANK_SIGN, Fact, ManifestRow, ManifestStop, ManifestView
from planner.told import gather_time_s, meet_time_s, start_time_s

if TYPE_CHECKING:
    from exports.dossier import Dossier
    from planner.model.people import Registration
    from planner.model.plan import Route, Stop

_COLUMNS = {
    Sheet.MANIFEST: (
        "tick",
        "number",
        "bar",
        "name",
        "sex_age",
        "document",
        "phone",
        "employer",
        "note",
    ),
    Sheet.OPERATOR_LIST: (
        "number",
        "time",
        "place",
        "name",
        "sex_age",
        "document_type",
        "document",
        "phone",
        "destination",
        "employer",
        "note",
    ),
}
_SIGNATURES = ("present", "absent", "captain", "driver")


def build_manifest(dossier: Dossier, route: Route, *, sheet: Sheet = Sheet.MANIFEST) -> ManifestView:
    """Build the list of a run as ``sheet`` may show it (marshal: masked papers; operator: full)."""
    word = dossier.word
    parties = {stop.place_id: dossier.boarding(route, stop) for stop in route.stops if stop.board}
    day = dossier.departures[route.departure_id].day
    people = PersonRows(dossier, (party for stop in parties.values() for party in stop), day=day, sheet=sheet)
    rides = _name_rides(dossier, route)
    return ManifestView(
        run=route.run,
        head=build_head(
            dossier,
            sheet,
            badge=run_badge(dossier, route.run),
            badge_note=round_note(dossier, route),
            item=str(route.run),
            facts=_build_facts(dossier, route),
        ),
        columns=tuple(word(f"sheet.{sheet}.column.{name}") for name in _COLUMNS[sheet]),
        ride_column=word(_ride_key(dossier, route)) if rides else "",
        note_and=word("sheet.note.and"),
        present=word("home.present" if route.home else "sheet.manifest.present", blank=BLANK_SIGN),
        stops=tuple(
            _build_stop(
                dossier,
                stop,
                home=route.home,
                rows=tuple(
                    people.build(
                        person, party, captain=_captain_note(dossier, person), ride=rides.get(person.id, ())
                    )
                    for party in parties[stop.place_id]
                    for person in party
                ),
            )
            for stop in route.stops
            if stop.board
        ),
        closing=word(
            "home.closing" if route.home else "sheet.manifest.closing", phone=dossier.campaign.phone
        ),
        signatures=tuple(word(f"sheet.signature.{name}") for name in _SIGNATURES),
    )


def _build_facts(dossier: Dossier, route: Route) -> tuple[Fact, ...]:
    if route.home:
        return _build_home_facts(dossier, route)
    word, campaign = dossier.word, dossier.campaign
    departure = dossier.departures[route.departure_id]
    first = next(stop for stop in route.stops if stop.board)
    early = campaign.to_seconds(departure.departs) // 60 - route.arrive_s // 60
    station = dossier.places[departure.origin_id].name
    return (
        Fact(label=word("sheet.fact.date"), value=say_day(departure.day, locale=dossier.locale)),
        Fact(label=word("sheet.fact.first_stop"), value=say_clock(first.board_s), strong=True),
        Fact(
            label=word("sheet.fact.arrive", station=station),
            value=word("sheet.manifest.arrive", time=say_clock(route.arrive_s), minutes=early),
        ),
        Fact(label=word("sheet.fact.connection"), value=connections(dossier, route), strong=True),
        vehicle_fact(dossier, route),
        heads_fact(dossier, route, strong=False),
        driver_fact(dossier, route),
        captain_fact(dossier, route),
    )


def _build_home_facts(dossier: Dossier, route: Route) -> tuple[Fact, ...]:
    """The same band for a run home: everybody boards at the station."""
    word = dossier.word
    departure = dossier.departures[route.departure_id]
    gather = say_clock(start_time_s(dossier.campaign, route))
    station = dossier.places[route.start_place_id].name
    return (
        Fact(label=word("sheet.fact.date"), value=say_day(departure.day, locale=dossier.locale)),
        Fact(label=word("home.leave"), value=say_clock(route.start_s), strong=True),
        Fact(label=word("home.from", station=station), value=word("home.gather", time=gather)),
        Fact(label=word("home.meets"), value=connection(dossier, departure, home=True), strong=True),
        vehicle_fact(dossier, route),
        heads_fact(dossier, route, strong=False),
        driver_fact(dossier, route),
        captain_fact(dossier, route),
    )


def _build_stop(
    dossier: Dossier, stop: Stop, *, rows: tuple[ManifestRow, ...], home: bool = False
) -> ManifestStop:
    word = dossier.word
    told_s = meet_time_s(stop) if home else gather_time_s(dossier.campaign, stop)
    return ManifestStop(
        time=say_clock(stop.arrive_s if home else stop.board_s),
        place=dossier.places[stop.place_id].name,
        gather=stop.gather,
        board=word("home.alight" if home else "sheet.manifest.board", heads=stop.board),
        gather_time=word("home.meet" if home else "sheet.manifest.gather", time=say_clock(told_s)),
        rows=rows,
    )


def _captain_note(dossier: Dossier, person: Registration) -> str | None:
    return dossier.word("sheet.note.captain") if dossier.leads(person) else None


def _name_rides(dossier: Dossier, route: Route) -> dict[str, tuple[str, ...]]:
    """Say which coach everybody catches and where they sit; nothing where there is nothing to tell apart.

    On the way home that seat is behind them.
    """
    several = len(dossier.fed(route)) > 1
    parties = (party for stop in route.stops if stop.board for party in dossier.boarding(route, stop))
    rides: dict[str, tuple[str, ...]] = {}
    for person in (person for party in parties for person in party):
        departure = dossier.departures.get(dossier.departure_of.get(person.id, route.departure_id))
        number = departure_badge(dossier, departure) if several and departure else ""
        parts = (number, "" if route.home else say_seat(dossier, person))
        if any(parts):
            rides[person.id] = tuple(part for part in parts if part)
    return rides


def _ride_key(dossier: Dossier, route: Route) -> str:
    several = len(dossier.fed(route)) > 1
    if route.home:
        return "home.meets"
    if not dossier.plan.seats:
        return "sheet.manifest.ride"
    return "sheet.manifest.ride_seat" if several else "sheet.manifest.seat"
