"""What changed between two plans, in words: things by their names, figures as they are told."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from exports.words import text
from planner.change import ChangeKind
from planner.driving import DAY_S
from planner.model.agenda import Agenda
from planner.model.events import NameKind

if TYPE_CHECKING:
    from planner.change import Change
    from planner.errors import Arg
    from planner.model.plan import Plan

_TIMED: Final = frozenset({ChangeKind.RUN_MOVED, ChangeKind.PERSON_TIME})
_INVITED: Final = frozenset({ChangeKind.FAIR_INVITED, ChangeKind.FAIR_CALLED_OFF})
_RIDDEN: Final = frozenset({ChangeKind.PERSON_DEPARTURE, ChangeKind.PERSON_TICKET, ChangeKind.PERSON_FETCHED})
_HOSTS: Final = {"fair": NameKind.VENUE, "visit": NameKind.SQUAD}


class ChangeWords:
    """Words the changes from one plan to another; what neither plan names keeps its id."""

    def __init__(self, old: Plan, new: Plan, *, locale: str) -> None:
        self._locale = locale
        self._names = {(name.kind, name.id): name.name for name in (*old.names, *new.names)}
        agendas = [plan.agenda or Agenda() for plan in (old, new)]
        self._villages: dict[str, str] = {
            visit.id: visit.village_id for agenda in agendas for visit in agenda.visits
        }

    def say(self, change: Change) -> str:
        """Word one change, a line of its own."""
        was, now = (self._value(change.kind, value) for value in (change.was, change.now))
        if change.kind in _TIMED:
            was, now = self._say_times(change)
        return self._text(f"cli.change.{change.kind}", item=self.name(change), was=was, now=now)

    def name(self, change: Change) -> str:
        """Give what is changed as people call it; people by their registration only."""
        item = change.item
        match change.kind.partition("_")[0]:
            case "run":
                return self._text("cli.diff.run", run=item.removeprefix("run "))
            case "coach":
                return self._name(NameKind.DEPARTURE, item)
            case "fair":
                return self._name(NameKind.FAIR, item)
            case "visit":
                village = self._name(NameKind.PLACE, self._villages.get(item, ""))
                return f"{village} {item}".strip()
            case _:
                return item

    def _value(self, kind: ChangeKind, value: Arg) -> Arg:
        if not isinstance(value, str):
            return value
        if kind in _INVITED:
            names = [self._name(NameKind.EXHIBITOR, firm) for firm in value.split()]
            return self._text("cli.feed.and").join(names)
        if kind is ChangeKind.FAIR_BOOTHS:
            return self._text("cli.feed.and").join(map(self._say_booths, value.split()))
        if kind in _RIDDEN:
            return self._say_ride(value)
        if kind is ChangeKind.PERSON_POST:
            return self._text("cli.suggest.none") if value == "-" else self._name(NameKind.POST, value)
        host = _HOSTS.get(kind.partition("_")[0])
        return value if host is None or value == "-" else self._say_slot(value, host=host)

    def _say_times(self, change: Change) -> tuple[str, str]:
        """Clock times, with the day of the campaign where it is another."""
        times = [value for value in (change.was, change.now) if isinstance(value, int)]
        days = [value // DAY_S for value in times]
        clocks = [f"{value // 3600 % 24:02d}:{value // 60 % 60:02d}" for value in times]
        if len({*days}) > 1:
            told = zip(days, clocks, strict=True)
            clocks = [self._text("cli.diff.day", day=day + 1, time=time) for day, time in told]
        was, now = clocks
        return was, now

    def _say_ride(self, value: str) -> str:
        """Name a departure, or the day and destination of a ticket."""
        day, _, destination = value.partition(" ")
        if destination and (NameKind.DEPARTURE, value) not in self._names:
            return f"{day} {self._name(NameKind.DESTINATION, destination)}"
        return self._name(NameKind.DEPARTURE, value)

    def _say_booths(self, value: str) -> str:
        firm, _, booths = value.rpartition(":")
        return self._text("cli.diff.booths", firm=self._name(NameKind.EXHIBITOR, firm), booths=int(booths))

    def _say_slot(self, value: str, *, host: NameKind) -> str:
        """Name the host at the end of day, hours and host; a fair without one is online."""
        day, hours, who = (*value.split(" ", 2), "")[:3]
        online = self._text("feed.fair.online") if host is NameKind.VENUE else ""
        return f"{day} {hours} {self._name(host, who) or online}".strip()

    def _name(self, kind: NameKind, item: str) -> str:
        return self._names.get((kind, item), item)

    def _text(self, key: str, **args: Arg) -> str:
        return text(key, locale=self._locale, **args)
