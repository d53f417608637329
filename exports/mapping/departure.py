"""The drawing of one departure: its runs from the villages to the station, told apart without colour."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exports.dates import say_clock, say_day, say_stamp
from exports.mapping.base import build_surround, draw_land, draw_places, draw_station, station_box
from exports.mapping.ground import Ground, fit, make_room, project
from exports.mapping.ink import open_drawing
from exports.mapping.labels import Placer
from exports.mapping.lanes import MOST_LANES, count_busiest, lay_lanes
from exports.mapping.panel import Note, Panel, Row, shapes_for
from exports.mapping.paper import A3, A4
from exports.mapping.runs import (
    MARKER,
    SPACING,
    Outcome,
    Scene,
    badge_wish,
    draw_badges,
    draw_labels,
    draw_lines,
    draw_stops,
    draw_ties,
    place_badges,
    place_labels,
    place_stops,
    station_wish,
    stop_wishes,
    town_boxes,
    town_wishes,
)
from exports.words import text
from planner.model.clock import CHINA
from planner.model.places import PlaceKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from exports.mapping.base import Surround
    from exports.mapping.ink import Element
    from exports.mapping.lanes import Track
    from exports.mapping.paper import Box, Sheet
    from exports.mapping.styles import RouteStyle
    from exports.mapping.tracks import Atlas
    from planner.model.fleet import Departure
    from planner.model.places import PlaceId
    from planner.model.plan import Route

_SMALL_DRAWING: Final = 8
"""Up to so many runs, A4 is large enough."""
_LANG: Final = {"zh_CN": "zh-CN", "en": "en"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """What all drawings of one pack share."""

    atlas: Atlas
    styles: Mapping[int, RouteStyle]
    locale: str
    now: datetime
    page: int
    pages: int

    def say(self, key: str, **args: str | int | None) -> str:
        """Words of the map's catalogue."""
        return text(f"map.{key}", locale=self.locale, **args)

    def stamp(self) -> str:
        """Version, moment and page, as at the foot of every sheet."""
        moment = say_stamp(self.now.astimezone(CHINA))
        return self.say(
            "stamp", version=self.atlas.plan.version, moment=moment, page=self.page, pages=self.pages
        )

    def say_short_day(self, departure: Departure) -> str:
        """Give month and day of a departure, for lines where every figure needs room."""
        local = departure.departs.astimezone(CHINA)
        month = text(f"date.month.m{local.month}", locale=self.locale)
        return self.say("day", month=month, day=local.day)

    def say_departure(self, departure: Departure) -> tuple[str, str]:
        """Give a departure's day and its number with time."""
        local = departure.departs.astimezone(CHINA)
        names = self._names_at_gate(departure)
        number = self.say(f"number.{departure.mode.value}", number=names[0])
        if len(names) > 1:
            number = self.say("number.more", number=number, count=len(names))
        return say_day(local.date(), locale=self.locale), f"{number} {local:%H:%M}"

    def _names_at_gate(self, departure: Departure) -> list[str]:
        """Numbers of the departures that somebody rides and the same runs feed; always at least its own."""
        plan = self.atlas.plan
        ridden = {leg.departure_id for leg in plan.legs if leg.run is None} | {departure.id}
        known = (*self.atlas.campaign.departures, *plan.departures)
        found = [row.number for row in known if row.id in ridden and row.gate == departure.gate]
        return sorted(found, key=lambda number: (number.rstrip("0123456789"), len(number), number))


def sheet_for(runs: int) -> Sheet:
    """Choose the paper by how much is on it."""
    return A4 if runs <= _SMALL_DRAWING else A3


def start_drawing(job: Job, surround: Surround) -> Element:
    """Open a sheet with its words for people who hear it."""
    sheet = surround.sheet
    return open_drawing(
        sheet.paper, title=surround.title, description=" ".join(surround.lines),
        size_mm=(sheet.width_mm, sheet.height_mm), lang=_LANG[job.locale],
    )  # fmt: skip


