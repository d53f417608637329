"""The catalogues agree with each other and with the code."""

from __future__ import annotations

from enum import Enum

import pytest

import exports.words
from exports.words import LOCALES, MissingWordWarning, has_text, label, load_catalogue, placeholders, text
from planner.errors import NotFoundError, Severity
from planner.model.agenda import FairCause, MatchCause, Part, RemedyKind, TaskKind, VisitCause
from planner.model.events import EventStatus
from planner.model.fairs import FairKind
from planner.model.fleet import Layout, Mode, Service
from planner.model.jobs import ResultKind, SexReason
from planner.model.locks import LockKind
from planner.model.people import DocumentType, Sex
from planner.model.places import PlaceKind, RoadClass, Scope
from planner.model.plan import Cause, EffortKind, FixKind
from planner.model.tours import TimeOfVisit
from planner.model.trunk import Doing, Stage


def _use(monkeypatch: pytest.MonkeyPatch, catalogue: dict[str, str]) -> None:
    def load(_: str) -> dict[str, str]:
        return catalogue

    monkeypatch.setattr(exports.words, "load_catalogue", load)


LABELLED = (
    *(DocumentType, Doing, EffortKind, EventStatus, Layout, Mode, PlaceKind),
    *(RoadClass, Scope, Service, Severity, Sex, Stage),
    *(FairCause, FairKind, LockKind, MatchCause, Part, RemedyKind, ResultKind, SexReason, TaskKind),
    *(TimeOfVisit, VisitCause),
)


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_each_locale_has_the_same_keys(locale: str) -> None:
    assert sorted(load_catalogue(locale)) == sorted(load_catalogue("zh_CN"))


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_each_locale_fills_the_same_placeholders(locale: str) -> None:
    other = load_catalogue(locale)
    differing = {
        key: (sorted(placeholders(pattern)), sorted(placeholders(other[key])))
        for key, pattern in load_catalogue("zh_CN").items()
        if key in other and placeholders(pattern) != placeholders(other[key])
    }
    assert not differing


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("kind", LABELLED)
def test_every_member_has_a_label(kind: type[Enum], locale: str) -> None:
    assert all(label(member, locale=locale) for member in kind)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_cause_and_fix_has_words(locale: str) -> None:
    keys = [f"{table}.{cause}" for cause in Cause for table in ("cause", "cause_name")]
    keys += [f"fix.{fix}" for fix in FixKind]
    assert [key for key in keys if not has_text(key, locale=locale)] == []


def test_label_key_is_enum_and_member_in_snake_case() -> None:
    assert label(DocumentType.HK_MACAO_PERMIT) == "港澳居民来往内地通行证"


def test_an_unknown_key_is_loud_and_still_prints() -> None:
    with pytest.warns(MissingWordWarning, match="no.such.key"):
        assert text("no.such.key") == "no.such.key"
    assert not has_text("no.such.key")


def test_a_missing_argument_is_loud(monkeypatch: pytest.MonkeyPatch) -> None:
    _use(monkeypatch, {"greet": "{name}好"})
    with pytest.warns(MissingWordWarning, match="name"):
        assert text("greet") == "{name}好"


def test_what_people_typed_is_not_filled_again(monkeypatch: pytest.MonkeyPatch) -> None:
    _use(monkeypatch, {"greet": "{a} {b}"})
    assert text("greet", a="{b}", b="{0.__class__}") == "{b} {0.__class__}"


@pytest.mark.parametrize(("count", "expected"), [(1, "1 person"), (2, "2 people"), (0, "0 people")])
def test_english_counts(count: int, expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    _use(monkeypatch, {"heads": "{n} {n|person|people}"})
    assert text("heads", locale="en", n=count) == expected


def test_an_unknown_locale_is_not_found() -> None:
    with pytest.raises(NotFoundError):
        load_catalogue("fr")
