"""Who travels together: groups by label or by the companions' names, and children with their adults."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Final

from planner.intake.codes import Code
from planner.intake.draft import Draft
from planner.intake.identity import age_on
from planner.intake.rosterhead import Field

_LABEL: Final = re.compile(r"(?:第?[0-9A-Za-z一二三四五六七八九十#\-]+[组号家户]?)")
_FULL_AGE: Final = 18


def settle_company(drafts: Sequence[Draft]) -> None:
    """Give every row its group, and refuse groups and children that could not travel as they are."""
    people = [draft for draft in drafts if draft.skip is None and not draft.duplicate and draft.village_id]
    _join_companions(people)
    groups: defaultdict[tuple[str, str], list[Draft]] = defaultdict(list)
    for draft in people:
        if draft.group:
            groups[draft.village_id, draft.group].append(draft)
    for members in groups.values():
        _check_dates([draft for draft in members if draft.standing])
    _check_children(people, groups)
    for members in groups.values():
        _tell_left(members)


def _join_companions(people: Sequence[Draft]) -> None:
    """Turn 同行人 (names) into groups; who names somebody is with them, both ways."""
    named = [draft for draft in people if draft.companions]
    if not named:
        return
    by_name: defaultdict[tuple[str, str], list[Draft]] = defaultdict(list)
    for draft in people:
        by_name[draft.village_id, draft.name].append(draft)
    together = _Sets()
    for draft in people:
        if draft.group:
            together.join(draft, (draft.village_id, draft.group))
    for draft in named:
        for name in draft.companions:
            _join(draft, name, found=by_name[draft.village_id, name], together=together)
    for members in together.sets(people):
        _label(members)


def _join(draft: Draft, name: str, *, found: list[Draft], together: _Sets) -> None:
    others = [other for other in found if other is not draft]
    if len(others) == 1:
        together.join(draft, others[0])
    elif others:
        draft.report(Code.COMPANION_AMBIGUOUS, Field.COMPANIONS, name=name)
    elif name == draft.name:
        return
    elif len(draft.companions) == 1 and _LABEL.fullmatch(name):
        together.join(draft, (draft.village_id, name))
    else:
        draft.report(Code.COMPANION_UNKNOWN, Field.COMPANIONS, name=name)


def _label(members: Sequence[Draft]) -> None:
    """One label for all: the one written, else the names in order; it does not depend on the rows' order."""
    written = sorted({draft.group for draft in members if draft.group})
    label = "、".join(written or sorted(draft.name for draft in members))
    for draft in members:
        draft.group = label


class _Sets:
    """Union–find over drafts and labels."""

    def __init__(self) -> None:
        self._above: dict[object, object] = {}

    def _top(self, item: object) -> object:
        while self._above.setdefault(item, item) != item:
            item = self._above[item]
        return item

    def join(self, one: object, other: object) -> None:
        self._above[self._top(_key(one))] = self._top(_key(other))

    def sets(self, people: Iterable[Draft]) -> list[list[Draft]]:
        """The drafts that were joined to anything, set by set."""
        found: defaultdict[object, list[Draft]] = defaultdict(list)
        for draft in people:
            if _key(draft) in self._above:
                found[self._top(_key(draft))].append(draft)
        return list(found.values())


def _key(item: object) -> object:
    return id(item) if isinstance(item, Draft) else item


def _check_dates(members: Sequence[Draft]) -> None:
    days = sorted({_days(draft) for draft in members if draft.travel_date})
    if len(days) > 1:
        for draft in members:
            draft.report(Code.GROUP_DATES, Field.TRAVEL_DATE, group=draft.group, dates="、".join(days))


def _days(draft: Draft) -> str:
    """The day, or the first and last that will do."""
    return "–".join(day.isoformat() for day in (draft.travel_date, draft.latest_date) if day)


def _check_children(people: Iterable[Draft], groups: dict[tuple[str, str], list[Draft]]) -> None:
    for draft in people:
        if draft.child and draft.standing:
            members = groups.get((draft.village_id, draft.group), []) if draft.group else []
            if not any(_is_adult(other) for other in members):
                draft.report(Code.CHILD_NO_ADULT, Field.CHILD)


def _is_adult(draft: Draft) -> bool:
    """Of full age on the day, or of unknown age and not registered as a child."""
    if draft.child or not draft.standing:
        return False
    if draft.birth is None or draft.travel_date is None:
        return True
    return age_on(draft.birth, draft.travel_date) >= _FULL_AGE


def _tell_left(members: Sequence[Draft]) -> None:
    """Say to the others of a group that somebody of it was not taken."""
    left = sum(not draft.standing for draft in members)
    for draft in members:
        if left and draft.standing:
            draft.report(Code.GROUP_INCOMPLETE, Field.GROUP, group=draft.group, count=left)
