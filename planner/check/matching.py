"""Who is offered which post: everybody once, within law and wishes, and what it is said to cost."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from planner.check.bench import fits_age, fits_place, fits_sex, fits_skill, fits_wage
from planner.check.rule import Finding, Rule
from planner.errors import Severity
from planner.model.agenda import MatchCause, Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from planner.candidates import Candidate
    from planner.check.bench import Bench, Pair
    from planner.check.case import Case
    from planner.errors import Arg

_PART: Final = "matching"
_NOBODY: Final = "-"


def find_unplanned(case: Case) -> Iterator[Finding]:
    """Require that posts are offered where there are people who wish for one, and posts."""
    bench = case.bench
    if bench.people and bench.posts and not bench.planned:
        yield Finding(_PART, {"people": len(bench.people), "posts": len(bench.posts)})


def find_unknown(case: Case) -> Iterator[Finding]:
    """Require that people and posts of a match are in the lists, and people without a post are, too."""
    bench = case.bench
    named = [(match.seeker_id, match.post_id) for match in bench.agenda.matches]
    named += [(left.seeker_id, None) for left in bench.agenda.unmatched]
    for seeker, post in named:
        if seeker not in bench.wishes or (post is not None and post not in bench.posts):
            yield Finding(seeker or _NOBODY, {"person": seeker, "post": post or _NOBODY})


def find_repeated(case: Case) -> Iterator[Finding]:
    """Require that everybody who wishes for a post has one or a reason why not, and once."""
    bench = case.bench
    for person in bench.people if bench.planned and bench.posts else ():
        if bench.counts[person] != 1:
            yield Finding(person, {"person": person, "count": bench.counts[person]})


def find_children(case: Case) -> Iterator[Finding]:
    """Require that nobody under 16 is introduced to an employer."""
    for match in case.bench.agenda.matches:
        if case.bench.is_child(match.seeker_id):
            yield Finding(match.seeker_id, {"person": match.seeker_id, "post": match.post_id})


def find_overfull(case: Case) -> Iterator[Finding]:
    """Require that no more people are offered a post than it has places."""
    bench = case.bench
    for post in bench.posts.values():
        if bench.heads[post.id] > post.count:
            figures: dict[str, Arg] = {"post": post.id, "people": bench.heads[post.id], "limit": post.count}
            yield Finding(post.id, figures)


def find_wrong_age(case: Case) -> Iterator[Finding]:
    """Require that people are of the age that a post asks for."""
    for pair in case.bench.pairs():
        if not fits_age(pair.person, pair.post):
            ages = {"age": pair.person.age, "youngest": pair.post.age_from, "oldest": pair.post.age_to}
            yield _finding(pair, **ages)


def find_wrong_sex(case: Case) -> Iterator[Finding]:
    """Require that no woman is sent to work which the law keeps women from."""
    for pair in case.bench.pairs():
        if not fits_sex(pair.person, pair.post):
            yield _finding(pair, reason=str(pair.post.sex_reason))


def find_kept_off(case: Case) -> Iterator[Finding]:
    """Require that their sex keeps people from posts only where the law has a reason."""
    for left, person in case.bench.left():
        if left.cause is MatchCause.NO_POST_SEX and case.bench.find_cause(person) is not left.cause:
            yield Finding(person.id, {"person": person.id, "posts": len(case.bench.posts)})


def find_unskilled(case: Case) -> Iterator[Finding]:
    """Require that people have the skills that a post needs."""
    for pair in case.bench.pairs():
        if not fits_skill(pair.person, pair.post):
            missing = [skill for skill in pair.post.skills if skill not in pair.person.skills]
            yield _finding(pair, missing=", ".join(missing))


def find_underpaid(case: Case) -> Iterator[Finding]:
    """Require that a post can pay what a person asks for."""
    for pair in case.bench.pairs():
        if not fits_wage(pair.person, pair.post):
            yield _finding(pair, wage=pair.post.wage_to_yuan, least=pair.person.least_yuan)


def find_misplaced(case: Case) -> Iterator[Finding]:
    """Require that people are only sent where they would go."""
    for pair in case.bench.pairs():
        if not fits_place(pair.person, pair.post):
            yield _finding(pair, destination=case.name_destination(pair.post.destination_id))


def find_false_causes(case: Case) -> Iterator[Finding]:
    """Require that what is said to keep somebody from a post does, and no free post is better than none."""
    bench = case.bench
    for left, person in bench.left():
        right = bench.find_cause(person)
        if left.cause is not MatchCause.NO_POST_SEX and right is not left.cause:
            yield Finding(person.id, {"person": person.id, "cause": left.cause, "right": right or _NOBODY})


def find_false_scores(case: Case) -> Iterator[Finding]:
    """Require that what each rule costs each person is what the weights say."""
    bench = case.bench
    pairs = {pair.person.id: pair for pair in bench.pairs()}
    gone = {match.seeker_id for match in bench.agenda.matches} - pairs.keys()
    for seeker in (*bench.people, *(bench.lines.keys() - bench.people.keys())):
        person = bench.people.get(seeker)
        if person is not None and (bench.counts[seeker] != 1 or seeker in gone):
            continue
        said = dict(bench.lines[seeker]) if seeker in bench.lines else {}
        right = {} if person is None else _score(bench, person, pair=pairs.get(seeker))
        if person is not None and person.offered is None and said.get("change") == bench.rules.change_fen:
            right["change"] = bench.rules.change_fen  # of the plan before, which is not here
        if seeker in pairs:
            said["pair"] = pairs[seeker].match.fen
        for rule in sorted(said.keys() | right.keys()):
            if said.get(rule, 0) != right.get(rule, 0):
                figures: dict[str, Arg] = {"fen": said.get(rule, 0), "right": right.get(rule, 0)}
                yield Finding(seeker or _PART, {"person": seeker, "rule": rule, **figures})


def find_false_proofs(case: Case) -> Iterator[Finding]:
    """Require that matching costs what its lines add up to, once, and not less than its bound."""
    bench = case.bench
    total = sum(line.fen for line in bench.agenda.score if line.part is Part.MATCHING)
    proofs = [proof for proof in bench.agenda.proofs if proof.part is Part.MATCHING]
    if not proofs and bench.planned:
        yield Finding(_PART, {"cost": _NOBODY, "right": total, "bound": _NOBODY})
    for number, proof in enumerate(proofs):
        above = proof.bound_fen is not None and proof.bound_fen > proof.cost_fen
        if number or above or proof.cost_fen != total or not bench.planned:
            bound = _NOBODY if proof.bound_fen is None else proof.bound_fen
            yield Finding(_PART, {"cost": proof.cost_fen, "right": total, "bound": bound})


def _score(bench: Bench, person: Candidate, *, pair: Pair | None) -> dict[str, int]:
    """What each rule costs a person; ``pair`` is what the match itself falls short of."""
    told = person.offered if person.offered in bench.posts else None
    split = bench.rules.split_fen if bench.is_apart(person) else 0
    if pair is None:
        change = 0 if told is None else bench.rules.change_fen
        return {"unmatched": bench.rules.unmatched_fen, "change": change, "split": split}
    price = bench.price(person, pair.post)
    change = bench.rules.change_fen if told not in {None, pair.post.id} else 0
    return {**price, "change": change, "split": split, "pair": sum(price.values())}


def _finding(pair: Pair, **figures: Arg) -> Finding:
    return Finding(pair.person.id, {"person": pair.person.id, "post": pair.post.id, **figures})


_rule = partial(Rule, whole=True)

RULES: Final = (
    _rule("match.planned", "", find_unplanned, Severity.WARNING),
    _rule("match.exists", "", find_unknown),
    _rule("match.once", "", find_repeated),
    _rule("match.child", "禁止使用童工规定 第2条、第4条", find_children),
    _rule("match.quota", "", find_overfull),
    _rule("match.age", "", find_wrong_age),
    _rule("match.sex", "女职工劳动保护特别规定 第4条、附录第1条", find_wrong_sex),
    _rule("match.lawful", "就业促进法 第27条", find_kept_off),
    _rule("match.skill", "", find_unskilled),
    _rule("match.wage", "", find_underpaid),
    _rule("match.place", "", find_misplaced),
    _rule("match.cause", "", find_false_causes),
    _rule("match.score", "", find_false_scores),
    _rule("match.proof", "", find_false_proofs),
)
