"""Text messages: everybody is told or rung up, lengths are those charged, templates are safe."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from exports.coachviews import CallRow, MessageRow
from exports.dossier import Dossier
from exports.messages import build_messages, count_segments, count_units
from exports.pack import Order, count_documents, render
from exports.words import LOCALES, load_catalogue, placeholders, text
from planner.demand import campaign_digest
from planner.errors import Issue
from planner.intake.folder import load_campaign, save_campaign
from planner.intake.messages import messages_text, read_messages
from planner.model.campaign import Campaign
from planner.model.messages import PLACEHOLDERS, MessageKind, MessageText
from planner.model.people import RegistrationId
from planner.model.plan import Cause, Plan, Unserved
from tests.builders import tiny_campaign, tiny_plan
from tests.unit.check.trips import turned, visit
from tests.unit.exports.coachplan import coach_campaign, coach_plan, subsidised_plan
from tests.unit.exports.sample import NOW


def _changed(base: Campaign, **people: dict[str, str]) -> Campaign:
    """The campaign with some people otherwise, by id."""
    changed = (replace(person, **people.get(person.id, {})) for person in base.registrations)
    return replace(base, registrations=tuple(changed))


def _own(base: Campaign, words: str, *, kind: MessageKind = MessageKind.RUN) -> Campaign:
    return replace(base, messages=(MessageText(kind=kind, text=words),))


def _lists(
    campaign: Campaign, plan: Plan, *, locale: str = "zh_CN"
) -> tuple[list[MessageRow], list[CallRow]]:
    messages: list[MessageRow] = []
    calls: list[CallRow] = []
    for table in build_messages(Dossier(campaign, plan, locale=locale, now=NOW)):
        messages += [row for row in table.rows if isinstance(row, MessageRow)]
        calls += [row for row in table.rows if isinstance(row, CallRow)]
    return messages, calls


def _said(campaign: Campaign, plan: Plan, *, locale: str = "zh_CN") -> dict[str, str]:
    return {row.name: row.text for row in _lists(campaign, plan, locale=locale)[0]}


def _whole() -> Campaign:
    """Everybody with a mobile of their own."""
    base = tiny_campaign()
    phones = {person.id: {"phone": f"1690000{n:04d}"} for n, person in enumerate(base.registrations)}
    return _changed(base, **phones)


def test_the_default_message_says_when_where_and_what_next() -> None:
    campaign = tiny_campaign()
    first = campaign.registrations[0]
    assert _said(campaign, tiny_plan())[first.name] == (
        f"【示例县人力资源和社会保障局】{first.name}您好：2月14日 周日 正月初九 08:40"
        "在枫树村 村口老枫树下集合，乘1 号车，转G9999次（10:40开）去广州。带好身份证。电话0739-0000000"
    )


def test_who_has_no_phone_or_no_mobile_is_rung_up_and_nobody_vanishes() -> None:
    campaign = _changed(_whole(), T02={"phone": ""}, T08={"phone": "0739-1234567"})
    messages, calls = _lists(campaign, tiny_plan())
    names = {person.id: person.name for person in campaign.registrations}
    assert {row.name: row.reason for row in calls} == {
        names[RegistrationId("T02")]: "没有电话",
        names[RegistrationId("T08")]: "不是手机号，收不到短信",
    }
    assert sorted([row.name for row in (*messages, *calls)]) == sorted(names.values())
    by_name = {row.name: row for row in calls}
    mates = {names[RegistrationId(mate)] for mate in ("T01", "T03")}
    assert by_name[names[RegistrationId("T02")]].reach.split(" ")[0] in mates
    assert by_name[names[RegistrationId("T08")]].phone == "0739-1234567"
    assert "08:40在枫树村" in by_name[names[RegistrationId("T02")]].text


def test_who_is_left_behind_is_rung_up_with_the_cause() -> None:
    gone = (RegistrationId("T08"),)
    left = Unserved(registration_ids=gone, cause=Cause.QUOTA_FULL)
    plan = tiny_plan()
    plan = replace(
        plan, legs=tuple(leg for leg in plan.legs if leg.registration_ids != gone), unserved=(left,)
    )
    messages, calls = _lists(_whole(), plan)
    assert [(row.reason, row.text) for row in calls] == [("未安排上：" + text("cause_name.quota_full"), "")]
    assert len(messages) == 10


def _lone() -> tuple[Campaign, Plan]:
    """Nobody is fetched."""
    plan = tiny_plan()
    return _whole(), replace(plan, routes=(), legs=tuple(leg for leg in plan.legs if leg.run is None))


@pytest.mark.parametrize(
    ("build", "kind", "expected"),
    [
        (
            lambda: (_whole(), tiny_plan()),
            MessageKind.RUN,
            {"枫树村 村口老枫树下|08:40|1 号车|G9999次|10:40|广州"},
        ),
        (_lone, MessageKind.OWN, {"示例站 站前广场东侧|10:10||G9999次|10:40|广州"}),
        (lambda: turned(_whole(), tiny_plan()), MessageKind.HOME, {"广州|09:25|1 号车|G9999次|09:55|示例站"}),
    ],
)
def test_each_way_has_its_words(
    build: Callable[[], tuple[Campaign, Plan]], kind: MessageKind, expected: set[str]
) -> None:
    campaign, plan = build()
    run = "" if kind is MessageKind.OWN else "{run}"
    campaign = _own(campaign, f"{{place}}|{{time}}|{run}|{{departure}}|{{leaves}}|{{to}}", kind=kind)
    assert expected <= set(_said(campaign, plan).values())


def test_of_a_visit_the_way_back_is_told() -> None:
    campaign, plan = visit()
    back = {leg.board_s for leg in plan.legs if leg.home and leg.run is None}
    campaign = _own(campaign, "{back} {plate} {seat}", kind=MessageKind.ROUND)
    clocks = {f"{at_s // 3600:02d}:{at_s // 60 % 60:02d}" for at_s in back}
    assert {said.split(" ")[0] for said in _said(campaign, plan).values()} == clocks


def test_scheduled_transport_says_what_is_paid() -> None:
    base = coach_campaign()
    person = next(person for person in base.registrations if person.id == "T08")
    campaign = _changed(base, T08={"phone": "16900000001"})
    assert "去广州，票款和补贴共600元" in _said(campaign, subsidised_plan())[person.name]


def test_captain_seat_and_plate_have_words_where_they_are_not_known() -> None:
    words = "{captain} {captain_phone} {seat} {plate} {employer}"
    base = replace(_whole(), crews=())
    said = _said(_own(base, words), tiny_plan())
    office = f"{base.office} {base.phone} 上车时安排 车牌待定 "
    assert all(text.startswith(office) for text in said.values())
    seated = _said(_own(coach_campaign(), words), coach_plan(seated=True))
    assert any("1号" in text and "上车时安排" not in text for text in seated.values())


@pytest.mark.parametrize("locale", LOCALES)
def test_default_words_ask_only_for_what_can_be_filled(locale: str) -> None:
    words = load_catalogue(locale)
    for kind in MessageKind:
        assert placeholders(words[f"message.{kind}"]) <= set(PLACEHOLDERS[kind])


@pytest.mark.parametrize("kind", MessageKind)
def test_every_placeholder_of_a_kind_is_filled(kind: MessageKind) -> None:
    builds: dict[MessageKind, Callable[[], tuple[Campaign, Plan]]] = {
        MessageKind.RUN: lambda: (_whole(), tiny_plan()),
        MessageKind.OWN: _lone,
        MessageKind.HOME: lambda: turned(_whole(), tiny_plan()),
        MessageKind.ROUND: visit,
        MessageKind.SCHEDULED: lambda: (
            _changed(coach_campaign(), T08={"phone": "16900000001"}),
            subsidised_plan(),
        ),
    }
    campaign, plan = builds[kind]()
    words = "|".join(f"{{{name}}}" for name in PLACEHOLDERS[kind])
    said = [
        text for text in _said(_own(campaign, words, kind=kind), plan).values() if not text.startswith("【")
    ]
    assert said
    assert all(part and "{" not in part for text in said for part in text.split("|"))


@pytest.mark.parametrize(
    ("length", "segments"), [(1, 1), (70, 1), (71, 2), (134, 2), (135, 3), (201, 3), (202, 4)]
)
def test_segments_are_those_a_gateway_charges(length: int, segments: int) -> None:
    assert count_segments("字" * length) == count_segments("a" * length) == segments


def test_a_character_beyond_the_first_plane_is_two() -> None:
    assert count_units("吉𠮷") == 3
    assert count_segments("字" * 69 + "𠮷") == 2


def test_braces_in_a_name_stay_as_typed() -> None:
    campaign = _own(_changed(_whole(), T01={"name": "{phone}"}), "{name}好")
    assert "{phone}好" in _said(campaign, tiny_plan()).values()


def _book(campaign: Campaign, plan: Plan) -> openpyxl.Workbook:
    (document,) = render(campaign, plan, order=Order(kinds=("messages",), now=NOW))
    assert document.filename == "messages.xlsx"
    return openpyxl.load_workbook(io.BytesIO(document.content))


def test_the_book_has_text_cells_no_formula_no_paper_and_says_who_may_hold_it() -> None:
    campaign = _own(_changed(_whole(), T01={"name": "=1+1"}, T02={"phone": ""}), "=cmd|{name}")
    book = _book(campaign, tiny_plan())
    assert book.sheetnames == ["短信", "电话通知"]
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    values = [str(cell.value) for cell in cells]
    assert {"'=1+1", "'=cmd|=1+1"} <= set(values)
    assert all(cell.data_type != "f" for cell in cells)
    phones = [cell for cell in cells if str(cell.value).startswith("169")]
    assert len(phones) == 10
    assert {(cell.data_type, cell.number_format) for cell in phones} == {("s", "@")}
    assert all("持有人：发短信的经办人" in str(sheet["A2"].value) for sheet in book)
    papers = {person.document_number for person in campaign.registrations}
    assert not [value for value in values if any(paper and paper in value for paper in papers)]


def test_the_book_adds_up_what_is_charged() -> None:
    sheet = _book(_own(_whole(), "字" * 71), tiny_plan())["短信"]
    columns = {str(cell.value): number for number, cell in enumerate(sheet[3])}
    total = [cell.value for cell in sheet[15]]
    assert total[0] == "合计"
    first = [cell.value for cell in sheet[4]]
    assert (first[columns["字数"]], first[columns["计费条数"]]) == (71, 2)
    assert total[columns["计费条数"]] == 22


def test_the_same_input_is_the_same_bytes_and_is_counted() -> None:
    order = Order(kinds=("messages",), now=NOW)
    (one,), (two,) = (list(render(_whole(), tiny_plan(), order=order)) for _ in range(2))
    assert one.content == two.content
    assert count_documents(_whole(), tiny_plan(), kinds=order.kinds) == 1
    nobody = replace(_whole(), registrations=())
    plan = replace(tiny_plan(), routes=(), legs=(), events=())
    assert list(render(nobody, plan, order=order)) == []
    assert count_documents(nobody, plan, kinds=order.kinds) == 0


def _read(folder: Path, content: str) -> tuple[tuple[MessageText, ...], list[Issue]]:
    issues: list[Issue] = []
    (folder / "messages.toml").write_text(content, encoding="utf-8")
    return read_messages(folder, issues), issues


def test_an_office_gives_its_own_words(tmp_path: Path) -> None:
    assert read_messages(tmp_path, []) == ()
    words, issues = _read(tmp_path, 'run = "{name}，{time}"\nscheduled = "{yuan}元"\n')
    assert issues == []
    assert [(entry.kind, entry.text) for entry in words] == [
        ("run", "{name}，{time}"),
        ("scheduled", "{yuan}元"),
    ]
    assert _read(tmp_path, messages_text(words)) == (words, [])


def test_a_folder_keeps_them_and_forgets_them(tmp_path: Path) -> None:
    campaign = _own(tiny_campaign(), "{name}")
    save_campaign(campaign, tmp_path)
    loaded, issues = load_campaign(tmp_path)
    assert loaded is not None
    assert (loaded.messages, issues) == (campaign.messages, ())
    assert campaign_digest(loaded) == campaign_digest(tiny_campaign())
    (tmp_path / "messages.toml").write_text('run = "{id}"', encoding="utf-8")
    assert load_campaign(tmp_path)[0] is None
    save_campaign(tiny_campaign(), tmp_path)
    assert not (tmp_path / "messages.toml").exists()


@pytest.mark.parametrize(
    ("content", "code", "column"),
    [
        ('run = "{id_number}"', "messages.placeholder", "run"),
        ('run = "{Name}"', "messages.placeholder", "run"),
        ('run = "{name"', "messages.placeholder", "run"),
        ('scheduled = "{run}"', "messages.placeholder", "scheduled"),
        ('run = ""', "cell.empty", "run"),
        ('bus = "{name}"', "settings.unknown_key", "bus"),
        ("run = {name}", "file.toml", ""),
    ],
)
def test_what_cannot_be_filled_is_refused(tmp_path: Path, content: str, code: str, column: str) -> None:
    words, issues = _read(tmp_path, content)
    assert words == ()
    assert [(found.code, found.where.file, found.where.column, found.severity) for found in issues] == [
        (code, "messages.toml", column, "error")
    ]


def test_the_refusal_names_which_and_what_to_use_instead(tmp_path: Path) -> None:
    (found,) = _read(tmp_path, 'run = "{id_number}"')[1]
    for locale in LOCALES:
        said = text(found.code, locale=locale, **found.args)
        assert "{id_number}" in said
        assert "{captain_phone}" in said
