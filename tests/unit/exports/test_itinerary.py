"""The traveller's itinerary: one page for those who go together, nothing cut, nothing that may be misused."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from exports.dossier import Dossier
from exports.fonts import find_font
from exports.itinerary import build_itineraries, list_piles
from exports.pack import Order, count_documents, render
from exports.pdf import Press, render_pdf
from exports.views import ItinerarySheet, ItineraryView
from planner.model.people import RegistrationId
from tests.unit.exports.arrived import WORKS, arrived_dossier
from tests.unit.exports.pdfread import POINTS_PER_MM, Print, read_print
from tests.unit.exports.sample import NOW


def _print(view: ItineraryView, locale: str = "zh_CN") -> Print:
    return read_print(render_pdf(view, Press(font=find_font(), locale=locale, now=NOW)).content)


def _sheet_of(dossier: Dossier, name: str) -> ItinerarySheet:
    views = build_itineraries(dossier)
    found = [sheet for view in views for sheet in view.sheets if name in [who.name for who in sheet.people]]
    assert len(found) == 1
    return found[0]


def test_everybody_the_plan_takes_has_one_page() -> None:
    dossier = arrived_dossier()
    views = build_itineraries(dossier)
    names = [who.name for view in views for sheet in view.sheets for who in sheet.people]
    assert sorted(names) == sorted(person.name for person in dossier.campaign.registrations)
    assert [view.pile for view in views] == ["001", f"{dossier.plan.subsidised[0].destination_id}-0215"]


def test_a_family_shares_the_chain_from_home_to_the_door() -> None:
    sheet = _sheet_of(arrived_dossier(), "舒春生")
    assert [(who.name, who.seat) for who in sheet.people] == [
        ("舒春生", "4车 8C"),
        ("林谷雨", "4车 9D"),
        ("夏大山", "4车 10F"),
    ]
    assert [[row.what for row in leg.rows] for leg in sheet.legs] == [
        ["集合", "上 1 号车", "到站"],
        ["上 G9999次", "下车"],
        ["上接驳车，第 1 趟", "到厂门", "到宿舍"],
    ]
    assert [leg.title for leg in sheet.legs][2] == f"第 3 程　→ {WORKS}"
    assert [row.place for row in sheet.legs[2].rows] == ["广州", "红湖路 8 号 2 号门", "宿舍区 3 栋 1 单元"]
    assert [row.time for row in sheet.legs[2].rows] == ["14:00", "14:40", "14:50"]


def test_people_are_told_to_gather_not_when_the_bus_comes() -> None:
    dossier = arrived_dossier()
    row = _sheet_of(dossier, "舒春生").legs[0].rows[0]
    assert (row.time, row.place, row.strong) == ("08:35", "桐山村 乡政府门口", True)


def test_a_party_that_parts_has_a_page_for_each_part() -> None:
    dossier = arrived_dossier()
    party = [person for person in dossier.campaign.registrations if person.group == "0-1"][:3]
    together: dict[str, set[str]] = {}
    for person in party:
        together.setdefault(person.destination_id, set()).add(person.name)
    assert len(together) == 2
    for names in together.values():
        for name in names:
            assert {who.name for who in _sheet_of(dossier, name).people} == names


def test_every_part_has_its_contact_and_three_places_to_sign() -> None:
    sheet = _sheet_of(arrived_dossier(), "舒春生")
    assert [leg.signatures for leg in sheet.legs] == [("交出人签字", "接收人签字", "时间")] * 3
    assert all(any(row.contact_phone for row in leg.rows) for leg in sheet.legs)


def test_the_captain_of_the_carriage_is_reached_by_phone() -> None:
    dossier = arrived_dossier()
    captain = dossier.people([RegistrationId("B00012")])[0]
    with_captain = _sheet_of(dossier, "李小满").legs[1].rows[0]
    assert (with_captain.contact, with_captain.contact_phone.replace(" ", "")) == (
        captain.name,
        captain.phone,
    )
    without = _sheet_of(dossier, "舒春生").legs[1].rows[0]
    assert (without.contact, without.contact_phone) == ("总调度", dossier.campaign.phone)


def test_who_goes_by_scheduled_transport_is_told_the_day_and_the_money() -> None:
    dossier = arrived_dossier(alone=1)
    (sheet,) = build_itineraries(dossier)[-1].sheets
    ((row,),) = (leg.rows for leg in sheet.legs)
    assert (row.time, row.day) == ("", "2月15日 周一")
    assert (row.what, row.hint) == ("自行乘班车或火车", "车票和补贴每人 180 元")


def test_who_is_left_behind_has_none() -> None:
    dossier = arrived_dossier()
    plan = replace(dossier.plan, legs=(), handovers=(), subsidised=())
    assert build_itineraries(Dossier(dossier.campaign, plan, locale="zh_CN", now=NOW)) == []


def test_who_comes_to_the_train_alone_is_piled_by_departure() -> None:
    dossier = arrived_dossier()
    legs = tuple(leg for leg in dossier.plan.legs if leg.run is None)
    plan = replace(dossier.plan, routes=(), legs=legs, subsidised=())
    (view,) = build_itineraries(Dossier(dossier.campaign, plan, locale="zh_CN", now=NOW))
    assert view.pile == "g9999"
    assert view.sheets[0].legs[0].rows[0].what == "上 G9999次"


def test_no_pile_is_too_large_to_print() -> None:
    dossier = arrived_dossier()
    paid = dossier.plan.subsidised[0]
    many = tuple(replace(paid, registration_ids=(RegistrationId(f"X{n}"),)) for n in range(130))
    piles = list_piles(replace(dossier.plan, subsidised=many))[1:]
    assert [len(pile.parties) for pile in piles] == [60, 60, 10]
    assert len({pile.id for pile in piles}) == 3


@pytest.mark.parametrize("locale", ["zh_CN", "en"])
def test_the_print_keeps_the_measures_and_counts_its_own_pages(locale: str) -> None:
    view = build_itineraries(arrived_dossier(locale=locale, people=15))[0]
    printed = _print(view, locale)
    assert len(printed.pages) == len(view.sheets)
    own = "第 1 / 1 页" if locale == "zh_CN" else "page 1 / 1"
    assert all(own in page for page in printed.pages)
    assert min(printed.font_sizes) >= 10
    assert printed.inks <= {0, 0.33, 0.93, 0.75, 1}
    assert printed.text_left >= 25 * POINTS_PER_MM - 0.1


def test_a_page_that_runs_over_says_so() -> None:
    view = build_itineraries(arrived_dossier())[0]
    sheet = view.sheets[0]
    crowd = replace(sheet, people=sheet.people * 60)
    pages = _print(replace(view, sheets=(view.sheets[1], crowd, view.sheets[2]))).pages
    assert [re.findall(r"第 (\d) / (\d) 页", page) for page in pages] == [
        [("1", "1")], [("1", "2")], [("2", "2")], [("1", "1")],
    ]  # fmt: skip
    assert ["（续）" in page for page in pages] == [False, False, True, False]


def test_twelve_people_still_fit_one_page() -> None:
    view = build_itineraries(arrived_dossier())[0]
    sheet = max(view.sheets, key=lambda sheet: (len(sheet.legs), len(sheet.people)))
    assert len(sheet.legs) == 3
    crowd = replace(sheet, people=(sheet.people * 12)[:12])
    assert len(_print(replace(view, sheets=(crowd,))).pages) == 1


def test_no_paper_and_no_phone_of_a_traveller_is_printed() -> None:
    dossier = arrived_dossier(people=15)
    leaders = {person.id for person in dossier.campaign.registrations if person.captain}
    text = re.sub(r"\s", "", "".join(_print(view).text for view in build_itineraries(dossier)))
    for person in dossier.campaign.registrations:
        assert person.document_number not in text
        assert person.id in leaders or not person.phone or person.phone not in text


def test_the_pack_knows_how_many_there_are() -> None:
    dossier = arrived_dossier(people=10)
    kinds = ("itinerary", "handover")
    order = Order(kinds=kinds, now=NOW)
    documents = list(render(dossier.campaign, dossier.plan, order=order))
    assert len(documents) == count_documents(dossier.campaign, dossier.plan, kinds=kinds)
    names = [document.filename for document in documents]
    assert names[0] == "itinerary-001.pdf"
    assert {name.partition("-")[0] for name in names} == {"itinerary", "handover"}
