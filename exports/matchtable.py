"""Who is offered which post as a table: one row a person, or why there is none and what would help.

Numbers only: a name is joined from the folder's own roster where that is asked for.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from exports.neutral import neutralise
from exports.words import text
from planner.candidates import build_candidates
from planner.model.jobs import SeekerId

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from planner.errors import Arg
    from planner.model.agenda import Agenda, Match, Remedy, Unmatched
    from planner.model.campaign import Campaign
    from planner.model.jobs import Post, PostId
    from planner.model.places import PlaceId

_COLUMNS: Final = ("id", "village", "post", "title", "employer", "destination", "wage", "why", "fix")
_BOM: Final = "\ufeff"


@dataclass(frozen=True, slots=True, kw_only=True)
class MatchRow:
    """What is said of one person; empty where there is nothing to say."""

    id: str
    village: str
    post: str = ""
    title: str = ""
    employer: str = ""
    destination: str = ""
    wage: str = ""
    why: str = ""
    fix: str = ""


class MatchTable:
    """Rows of an agenda in the order of ids."""

    def __init__(self, campaign: Campaign, *, locale: str) -> None:
        """Look up names of places and posts once."""
        self._locale = locale
        self._posts: dict[PostId, Post] = {post.id: post for post in campaign.outreach.posts}
        self._places: dict[PlaceId, str] = {place.id: place.name for place in campaign.places}
        self._cities: dict[str, str] = {entry.id: entry.name for entry in campaign.destinations}
        self._people = {person.id: person for person in build_candidates(campaign)}

    def rows(self, agenda: Agenda) -> tuple[MatchRow, ...]:
        """Everybody who wishes for a post."""
        rows = [self._matched(match) for match in agenda.matches]
        rows += [self._left(left) for left in agenda.unmatched]
        return tuple(sorted(rows, key=lambda row: row.id))

    def post_words(self, post_id: PostId) -> str:
        """A post as people call it: number, employer, trade, city, wage."""
        row = MatchRow(id="", village="", **self._post(post_id))
        return text(
            "match.post",
            locale=self._locale,
            post=row.post,
            title=row.title,
            employer=row.employer,
            destination=row.destination,
            wage=row.wage,
        )

    def _matched(self, match: Match) -> MatchRow:
        return MatchRow(
            id=match.seeker_id, village=self._village(match.seeker_id), **self._post(match.post_id)
        )

    def _left(self, left: Unmatched) -> MatchRow:
        wished = str(left.args.get("wished") or "").split("|")
        cities = self._join(self._cities.get(city, city) for city in wished)
        why = text(f"match_why.{left.cause}", locale=self._locale, **{**left.args, "wished": cities})
        fix = "" if left.remedy is None else self._fix(left.remedy)
        return MatchRow(id=left.seeker_id, village=self._village(left.seeker_id), why=why, fix=fix)

    def _fix(self, remedy: Remedy) -> str:
        args: dict[str, Arg] = dict(remedy.args)
        city = str(args.get("destination") or "")
        args["destination"] = self._cities.get(city, city)
        args["skills"] = self._join(str(args.get("skills") or "").split("|"))
        key = f"match_fix.{remedy.kind}" if args.get("post") else f"match_fix.{remedy.kind}_any"
        return text(key, locale=self._locale, **args)

    def _join(self, parts: Iterator[str] | list[str]) -> str:
        return text("match.and", locale=self._locale).join(parts)

    def _village(self, seeker: str) -> str:
        person = self._people.get(SeekerId(seeker))
        return "" if person is None else self._places.get(person.village_id, person.village_id)

    def _post(self, post_id: PostId) -> Mapping[str, str]:
        post = self._posts.get(post_id)
        if post is None:
            return {"post": post_id}
        return {
            "post": post_id,
            "title": post.title,
            "employer": post.employer,
            "destination": self._cities.get(post.destination_id, post.destination_id),
            "wage": f"{post.wage_from_yuan}-{post.wage_to_yuan}",
        }


def find_names(campaign: Campaign) -> dict[str, str]:
    """Names of who is on the roster, by number."""
    return {person.id: person.name for person in campaign.registrations}


def render_rows(rows: tuple[MatchRow, ...], *, locale: str, names: Mapping[str, str] | None = None) -> str:
    """A CSV that a spreadsheet opens as it should; ``names`` puts a second column in."""
    out = io.StringIO()
    writer = csv.writer(out)
    heads = [text(f"match_table.{column}", locale=locale) for column in _COLUMNS]
    extra = [] if names is None else [text("match_table.name", locale=locale)]
    writer.writerow([heads[0], *extra, *heads[1:]])
    for row in rows:
        cells = [neutralise(str(getattr(row, column))) for column in _COLUMNS]
        named = [] if names is None else [neutralise(names.get(row.id, ""))]
        writer.writerow([cells[0], *named, *cells[1:]])
    return _BOM + out.getvalue()
