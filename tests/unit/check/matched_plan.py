"""The good plan with posts and people who look for work: every filter, a couple, an offer, what it costs.

Whoever is not named in ``TAKEN`` has no post. What it costs is written out per person, by hand.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from planner.model.agenda import Agenda, Match, MatchCause, Part, PartProof, ScoreLine, Unmatched
from planner.model.jobs import Post, PostId, SeekerId, SexReason, Wish
from planner.model.outreach import Outreach
from planner.model.outreachlaw import MatchRules
from planner.model.people import Sex
from tests.unit.check.county import DONGGUAN, GUANGZHOU, V1, V2
from tests.unit.check.good_plan import good_draft

if TYPE_CHECKING:
    from planner.model.campaign import Campaign
    from planner.model.plan import Plan

RULES: Final = MatchRules(
    unmatched_fen=1_000, sector_fen=80, destination_fen=40, wage_fen_per_yuan=1, wage_top_yuan=5_000,
    split_fen=300, change_fen=20,
)  # fmt: skip

POSTS: Final = (
    Post(
        id=PostId("dg-1"), destination_id=DONGGUAN, employer="甲厂", title="普工", sector="电子", count=3,
        wage_from_yuan=4_000, wage_to_yuan=4_990, age_from=18, age_to=45,
    ),
    Post(
        id=PostId("gz-1"), destination_id=GUANGZHOU, employer="乙厂", title="裁剪", sector="制衣", count=2,
        wage_from_yuan=4_000, wage_to_yuan=6_000, age_from=18, age_to=50, skills=("裁剪",),
    ),
    Post(
        id=PostId("gz-2"), destination_id=GUANGZHOU, employer="丙矿", title="井下", sector="采矿", count=1,
        wage_from_yuan=5_000, wage_to_yuan=7_000, age_from=18, age_to=60, sex=Sex.MALE,
        sex_reason=SexReason.MINE,
    ),
)  # fmt: skip


def wish(number: int, **fields: Any) -> Wish:
    """Somebody of the first village who is on the list only."""
    usual: dict[str, Any] = {"village_id": V1, "age": 30, "sex": Sex.FEMALE}
    return Wish(id=SeekerId(f"w{number}"), **{**usual, **fields})


WISHES: Final = (
    wish(1, group="夫妻", sectors=("制衣", "电子")),
    wish(2, group="夫妻", sex=Sex.MALE),
    wish(3, sectors=("采矿", "制衣"), skills=("裁剪",), destinations=(DONGGUAN, GUANGZHOU)),
    wish(4, sex=Sex.MALE, offered=PostId("dg-1")),
    wish(5, age=52),
    wish(6, least_yuan=4_995, destinations=(DONGGUAN,)),
    wish(7, age=20, least_yuan=5_500),
    wish(8, destinations=(DONGGUAN,), least_yuan=4_500, village_id=V2, offered=PostId("dg-1")),
    wish(9, age=15),
    Wish(id=SeekerId("p05"), destinations=(GUANGZHOU,)),
)
"""The ninth is a child, the tenth on the roster."""

TAKEN: Final = {"w1": "dg-1", "w2": "dg-1", "w3": "gz-1", "w4": "gz-2", "w8": "dg-1"}
FELL_SHORT: Final = {
    "w1": {"sector": 40, "wage": 10},
    "w2": {"wage": 10},
    "w3": {"sector": 40, "destination": 20},
    "w4": {},
    "w8": {"wage": 10},
}
LEFT: Final = {
    "w5": MatchCause.NO_POST_SEX,
    "w6": MatchCause.NO_POST_WAGE,
    "w7": MatchCause.NO_POST_WAGE,
    "p05": MatchCause.POSTS_TAKEN,
}


def build_matched() -> Campaign:
    """Build the campaign."""
    draft = good_draft()
    rules = replace(draft.campaign.rules, matching=RULES)
    outreach = Outreach(posts=POSTS, wishes=WISHES)
    return replace(draft.campaign, rules=rules, outreach=outreach)


def good_agenda() -> Agenda:
    """Who has which post and who has none."""
    matches = tuple(
        Match(seeker_id=SeekerId(who), post_id=PostId(post), fen=sum(FELL_SHORT[who].values()))
        for who, post in TAKEN.items()
    )
    costs = [(who, rule, fen) for who, rules in FELL_SHORT.items() for rule, fen in rules.items()]
    costs += [("w4", "change", 20), *((who, "unmatched", 1_000) for who in LEFT)]
    return Agenda(
        matches=matches,
        unmatched=tuple(Unmatched(seeker_id=SeekerId(who), cause=cause) for who, cause in LEFT.items()),
        score=tuple(line(who, rule, fen) for who, rule, fen in costs),
        proofs=(PartProof(part=Part.MATCHING, cost_fen=sum(cost[2] for cost in costs), bound_fen=4_000),),
    )


def line(who: str, rule: str, fen: int) -> ScoreLine:
    """Say what a rule costs somebody."""
    return ScoreLine(part=Part.MATCHING, rule=rule, item=who, fen=fen)


def write_matched(campaign: Campaign | None = None, *, agenda: Agenda | None = None) -> tuple[Campaign, Plan]:
    """Write the plan; without an agenda with the good one."""
    found = build_matched() if campaign is None else campaign
    plan = replace(good_draft(), campaign=found).write()
    return found, replace(plan, agenda=good_agenda() if agenda is None else agenda)


def rescored(agenda: Agenda, *, drop: tuple[str, ...] = (), add: tuple[ScoreLine, ...] = ()) -> Agenda:
    """Change whose lines there are, and the total with them."""
    score = (*(line for line in agenda.score if line.item not in drop), *add)
    (proof,) = agenda.proofs
    return replace(
        agenda, score=score, proofs=(replace(proof, cost_fen=sum(line.fen for line in score), bound_fen=0),)
    )


def moved(
    who: str,
    post: str,
    *,
    fen: int = 0,
    lines: tuple[ScoreLine, ...] = (),
    campaign: Campaign | None = None,
) -> tuple[Campaign, Plan]:
    """Give one person another post, all that hangs on it put right."""
    agenda = good_agenda()
    match = Match(seeker_id=SeekerId(who), post_id=PostId(post), fen=fen)
    agenda = replace(
        agenda,
        matches=(*(one for one in agenda.matches if one.seeker_id != who), match),
        unmatched=tuple(one for one in agenda.unmatched if one.seeker_id != who),
    )
    return write_matched(campaign, agenda=rescored(agenda, drop=(who,), add=lines))
