"""How a fault is planted: a good plan, one thing changed, and everything that depends on it put right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from planner.model.people import RegistrationId
from tests.unit.check.county import person
from tests.unit.check.good_plan import good_draft

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from planner.model.campaign import Campaign
    from planner.model.plan import Leg, Plan, Route
    from tests.unit.check.good_plan import Draft

Broken = tuple["Campaign", "Plan"]


@dataclass(frozen=True, slots=True)
class Fault:
    """Plants what only ``rule`` may name."""

    rule: str
    what: str
    plant: Callable[[], Broken]


def plants(rule: str) -> Callable[[Callable[[], Broken]], Fault]:
    """Turn a function into the fault it plants, under the rule it breaks."""
    return lambda plant: Fault(rule, plant.__name__, plant)


def collect(*modules: ModuleType) -> tuple[Fault, ...]:
    """List the faults of some modules, in the order they are written."""
    return tuple(entry for module in modules for entry in vars(module).values() if isinstance(entry, Fault))


def written(draft: Draft) -> Broken:
    """Write a draft out: everything but its decisions is right."""
    return draft.campaign, draft.write()


def changed(**changes: Any) -> Broken:
    """Change fields of the good plan itself."""
    draft = good_draft()
    return draft.campaign, replace(draft.write(), **changes)


def with_route(run: int, change: Callable[[Route], Route]) -> Broken:
    """Change one route of the good plan and nothing else."""
    routes = good_draft().write().routes
    return changed(routes=tuple(change(route) if route.run == run else route for route in routes))


def with_legs(change: Callable[[Leg], Leg]) -> Broken:
    """Change legs of the good plan and nothing else."""
    return changed(legs=tuple(change(leg) for leg in good_draft().write().legs))


def feeder_leg(leg: Leg, number: int) -> bool:
    """Whether it is the way to the gate of registration ``number``."""
    return leg.run is not None and person(number) in leg.registration_ids


def onward(leg: Leg, number: int) -> bool:
    """Whether it is the journey beyond the gate of registration ``number``."""
    return leg.run is None and person(number) in leg.registration_ids


def with_rules(draft: Draft, **changes: Any) -> Draft:
    """Change the county's feeder rules under a draft; the digest follows when it is written.

    When feeders arrive is changed for trains and coaches alike.
    """
    rules = draft.campaign.rules
    feeder = replace(rules.feeder, **changes)
    windows = {name: value for name, value in changes.items() if name.startswith("arrive_")}
    trunk = replace(rules.trunk, **windows)
    return with_campaign(draft, rules=replace(rules, feeder=feeder, trunk=trunk))


def with_trunk(draft: Draft, **changes: Any) -> Draft:
    """Change how the county fills and times its coaches."""
    rules = draft.campaign.rules
    return with_campaign(draft, rules=replace(rules, trunk=replace(rules.trunk, **changes)))


def with_driving(draft: Draft, **changes: Any) -> Draft:
    """Change what the law says of driving."""
    rules = draft.campaign.rules
    return with_campaign(draft, rules=replace(rules, driving=replace(rules.driving, **changes)))


def with_campaign(draft: Draft, **changes: Any) -> Draft:
    """Change fields of the campaign under a draft."""
    return replace(draft, campaign=replace(draft.campaign, **changes))


def ghost() -> tuple[RegistrationId, ...]:
    """Name somebody whom no register knows."""
    return (RegistrationId("nobody"),)
