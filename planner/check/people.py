"""Everybody once, and parties together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from planner.check.rule import Finding, Rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.check.case import Case, Fate
    from planner.errors import Arg


def find_strangers(case: Case) -> Iterator[Finding]:
    """Require that a plan carries (or leaves behind) only people of the register."""
    for person in sorted(case.fates.keys() - case.people.keys()):
        yield Finding(person, {"registration": person})


def find_not_once(case: Case) -> Iterator[Finding]:
    """Require that each registration has a seat to the gate and one beyond, a fare, or is unserved: once."""
    for person in case.people:
        fate = case.fates.get(person)
        if fate is None:
            nothing: dict[str, Arg] = {"feeder": 0, "departure": 0, "unserved": 0, "subsidised": 0}
            yield Finding(person, {"registration": person, **nothing})
        elif not fate.is_clean:
            figures = {
                "feeder": len(fate.feeders),
                "departure": len(fate.departures),
                "unserved": len(fate.unserved),
                "subsidised": len(fate.subsidised),
            }
            yield Finding(person, {"registration": person, **figures})


def find_split(case: Case) -> Iterator[Finding]:
    """Require that a party shares one vehicle and one departure, or stays behind together (同行组)."""
    for party in case.parties:
        fates = [case.fates[person] for person in party.registration_ids if person in case.fates]
        ways = {_way_of(fate) for fate in fates if fate.is_clean}
        if len(ways) > 1:
            figures = {"people": party.size, "parts": len(ways), "place": case.name_place(party.village_id)}
            yield Finding(party.id, {"registration": party.id, **figures})


def _way_of(fate: Fate) -> tuple[int | None, str]:
    if not fate.feeders:
        return None, "subsidised" if fate.subsidised else ""
    return fate.feeders[0].run, fate.departures[0].departure_id


RULES: Final = (
    Rule("person.exists", "", find_strangers),
    Rule("party.once", "", find_not_once),
    Rule("party.unsplit", "", find_split),
)
