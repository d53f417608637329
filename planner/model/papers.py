"""Papers a run needs before it may leave, and what a named person allowed against the rules."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from planner.model.fleet import DepartureId


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """The charter contract of one departure and what hangs on it (``charters.csv``); empty: not yet there.

    ``plate_no`` is the number of the 包车客运标志牌, ``filing_no`` that of the ministry's charter system,
    ``emergency_order`` the authority's order for a charter away from home. ``departed_checks`` says that
    the list of 六不出站 was gone through.
    """

    departure_id: DepartureId
    contract_no: str = ""
    signed: date | None = None
    signed_heads: int = 0
    """Passengers the contract names; who is added later needs an amendment (规定 第57条)."""
    plate_no: str = ""
    filing_no: str = ""
    emergency_order: str = ""
    briefed: bool = False
    """The oral safety notice is prepared and named."""
    departed_checks: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """A named person lets one finding of a rule stand (``overrides.csv``): who, why, until when.

    ``item`` is what the finding names (a departure, a registration, ``run 7``), or ``*`` for all of them.
    """

    rule: str
    item: str
    who: str
    why: str
    until: date
