"""What a fair is by definition: who may come from where, who may exhibit, how many there is room for.

Planning and judging both read it here, as both read ``demand``; neither learns here where a fair should be.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Final

from planner.candidates import ANY_SECTOR
from planner.model.fairs import FairKind
from planner.model.places import PlaceKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from planner.model.campaign import Campaign
    from planner.model.fairs import Exhibitor, ExhibitorId, Fair, Venue
    from planner.model.outreachlaw import FairRules
    from planner.model.places import Place, PlaceId

_COUNTY: Final = 6
_TOWNSHIP: Final = 9
"""Digits of the statistical code."""
_REBOOKED: Final = 50
"""So many employers sent elsewhere are as bad as one fair that moves."""


def find_county(place_id: PlaceId) -> str:
    """The county of a place by its statistical code, empty where its id is none."""
    return place_id[:_COUNTY] if len(place_id) >= _TOWNSHIP and place_id.isdigit() else ""


def same_county(one: str, other: str) -> bool:
    """Whether two counties may be one: people go to the fairs of their own; unknown goes with any."""
    return not one or not other or one == other


def find_seats(campaign: Campaign) -> dict[PlaceId, PlaceId]:
    """The township a place is in, by its seat; a place of none stands for itself.

    The statistical code tells, else the township's name, where one township of the county bears it.
    """
    towns = [place for place in campaign.places if place.kind is PlaceKind.TOWNSHIP]
    codes = {str(place.id): place.id for place in towns}
    named: defaultdict[str, list[Place]] = defaultdict(list)
    for place in towns:
        named[place.name].append(place)
    seats: dict[PlaceId, PlaceId] = {}
    for place in campaign.places:
        county = find_county(place.id)
        found = [town.id for town in named[place.township] if same_county(county, find_county(town.id))]
        by_name = found[0] if len(found) == 1 else place.id
        coded = codes.get(place.id) or (codes.get(place.id[:_TOWNSHIP]) if county else None)
        seats[place.id] = coded or by_name
    return seats


def come_permille(rules: FairRules, metres: int) -> int:
    """How many of a thousand who look for work come so far: half as many every ``reach_km``."""
    return round(10 * rules.come_percent * 0.5 ** (metres / (1000 * rules.reach_km)))


def find_room(rules: FairRules, fair: Fair, *, venue: Venue | None) -> int:
    """How many who look for work a fair has room for; online as many as expected, short of a permit."""
    if venue is None:
        return min(fair.expected_visitors, rules.permit_visitors - 1)
    return venue.capacity


def find_sectors(fair: Fair) -> frozenset[str] | None:
    """Whose seekers come, None: all; who wishes for no sector comes to any fair."""
    return frozenset({*fair.sectors, ANY_SECTOR}) if fair.sectors else None


def order_sectors(seekers: Mapping[PlaceId, Mapping[str, int]], posts: Iterable[str]) -> tuple[str, ...]:
    """All sectors, those first that most wish for: rounding to whole heads is paid by the largest."""
    heads: Counter[str] = Counter(dict.fromkeys((*posts, ANY_SECTOR), 0))
    for wished in seekers.values():
        heads.update(wished)
    return tuple(sorted(heads, key=lambda sector: (-heads[sector], sector)))


def may_exhibit(fair: Fair, exhibitor: Exhibitor, *, county: str) -> bool:
    """Whether a firm may be at a fair of a county: at a training only those that must be there."""
    invited = fair.kind is not FairKind.TRAINING or exhibitor.id in fair.exhibitors
    return invited and same_county(exhibitor.county, county)


def find_fair_county(fair: Fair, venue: Venue | None) -> str:
    """The county of a fair by its township, else by where it is held."""
    if fair.township_id is not None:
        return find_county(fair.township_id)
    return "" if venue is None else find_county(venue.place_id)


def count_posts(campaign: Campaign) -> dict[ExhibitorId, Counter[str]]:
    """Openings of each exhibitor by sector: those of its name at its destination."""
    found: defaultdict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for post in campaign.outreach.posts:
        found[post.destination_id, post.employer][post.sector] += post.count
    return {firm.id: found[firm.destination_id, firm.employer] for firm in campaign.outreach.exhibitors}


def keeps_distance(fair: Fair) -> bool:
    """Whether neighbouring townships' fairs draw on the same people: not online, nor a training."""
    return fair.kind in {FairKind.ON_SITE, FairKind.SPECIAL}


def spare_fen(rules: FairRules) -> int:
    """What is not charged for moving a fair of the plan before that is refused: refusing it is the price.

    Where refusing is cheaper than moving, nothing is spared: else fairs would be refused to save the move.
    """
    return rules.change_fen if rules.change_fen <= rules.refused_fen else 0


def rebook_fen(rules: FairRules) -> int:
    """What it costs to call an employer off a fair of the plan before that stays."""
    return rules.change_fen // _REBOOKED
