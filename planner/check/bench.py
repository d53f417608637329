"""People who look for work and posts as the rules of matching see them; costs from their words once more."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from planner.candidates import WORKING_AGE, build_candidates
from planner.model.agenda import Agenda, MatchCause, Part
from planner.model.jobs import SeekerId
from planner.model.people import RegistrationId

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from planner.candidates import Candidate
    from planner.model.agenda import Match, Unmatched
    from planner.model.campaign import Campaign
    from planner.model.jobs import Post, PostId
    from planner.model.plan import Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """A match with the person and the post, both known."""

    match: Match
    person: Candidate
    post: Post


class Bench:
    """What the campaign and the plan say of matching, looked up once."""

    def __init__(self, campaign: Campaign, plan: Plan) -> None:
        """Look up; nothing is judged here."""
        outreach = campaign.outreach
        agenda = plan.agenda or Agenda()
        self.rules = campaign.rules.matching
        self._roster = {person.id: person for person in campaign.registrations}
        self.agenda = agenda
        self.people: dict[SeekerId, Candidate] = {one.id: one for one in build_candidates(campaign)}
        self.wishes = {wish.id: wish for wish in outreach.wishes}
        self.posts: dict[PostId, Post] = {post.id: post for post in outreach.posts}
        self.counts: Counter[SeekerId] = Counter(match.seeker_id for match in agenda.matches)
        self.counts.update(left.seeker_id for left in agenda.unmatched)
        self.heads: Counter[PostId] = Counter(match.post_id for match in agenda.matches)
        self.lines: dict[SeekerId, Counter[str]] = defaultdict(Counter)
        for line in agenda.score:
            if line.part is Part.MATCHING:
                self.lines[SeekerId(line.item)][line.rule] += line.fen
        self._apart = frozenset(self._find_apart())

    @property
    def planned(self) -> bool:
        """Whether the plan says anything of matching."""
        return bool(self.agenda.matches or self.agenda.unmatched)

    def pairs(self) -> Iterator[Pair]:
        """Matches of people and posts that are known."""
        for match in self.agenda.matches:
            person, post = self.people.get(match.seeker_id), self.posts.get(match.post_id)
            if person is not None and post is not None:
                yield Pair(match=match, person=person, post=post)

    def left(self) -> Iterator[tuple[Unmatched, Candidate]]:
        """People without a post who are known."""
        for left in self.agenda.unmatched:
            person = self.people.get(left.seeker_id)
            if person is not None:
                yield left, person

    def is_apart(self, person: Candidate) -> bool:
        """Whether their group has posts, but not all of them with one employer."""
        return person.group in self._apart

    def is_child(self, seeker: SeekerId) -> bool:
        """Whether somebody may not be introduced to an employer yet, by roster or list."""
        person, wish = self._roster.get(RegistrationId(seeker)), self.wishes.get(seeker)
        age = None if wish is None else wish.age
        if person is not None and person.birth is not None:
            day, birth = person.travel_date, person.birth
            age = day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))
        return (person is not None and person.child) or (age is not None and age < WORKING_AGE)

    def find_cause(self, person: Candidate) -> MatchCause | None:
        """Why somebody has no post; None where one is free that is better than none."""
        left = list(self.posts.values())
        for cause, fits in FILTERS.items():
            left = [post for post in left if fits(person, post)]
            if not left:
                return cause
        free = [post for post in left if self.heads[post.id] < post.count]
        better = any(sum(self.price(person, post).values()) < self.rules.unmatched_fen for post in free)
        return None if better else MatchCause.POSTS_TAKEN

    def price(self, person: Candidate, post: Post) -> dict[str, int]:
        """What a pair costs by rule, offers of earlier and groups aside."""
        rules = self.rules
        return {
            "sector": _miss(person.sectors, post.sector, fen=rules.sector_fen),
            "destination": _miss(person.destinations, post.destination_id, fen=rules.destination_fen),
            "wage": rules.wage_fen_per_yuan * max(0, rules.wage_top_yuan - post.wage_to_yuan),
        }

    def _find_apart(self) -> Iterator[SeekerId]:
        members: dict[SeekerId, list[Candidate]] = defaultdict(list)
        for person in self.people.values():
            members[person.group].append(person)
        taken = {pair.person.id: (pair.post.destination_id, pair.post.employer) for pair in self.pairs()}
        for group, people in members.items():
            if len({taken.get(person.id) for person in people}) > 1:
                yield group


def fits_age(person: Candidate, post: Post) -> bool:
    """Whether a person is of the age asked for, as far as that is known."""
    return person.age is None or post.age_from <= person.age <= post.age_to


def fits_sex(person: Candidate, post: Post) -> bool:
    """Whether a person is of the sex asked for where the law lets a post ask."""
    asked = post.sex if post.sex_reason is not None else None
    return asked is None or person.sex is None or person.sex is asked


def fits_skill(person: Candidate, post: Post) -> bool:
    """Whether a person has every skill that is needed."""
    return set(post.skills) <= set(person.skills)


def fits_wage(person: Candidate, post: Post) -> bool:
    """Whether a post can pay what a person asks for."""
    return post.wage_to_yuan >= person.least_yuan


def fits_place(person: Candidate, post: Post) -> bool:
    """Whether a person would go there."""
    return not person.destinations or post.destination_id in person.destinations


FILTERS: Final[dict[MatchCause, Callable[[Candidate, Post], bool]]] = {
    MatchCause.NO_POST_AGE: fits_age,
    MatchCause.NO_POST_SEX: fits_sex,
    MatchCause.NO_POST_SKILL: fits_skill,
    MatchCause.NO_POST_WAGE: fits_wage,
    MatchCause.NO_POST_PLACE: fits_place,
}
"""In the order in which a cause is looked for."""


def _miss(wishes: tuple[str, ...], found: str, *, fen: int) -> int:
    """Nothing for the first wish, or where there is none; half, three quarters ... for the next."""
    if not wishes:
        return 0
    gain = fen
    for wish in wishes:
        if wish == found:
            return fen - gain
        gain //= 2
    return fen
