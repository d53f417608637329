"""The overview: how many people come down which road, where every run starts, who is left behind.

Fifty lines on one sheet would tell nothing, so roads carry a ribbon as wide as their people and only
the badges stand for runs; the sheets of the departures show which way each one goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exports.mapping.base import build_surround, dot_radius, draw_land, draw_places, draw_station, station_box
from exports.mapping.departure import start_drawing
from exports.mapping.ground import fit, make_room, project
from exports.mapping.ink import add, trace
from exports.mapping.labels import Placer, Wish
from exports.mapping.panel import Note, Panel, Row, draw_missed, shapes_for
from exports.mapping.paper import A3, A4, Box
from exports.mapping.runs import (
    Outcome,
    badge_wish,
    draw_badges,
    draw_labels,
    draw_ties,
    place_badges,
    place_labels,
    station_wish,
    town_boxes,
    town_wishes,
)
from exports.mapping.styles import FLOW, INK, PAPER, STYLES
from exports.mapping.tracks import count_flow
from planner.model.places import PlaceKind

if TYPE_CHECKING:
    from exports.mapping.departure import Job
    from exports.mapping.ground import Ground
    from exports.mapping.ink import Element
    from planner.model.fleet import Departure
    from planner.model.places import PlaceId
    from planner.model.plan import Route

_WIDEST_PX: Final = 36.0
_LEAST_PX: Final = 1.8
_HEAD_PX: Final = 0.4
"""One person is never drawn wider than this."""
_SAMPLE_PX: Final = 19.0
_STEPS: Final = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000)
_SMALL_COUNTY: Final = 60
"""Up to so many villages, A4 is large enough."""


def draw_overview(job: Job, departures: tuple[Departure, ...]) -> tuple[Element, Outcome]:
    """Draw all runs of the plan as ribbons and badges."""
    atlas = job.atlas
    campaign, places = atlas.campaign, atlas.places
    villages = [place.id for place in campaign.places if place.kind is PlaceKind.VILLAGE]
    surround = build_surround(
        campaign, A4 if len(villages) <= _SMALL_COUNTY else A3, title=job.say("title_overview"),
        line=f"{campaign.name} · {campaign.office} · {campaign.phone}", stamp=job.stamp(), locale=job.locale,
    )  # fmt: skip
    flow = count_flow(atlas.plan.routes, atlas.tracks)
    panel = _build_panel(job, departures, most=max(flow.values(), default=1))
    shown = {place for track in atlas.tracks.values() for place in track.way}
    shown |= {place for place in villages if atlas.waiting[place]}
    shapes = shapes_for(len(panel.rows))
    layout = fit(
        project(campaign), shown=sorted(shown or places), room=surround.room, walls=surround.walls,
        panels=[panel.size(shape) for shape in shapes],
    )  # fmt: skip
    root, outcome = start_drawing(job, surround), Outcome()
    placer = Placer(surround.room)
    stations = sorted({row.origin_id for row in departures})
    ground = _spread(job, layout.ground, room=surround.room)
    covered = [station_box(ground.places[key]) for key in stations]
    for box in (layout.panel, *surround.walls.values(), *covered):
        placer.block(box)
        outcome.furniture.append(box)
    for box in town_boxes(campaign.places, ground, room=surround.room):
        placer.block(box)
    draw_land(root, campaign, ground=ground, room=surround.room)
    _draw_flow(root, flow, ground=ground, placer=placer)
    draw_places(root, campaign, ground=ground, heads=atlas.waiting, hidden=villages)
    _draw_villages(root, job, ground=ground, placer=placer)
    place_labels(placer, [station_wish(places[key], ground) for key in stations], outcome=outcome)
    place_badges(placer, _badges(job, departures, ground=ground), outcome=outcome)
    place_labels(placer, town_wishes(campaign.places, ground, room=surround.room), outcome=outcome)
    draw_ties(root, outcome)
    for key in stations:
        draw_station(root, ground.places[key])
    draw_labels(root, outcome)
    draw_badges(root, outcome)
    surround.draw(root, ground)
    panel.draw(root, layout.panel, shape=shapes[layout.choice])
    return root, outcome


def _spread(job: Job, ground: Ground, *, room: Box) -> Ground:
    """Keep dots off each other; nothing else needs room here."""
    radii = {place: dot_radius(heads) + 1 for place, heads in job.atlas.waiting.items()}
    return make_room(ground, radii=radii, fixed=frozenset(), room=room)


def _ribbon_px(heads: int, most: int) -> float:
    return max(heads * min(_WIDEST_PX / most, _HEAD_PX), _LEAST_PX)


def _draw_flow(
    root: Element, flow: dict[tuple[PlaceId, PlaceId], int], *, ground: Ground, placer: Placer
) -> None:
    group = add(root, "g", id="flow", fill="none", stroke_linecap="round")
    most = max(flow.values(), default=1)
    for casing, colour in ((3.0, PAPER), (0.0, FLOW)):
        for (a, b), heads in sorted(flow.items(), key=lambda row: (row[1], row[0])):
            line = (ground.places[a], ground.places[b])
            add(group, "path", d=trace(line), stroke=colour, stroke_width=_ribbon_px(heads, most) + casing)
            if not casing:
                placer.add_line(line)


def _draw_villages(root: Element, job: Job, *, ground: Ground, placer: Placer) -> None:
    """Dots by heads; a village with people left behind bears the stop mark."""
    group = add(root, "g", id="villages", fill=INK, stroke=PAPER, stroke_width=1)
    for place, heads in sorted(job.atlas.waiting.items()):
        x, y = ground.places[place]
        if place in job.atlas.unserved:
            draw_missed(group, (x, y))
            placer.block(Box(x - 7, y - 7, 14, 14))
        else:
            add(group, "circle", cx=x, cy=y, r=dot_radius(heads))


def _badges(job: Job, departures: tuple[Departure, ...], *, ground: Ground) -> list[Wish]:
    colours = _colours(departures)
    return [
        badge_wish(
            route.run, ground.places[route.stops[0].place_id], gap=6, colour=colours[route.departure_id]
        )
        for route in sorted(job.atlas.plan.routes, key=lambda route: route.run)
    ]


def _colours(departures: tuple[Departure, ...]) -> dict[str, str]:
    """One colour a departure; the red slot comes last, for here red marks who is left behind."""
    order = (*STYLES[:1], *STYLES[2:], STYLES[1])
    return {row.id: order[place % len(order)].colour for place, row in enumerate(departures)}


def _build_panel(job: Job, departures: tuple[Departure, ...], *, most: int) -> Panel:
    colours = _colours(departures)
    runs = job.atlas.plan.routes
    routes = {row.id: [route for route in runs if route.departure_id == row.id] for row in departures}
    rows = tuple(
        Row(
            badge=_range_of(routes[row.id]), colour=colours[row.id],
            start=f"{job.say_short_day(row)} {job.say_departure(row)[1]}",
            heads=str(sum(route.heads for route in routes[row.id])), last=str(len(routes[row.id])),
        )
        for row in departures
    )  # fmt: skip
    steps = [step for step in _STEPS if step <= most and _LEAST_PX < _ribbon_px(step, most) <= _SAMPLE_PX]
    notes = [
        Note(sign="flow", words=job.say("legend.flow", heads=step), size=_ribbon_px(step, most))
        for step in steps[-3:]
    ]
    notes.append(Note(sign="village", words=job.say("legend.village"), size=4))
    missed = sum(job.atlas.unserved.values())
    if missed:
        notes.append(Note(sign="missed", words=job.say("legend.missed", heads=missed)))
    return Panel(
        title=job.say("legend.all"), heads=job.say("legend.heads"), last=job.say("legend.runs"), rows=rows,
        total=job.say("legend.total", runs=len(runs), heads=sum(route.heads for route in runs)),
        notes=tuple(notes),
    )  # fmt: skip


def _range_of(routes: list[Route]) -> str:
    """Runs of a departure as one block of numbers where they are one, else how many."""
    runs = sorted(route.run for route in routes)
    if not runs:
        return "0"
    return f"{runs[0]}–{runs[-1]}" if runs[-1] - runs[0] == len(runs) - 1 else "…"
