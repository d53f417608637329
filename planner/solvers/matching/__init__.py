"""Who takes which post: people and posts, filters and wishes, a proof, groups kept together, and why not."""

from planner.solvers.matching.problem import (
    MatchEffort,
    MatchPlan,
    MatchProblem,
    Meeting,
    Persons,
    Points,
    Posts,
)
from planner.solvers.matching.reasons import Reason, Refusal, Relaxation, explain_person
from planner.solvers.matching.solve import match_people
from planner.solvers.matching.suggest import Suggestion, suggest_posts
from planner.solvers.matching.ties import find_apart, keep_groups

__all__ = [
    "MatchEffort",
    "MatchPlan",
    "MatchProblem",
    "Meeting",
    "Persons",
    "Points",
    "Posts",
    "Reason",
    "Refusal",
    "Relaxation",
    "Suggestion",
    "explain_person",
    "find_apart",
    "keep_groups",
    "match_people",
    "suggest_posts",
]
