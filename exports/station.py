"""The station marshalling sheet: which buses come for a departure, in the order they arrive; no names.

On the way home it reads the other way round: which buses wait for the train, in the order they leave.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from exports.coaches import coach_times, read_coach, say_target
from exports.dates import say_clock, say_day, say_phone
from exports.groundviews import StationRow, StationView, TimeAxis
from exports.lateplan import find_later
from exports.privacy import Sheet
from exports.sheethead import build_head, connection, departure_badge, run_badge
from exports.timeaxis import Labels, Times, draw_axis
from exports.views import BLANK_SIGN, Advice, Fact
from planner.model.campaign import Direction
from planner.model.fleet import Mode

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from exports.dossier import Dossier
    from planner.model.fleet import Departure
    from planner.model.people import Registration
    from planner.model.plan import Route

_COLUMNS: Final = (
    "tick",
    "planned",
    "run",
    "from",
    "heads",
    "total",
    "carriage",
    "captain",
    "came",
    "counted",
)
_TURNED: Final = {"planned": "leave", "from": "to"}
_SIGNATURES: Final = ("guide", "station", "aboard")


def build_station_sheet(dossier: Dossier, departure: Departure) -> StationView:
    """Build the sheet of a departure from who rides it and what brings them."""
    return _Sheet(dossier, departure).build()


class _Sheet:
    """One departure with the people each run has for it."""

    def __init__(self, dossier: Dossier, departure: Departure) -> None:
        self._dossier = dossier
        self._departure = departure
        self._home = dossier.campaign.direction is Direction.HOME
        self._coach = departure.mode is Mode.COACH
        self._people: dict[int | None, list[Registration]] = defaultdict(list)
        for _, person in dossier.riders(departure.id):
            self._people[dossier.run_of(person)].append(person)
        runs = [route for route in dossier.routes if route.run in self._people]
        self._runs = sorted(runs, key=lambda route: (self._at_s(route), route.run))

    def build(self) -> StationView:
        word, dossier, departure = self._dossier.word, self._dossier, self._departure
        heads = sum(map(len, self._people.values()))
        return StationView(
            departure_id=departure.id,
            head=build_head(
                dossier,
                Sheet.STATION,
                badge=departure_badge(dossier, departure),
                badge_note=dossier.places[departure.origin_id].name,
                item=departure.id,
                facts=tuple(self._facts()),
            ),
            columns=tuple(
                word(f"sheet.station.column.{_TURNED.get(name, name) if self._home else name}")
                for name in _COLUMNS
                if name != "carriage" or not self._coach
            ),
            rows=self._rows(),
            between=word("sheet.departure.and"),
            seated=not self._coach,
            sum=word("sheet.station.sum", buses=len(self._runs)),
            heads=heads,
            missing=word("sheet.station.missing"),
            axis=self._axis(),
            late_title=word("sheet.station.late.title"),
            late=tuple(self._late()),
            signatures=tuple(word(f"sheet.signature.{name}") for name in _SIGNATURES),
        )

    def _at_s(self, route: Route) -> int:
        return route.start_s if self._home else route.arrive_s

    def _facts(self) -> Iterator[Fact]:
        """Eight facts; what only the station can say is left to be written in."""
        dossier, departure = self._dossier, self._departure
        heads = dossier.word("sheet.heads_of", heads=len(dossier.riders(departure.id)), seats=departure.quota)
        values = [("date", say_day(departure.day, locale=dossier.locale), False)]
        values += self._home_times() if self._home else self._times()
        counted = ("heads" if self._coach else "quota", heads, True)
        if self._coach:
            origin, coach = dossier.places[departure.origin_id], read_coach(dossier, departure)
            spot = (
                origin.gather if origin.gather.startswith(origin.name) else f"{origin.name} {origin.gather}"
            )
            values += [
                ("spot", spot.strip(), False),
                counted,
                ("plate", coach.crew.plate if coach.crew else "", False),
                ("captain", say_phone(coach.captain.phone), False),
            ]
        else:
            values += [
                ("entrance", "", True),
                counted,
                ("waiting", "", False),
                ("cars", self._say_cars(), False),
            ]
        for name, value, strong in values:
            yield Fact(label=dossier.word(f"sheet.station.fact.{name}"), value=value, strong=strong)

    def _times(self) -> list[tuple[str, str, bool]]:
        dossier, departure = self._dossier, self._departure
        opens_s, closes_s = self._gate()
        _, arrives_s = coach_times(dossier, departure)
        return [
            ("leaves", say_clock(self._leaves_s()), True),
            ("door" if self._coach else "gate", f"{say_clock(opens_s)}–{say_clock(closes_s)}", True),
            ("goal", f"{say_target(dossier, departure)} {say_clock(arrives_s)}", False),
        ]

    def _home_times(self) -> list[tuple[str, str, bool]]:
        dossier = self._dossier
        spans = [say_clock(self._at_s(route)) for route in (*self._runs[:1], *self._runs[-1:])]
        return [
            ("in", say_clock(self._leaves_s()), True),
            ("buses", "–".join(dict.fromkeys(spans)), True),
            ("come_from", say_target(dossier, self._departure), False),
        ]

    def _leaves_s(self) -> int:
        """When it leaves; on the way home when it is there."""
        if self._home:
            return self._dossier.in_s(self._departure)
        return self._dossier.campaign.to_seconds(self._departure.departs)

    def _gate(self) -> tuple[int, int]:
        """When the gate opens and closes; the door of a coach closes as it leaves."""
        rules, leaves_s = self._dossier.campaign.rules, self._leaves_s()
        opens_s = leaves_s - rules.boarding_min(self._departure.mode) * 60
        return opens_s, leaves_s - (0 if self._coach else rules.gate_close_min * 60)

    def _say_cars(self) -> str:
        """Carriages and how many captains they have."""
        cars = self._carriages(person for people in self._people.values() for person in people)
        captains = {each for each in self._dossier.plan.captains if each.departure_id == self._departure.id}
        if not cars:
            return ""
        key = "sheet.station.cars_led" if captains else "sheet.station.cars"
        return self._dossier.word(
            key, cars=self._dossier.word("sheet.departure.and").join(cars), count=len(captains)
        )

    def _carriages(self, people: Iterable[Registration]) -> tuple[str, ...]:
        seats = (self._dossier.seat_of(person) for person in people)
        numbers = sorted({seat.carriage for seat in seats if seat is not None and seat.carriage})
        return tuple(_say_ranges(numbers))

    def _rows(self) -> tuple[StationRow, ...]:
        """The buses in order; last who come to the station, or go home from it, by themselves."""
        dossier, word = self._dossier, self._dossier.word
        alone = "sheet.station.leave" if self._home else "sheet.station.alone"
        groups: list[Route | None] = [*self._runs, *([None] if None in self._people else [])]
        peoples = [self._people[route.run if route else None] for route in groups]
        return tuple(
            StationRow(
                time=say_clock(self._at_s(route)) if route else "",
                run=run_badge(dossier, route.run) if route else "",
                places=self._say_places(route) if route else (word(alone),),
                heads=len(people),
                total=total,
                carriages=self._carriages(people) or (BLANK_SIGN,),
                captain=(say_phone(dossier.captain(route).phone) or BLANK_SIGN) if route else "",
            )
            for route, people, total in zip(groups, peoples, accumulate(map(len, peoples)), strict=True)
        )

    def _say_places(self, route: Route) -> tuple[str, ...]:
        """Name the townships whose people it has, in driving order."""
        places = [self._dossier.places[stop.place_id] for stop in route.stops if stop.board]
        return tuple(dict.fromkeys(place.township or place.name for place in places))

    def _latest_s(self) -> int:
        if self._home:
            return self._dossier.leave_by_s(self._departure)
        return self._dossier.latest_s(self._departure)

    def _axis(self) -> TimeAxis:
        word, turned = self._dossier.word, "home_" if self._home else ""
        latest_s, leaves_s = self._latest_s(), self._leaves_s()
        return draw_axis(
            Times(
                runs=tuple((self._at_s(route), route.run) for route in self._runs),
                latest_s=latest_s,
                gate=None if self._home else self._gate(),
                departs_s=leaves_s,
            ),
            Labels(
                title=word("sheet.station.axis.title"),
                latest=word(f"sheet.station.axis.{turned}latest", time=say_clock(latest_s)),
                gate=word("sheet.station.axis.door" if self._coach else "sheet.station.axis.gate"),
                departs=word(f"sheet.station.axis.{turned}departs", time=say_clock(leaves_s)),
            ),
        )

    def _late(self) -> Iterator[Advice]:
        word, phone = self._dossier.word, self._dossier.campaign.phone
        latest, closes = say_clock(self._latest_s()), say_clock(self._gate()[1])
        if self._home:
            yield Advice(when=word("home.train_late"), act=word("sheet.station.late.train", phone=phone))
            yield Advice(when=word("home.missing"), act=word("sheet.station.late.wait", phone=phone))
            yield Advice(when=word("home.after", time=latest), act=word("home.after_act"))
            return
        straight = "sheet.station.late.straight_coach" if self._coach else "sheet.station.late.straight"
        yield Advice(
            when=word("sheet.station.late.between", latest=latest, closes=closes),
            act=word(straight, blank=BLANK_SIGN),
        )
        yield Advice(when=word("sheet.station.late.after", time=closes), act=self._say_later())
        yield Advice(
            when=word("sheet.station.late.missing"),
            act=word("sheet.station.late.missing_act", time=closes, phone=phone),
        )

    def _say_later(self) -> str:
        """Which departure the late may take; where there is none, who sends them on."""
        dossier, departure = self._dossier, self._departure
        wanted = frozenset(place for place, _ in dossier.riders(departure.id))
        later = find_later(dossier, departure, wanted=wanted, firms=frozenset({departure.employer}))
        if later is None:
            return dossier.word("sheet.station.late.last", phone=dossier.campaign.phone)
        return dossier.word(
            "sheet.station.late.later",
            connection=connection(dossier, later),
            left=max(0, dossier.seats_left(later)),
        )


def _say_ranges(numbers: list[int]) -> Iterator[str]:
    """``3–5`` where carriages follow each other, else one by one."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    for run in runs:
        yield str(run[0]) if len(run) == 1 else f"{run[0]}–{run[-1]}"
