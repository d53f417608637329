"""The run sheet of a trunk coach: its drivers' table, out and back, beside what the law asks of them."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from exports.coaches import build_coach_facts, read_coach, say_target
from exports.coachviews import CoachSheetView, Haul, HaulRow
from exports.dates import say_clock, say_day, say_km, say_span
from exports.hours import longest_spell_s, most_in_a_day_s
from exports.privacy import Sheet
from exports.sheethead import build_head, departure_badge
from exports.views import BLANK_SIGN, Advice, Figure
from planner.check import clause_of
from planner.model.campaign import Direction
from planner.model.trunk import Doing, Movement

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import time

    from exports.coaches import Coach
    from exports.dossier import Dossier
    from planner.model.fleet import Departure

_COLUMNS = ("tick", "planned", "actual", "doing", "driver", "span", "km")
_BRIEFING = ("seats", "route", "bans", "belts", "goods", "checks")
_LAW = ("day_spell", "night_spell", "standstill", "daily", "mountain")
_SIGNATURES = ("driver", "driver2", "captain", "dispatcher")


def build_coach_sheet(dossier: Dossier, departure: Departure) -> CoachSheetView:
    """Build what the drivers of a coach do; without a planned run the table is left to the carrier."""
    word, coach = dossier.word, read_coach(dossier, departure)
    seats = BLANK_SIGN if coach.kind is None else str(coach.kind.rated_seats)
    operator = "" if coach.run is None else dossier.group(coach.run.vehicle_id).operator
    return CoachSheetView(
        departure_id=departure.id,
        head=build_head(
            dossier,
            Sheet.COACH_SHEET,
            badge=departure_badge(dossier, departure),
            item=departure.id,
            facts=build_coach_facts(dossier, coach),
        ),
        columns=tuple(word(f"sheet.coach_sheet.column.{name}") for name in _COLUMNS),
        ways=_build_ways(dossier, coach),
        hours=_build_hours(dossier, coach),
        law_title=word("sheet.coach_sheet.law"),
        law=_build_law(dossier),
        briefing_title=word("sheet.briefing.title"),
        briefing=tuple(
            word(f"sheet.coach_briefing.{name}", seats=seats, operator=operator)
            for name in ("firm_named" if operator else "firm", *_BRIEFING)
        ),
        signatures=tuple(
            word(f"sheet.signature.{name}")
            for name in _SIGNATURES
            if name != "driver2" or len(coach.drivers) > 1
        ),
    )


def _build_ways(dossier: Dossier, coach: Coach) -> tuple[Haul, ...]:
    """Both ways in the order they are driven; without people only the one the direction has no use for."""
    if coach.run is None:
        return ()
    home = dossier.places[coach.departure.origin_id].name
    away = say_target(dossier, coach.departure)
    direction = dossier.campaign.direction
    out = "home.coach_sheet.out" if direction is Direction.HOME else "sheet.coach_sheet.out"
    back = "sheet.coach_sheet.back" if direction is Direction.OUT else "home.coach_sheet.back"
    driven = ((coach.run.movements, out, home, away), (coach.run.back, back, away, home))
    ways = sorted((way for way in driven if way[0]), key=lambda way: way[0][0].start_s)
    return tuple(
        Haul(
            title=dossier.word(title, start=start, end=end, day=_say_day(dossier, movements[0].start_s)),
            rows=_build_rows(dossier, movements, end=end),
        )
        for movements, title, start, end in ways
    )


def _build_rows(dossier: Dossier, movements: Sequence[Movement], *, end: str) -> tuple[HaulRow, ...]:
    word = dossier.word
    merged = _merge(movements)
    gone_m = [0, *accumulate(movement.metres for movement in merged)]
    rows: list[HaulRow] = []
    driver, first_day = 0, merged[0].start_s // 86_400
    for movement, metres in zip(merged, gone_m, strict=False):
        hint = _say_hint(dossier, movement, first=not rows, changed=0 < driver != movement.driver)
        rows.append(
            HaulRow(
                time=_say_time(dossier, movement.start_s, first_day=first_day),
                doing=word(f"sheet.coach_sheet.{movement.doing}", time=say_clock(movement.end_s)),
                hint=hint,
                driver=str(movement.driver or ""),
                span=say_span(movement.end_s - movement.start_s),
                km=str(say_km(metres)),
                washed=movement.doing is not Doing.DRIVE,
            )
        )
        driver = movement.driver or driver
    rows.append(
        HaulRow(
            time=_say_time(dossier, merged[-1].end_s, first_day=first_day),
            doing=word("sheet.coach_sheet.arrive", place=end),
            hint="",
            driver="",
            span="",
            km=str(say_km(gone_m[-1])),
            washed=True,
        )
    )
    return tuple(rows)


def _say_day(dossier: Dossier, at_s: int) -> str:
    return say_day(dossier.campaign.to_datetime(at_s).date(), locale=dossier.locale)


def _say_hint(dossier: Dossier, movement: Movement, *, first: bool, changed: bool) -> str:
    """Who sets off or takes over, how long a stop must be at least."""
    word, driving = dossier.word, dossier.campaign.rules.driving
    if movement.doing is Doing.DRIVE:
        if first:
            return word("sheet.coach_sheet.sets_off")
        return word("sheet.coach_sheet.takes_over", driver=movement.driver) if changed else ""
    return word(f"sheet.coach_sheet.{movement.doing}_hint", minutes=driving.rest_min)


def _say_time(dossier: Dossier, at_s: int, *, first_day: int) -> str:
    """The clock; from the next midnight on with the day counted."""
    days = at_s // 86_400 - first_day
    clock = say_clock(at_s)
    return dossier.word("sheet.coach_sheet.later", days=days, time=clock) if days else clock


def _merge(movements: Sequence[Movement]) -> list[Movement]:
    """Join what one driver drives without a stop: the stretches of a road are no matter to them."""
    merged: list[Movement] = []
    for movement in movements:
        last = merged[-1] if merged else None
        if last and (last.doing, last.driver) == (movement.doing, movement.driver):
            merged[-1] = Movement(
                doing=last.doing,
                start_s=last.start_s,
                end_s=movement.end_s,
                metres=last.metres + movement.metres,
                driver=last.driver,
            )
        else:
            merged.append(movement)
    return merged


def _build_hours(dossier: Dossier, coach: Coach) -> tuple[Figure, ...]:
    """Each driver's hours in the worst 24 h, all their runs counted; the longest spell; the lengths."""
    if coach.run is None:
        return ()
    word, driving = dossier.word, dossier.campaign.rules.driving
    limit = word("sheet.run_sheet.limit", span=say_span(driving.daily_min * 60))
    hours = [
        Figure(
            label=word("sheet.coach_sheet.driver_day", driver=number),
            value=say_span(most_in_a_day_s(dossier, driver)),
            rest=limit,
        )
        for number, driver in enumerate(coach.run.drivers, 1)
    ]
    spell_s = max(
        longest_spell_s(way, rest_s=driving.rest_min * 60) for way in (coach.run.movements, coach.run.back)
    )
    metres = sum(movement.metres for movement in coach.run.movements)
    return (
        *hours,
        Figure(
            label=word("sheet.run_sheet.unbroken"),
            value=say_span(spell_s),
            rest=word("sheet.run_sheet.limit", span=say_span(driving.day_spell_min * 60)),
        ),
        Figure(
            label=word("sheet.coach_sheet.one_way"),
            value=str(say_km(metres)),
            rest=word("sheet.run_sheet.km_plain", steep=0),
        ),
    )


def _build_law(dossier: Dossier) -> tuple[Advice, ...]:
    """Whom to call when something goes wrong; what stops a coach: figures of the county, clauses."""
    driving, word = dossier.campaign.rules.driving, dossier.word
    figures = {
        "day": say_span(driving.day_spell_min * 60),
        "night": say_span(driving.night_spell_min * 60),
        "daily": say_span(driving.daily_min * 60),
        "minutes": driving.rest_min,
        "night_from": _say_hour(driving.night_from),
        "night_to": _say_hour(driving.night_to),
        "still_from": _say_hour(driving.still_from),
        "still_to": _say_hour(driving.still_to),
    }
    late = Advice(when=word("sheet.coach_law.late", phone=dossier.campaign.phone), act="")
    rules = (
        Advice(when=word(f"sheet.coach_law.{name}", **figures), act=clause_of(f"driving.{name}"))
        for name in _LAW
    )
    return (late, *rules)


def _say_hour(clock: time) -> str:
    return f"{clock:%H:%M}"