def draw_departure(job: Job, departure: Departure) -> tuple[Element, Outcome]:
    """Draw the runs of a departure; give the drawing and what became of every name."""
    atlas = job.atlas
    routes = [route for route in atlas.plan.routes if route.departure_id == departure.id]
    routes.sort(key=lambda route: route.run)
    tracks = [atlas.tracks[route.run] for route in routes]
    day, number = job.say_departure(departure)
    campaign = atlas.campaign
    surround = build_surround(
        campaign, sheet_for(len(routes)), title=job.say("title", departure=number), stamp=job.stamp(),
        line=f"{day} · {campaign.name} · {campaign.office} · {campaign.phone}", locale=job.locale,
    )  # fmt: skip
    panel = _build_panel(job, departure, routes=routes)
    shapes = shapes_for(len(routes))
    layout = fit(
        project(campaign), shown=sorted({place for track in tracks for place in track.way}),
        room=surround.room, walls=surround.walls,
        panels=[panel.size(shape) for shape in shapes],
    )  # fmt: skip
    ground = _spread(layout.ground, atlas, tracks=tracks, room=surround.room)
    lanes = lay_lanes(tracks, ground.places, marker_px=SPACING)
    scene = Scene(
        atlas=atlas, routes=routes, ground=ground, lanes=lanes, styles=job.styles,
        placer=Placer(surround.room), outcome=Outcome(),
    )  # fmt: skip
    for box in (layout.panel, *surround.walls.values()):
        scene.block(box)
    root = start_drawing(job, surround)
    draw_land(root, campaign, ground=ground, room=surround.room)
    _draw_scene(root, scene, departure=departure, room=surround.room)
    surround.draw(root, ground)
    panel.draw(root, layout.panel, shape=shapes[layout.choice])
    return root, scene.outcome


def _draw_scene(root: Element, scene: Scene, *, departure: Departure, room: Box) -> None:
    """Lines below places below markers; places are kept in the order of how much they matter."""
    atlas, ground = scene.atlas, scene.ground
    stops = {stop.place_id for route in scene.routes for stop in route.stops}
    origin = atlas.places[departure.origin_id]
    draw_lines(root, scene)
    draw_places(root, atlas.campaign, ground=ground, heads=atlas.waiting, hidden=stops)
    scene.block(station_box(ground.places[origin.id]))
    place_stops(scene)
    for box in town_boxes(atlas.campaign.places, ground, room=room):
        scene.placer.block(box)
    place_labels(scene.placer, [station_wish(origin, ground)], outcome=scene.outcome)
    starts = [(route.run, scene.lanes.stops[route.run, route.stops[0].place_id]) for route in scene.routes]
    badges = [badge_wish(run, point, colour=scene.styles[run].colour) for run, point in starts]
    place_badges(scene.placer, badges, outcome=scene.outcome)
    names = [*town_wishes(atlas.campaign.places, ground, room=room), *stop_wishes(scene)]
    place_labels(scene.placer, names, outcome=scene.outcome)
    draw_ties(root, scene.outcome)
    draw_stops(root, scene)
    draw_station(root, ground.places[origin.id])
    draw_labels(root, scene.outcome)
    draw_badges(root, scene.outcome)


def _spread(ground: Ground, atlas: Atlas, *, tracks: Sequence[Track], room: Box) -> Ground:
    """Give every stop room for its numbers; townships and the station stay where they are."""
    stopping: dict[PlaceId, int] = {}
    for track in tracks:
        for place in track.stops[:-1]:
            stopping[place] = stopping.get(place, 0) + 1
    radii = {place: MARKER + 1.5 + (count - 1) * SPACING / 2 for place, count in stopping.items()}
    fixed = {track.stops[-1]: 18.0 for track in tracks}
    fixed |= {place.id: 6.0 for place in atlas.places.values() if place.kind is PlaceKind.TOWNSHIP}
    return make_room(ground, radii={**radii, **fixed}, fixed=frozenset(fixed), room=room)


def _build_panel(job: Job, departure: Departure, *, routes: Sequence[Route]) -> Panel:
    _, number = job.say_departure(departure)
    rows = tuple(
        Row(
            badge=str(route.run),
            colour=job.styles[route.run].colour,
            style=job.styles[route.run],
            start=_say_start(job, route),
            heads=str(route.heads),
            last=say_clock(route.arrive_s),
        )
        for route in routes
    )
    heads = sum(route.heads for route in routes)
    notes = [Note(sign="stop", words=job.say("legend.stop"))]
    if count_busiest([job.atlas.tracks[route.run] for route in routes]) > MOST_LANES:
        notes.append(Note(sign="band", words=job.say("legend.band", least=MOST_LANES + 1), size=12))
    return Panel(
        title=job.say("legend.title", day=job.say_short_day(departure), departure=number),
        heads=job.say("legend.heads"),
        last=job.say("legend.leaves" if all(route.home for route in routes) else "legend.arrives"),
        rows=rows,
        total=job.say("legend.total", runs=len(routes), heads=heads),
        notes=tuple(notes),
    )


def _say_start(job: Job, route: Route) -> str:
    place = job.atlas.places.get(route.stops[0].place_id)
    if place is None:
        return route.stops[0].place_id
    return f"{place.township} {place.name}".strip()
