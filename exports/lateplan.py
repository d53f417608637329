"""What to do when a run is late or breaks down, worked out before anybody is late."""

from __future__ import annotations

from math import cos, radians
from typing import TYPE_CHECKING

from exports.dates import say_clock
from exports.sheethead import connection, run_badge
from exports.views import Advice
from planner.model.fleet import Mode

if TYPE_CHECKING:
    from exports.dossier import Dossier
    from planner.model.fleet import Departure
    from planner.model.plan import Route, Stop


def build_late_plan(dossier: Dossier, route: Route) -> tuple[Advice, ...]:
    """Give the four cases of the framed box: 10 minutes, after the latest time, too late, broken down."""
    word, campaign = dossier.word, dossier.campaign
    departure = dossier.departures[route.departure_id]
    if route.home:
        return (
            Advice(when=word("home.train_late"), act=word("home.train_late_act")),
            Advice(when=word("home.missing"), act=word("home.missing_act")),
            Advice(
                when=word("home.after", time=say_clock(dossier.leave_by_s(departure))),
                act=word("home.after_act"),
            ),
            Advice(when=word("sheet.late.broken"), act=_say_help(dossier, route)),
        )
    coach = departure.mode is Mode.COACH
    shut_min = 0 if coach else campaign.rules.gate_close_min
    closes_s = campaign.to_seconds(departure.departs) - shut_min * 60
    return (
        Advice(when=word("sheet.late.ten"), act=word("sheet.late.ten_act")),
        Advice(
            when=word("sheet.late.after", time=say_clock(dossier.latest_s(departure))),
            act=word("sheet.late.after_coach" if coach else "sheet.late.after_act", gate=say_clock(closes_s)),
        ),
        Advice(when=word("sheet.late.missed", time=say_clock(closes_s)), act=_say_fallback(dossier, route)),
        Advice(when=word("sheet.late.broken"), act=_say_help(dossier, route)),
    )


def find_fallback(dossier: Dossier, route: Route) -> Departure | None:
    """Find the next departure of the day from the same place, calling wherever this run's people go.

    Whether it has seats is said in words, not decided here: on the day the office may still find some.
    """
    firms = frozenset(each.employer for each in dossier.fed(route))
    missed = dossier.departures[route.departure_id]
    return find_later(dossier, missed, wanted=dossier.destinations_of(route), firms=firms)


def find_later(
    dossier: Dossier, missed: Departure, *, wanted: frozenset[str], firms: frozenset[str]
) -> Departure | None:
    """Find the next departure of the day from the same place that calls at all of ``wanted``.

    A coach to a firm's gate takes people of that firm only.
    """
    later = [
        each
        for each in dossier.departures.values()
        if each.origin_id == missed.origin_id
        and each.departs > missed.departs
        and each.day == missed.day
        and wanted <= {call.destination_id for call in each.calls}
        and (not each.employer or firms == frozenset({each.employer}))
    ]
    return min(later, key=lambda each: (each.departs, each.id), default=None)


def find_helper(dossier: Dossier, route: Route) -> tuple[Route, Stop] | None:
    """Find another vehicle on the road at the same time, and its pick-up nearest to any of this run's.

    As the crow flies: a hint for the dispatcher, not a promise.
    """
    found = (
        (_gap(mine, other), run.run, run, other)
        for run in dossier.routes
        if _could_help(run, route)
        for mine in route.stops[:-1]
        for other in run.stops[:-1]
        if route.start_s <= other.depart_s <= route.arrive_s
    )
    best = min(found, key=lambda each: each[:2], default=None)
    return None if best is None else (best[2], best[3])


def _could_help(run: Route, route: Route) -> bool:
    together = run.start_s <= route.arrive_s and route.start_s <= run.arrive_s
    return together and run.vehicle_id != route.vehicle_id


def _gap(one: Stop, two: Stop) -> float:
    return (one.lat - two.lat) ** 2 + ((one.lon - two.lon) * cos(radians(one.lat))) ** 2


def _say_fallback(dossier: Dossier, route: Route) -> str:
    fallback = find_fallback(dossier, route)
    if fallback is None:
        names = (each.number for each in dossier.fed(route))
        return dossier.word("sheet.late.missed_last", name=dossier.word("sheet.departure.and").join(names))
    left = dossier.seats_left(fallback)
    key = "sheet.late.missed_act" if left > 0 else "sheet.late.missed_full"
    return dossier.word(key, connection=connection(dossier, fallback), left=left)


def _say_help(dossier: Dossier, route: Route) -> str:
    found = find_helper(dossier, route)
    if found is None:
        return dossier.word("sheet.late.broken_alone")
    run, stop = found
    return dossier.word(
        "sheet.late.broken_act",
        run=run_badge(dossier, run.run),
        time=say_clock(stop.board_s),
        place=dossier.places[stop.place_id].name,
    )
