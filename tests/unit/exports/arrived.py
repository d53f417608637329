"""The sample bus beyond the train: employers with shuttles, seats, a captain, some who go by themselves."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from exports.dossier import Dossier
from fixtures.making import tiny
from planner.model.places import Employer
from planner.model.plan import Subsidised
from planner.model.trunk import Captain, Seat
from planner.stages.handover import plan_handovers
from tests.builders import TRAIN
from tests.unit.exports.sample import NOW, sample_dossier

WORKS: Final = "示例智能装备制造（广州）有限公司"
TOYS: Final = "宏图玩具"
_SEATS: Final = "ABCDF"


def arrived_dossier(*, locale: str = "zh_CN", people: int = 45, alone: int = 2) -> Dossier:
    """Join the sample with the way to the gates; the last ``alone`` people go by scheduled transport."""
    base = sample_dossier(locale=locale, people=people, stops=min(5, people))
    registrations = tuple(
        replace(person, employer=WORKS if person.group else person.employer)
        for person in base.campaign.registrations
    )
    ids = tuple(person.id for person in registrations)
    gone = ids[len(ids) - alone :]
    works = sorted({(person.destination_id, person.employer) for person in registrations})
    campaign = replace(
        base.campaign,
        registrations=registrations,
        employers=tuple(
            Employer(
                destination_id=destination,
                name=name,
                gate="红湖路 8 号 2 号门",
                dormitory="宿舍区 3 栋 1 单元",
                contact_name="何主管",
                contact_phone="16900003001",
                shuttle_seats=0 if name == TOYS else 3,
                ride_min=40,
            )
            for destination, name in works
            if name != "自行求职"
        ),
    )
    legs = tuple(leg for leg in base.plan.legs if not set(leg.registration_ids) & set(gone))
    plan = replace(
        base.plan,
        legs=legs,
        handovers=plan_handovers(campaign, legs),
        subsidised=tuple(
            Subsidised(
                registration_ids=(person,),
                destination_id=tiny.GUANGZHOU,
                day=tiny.TRAVEL_DAY + timedelta(days=1),
                fen=18_000,
            )
            for person in gone
        ),
        seats=tuple(
            Seat(
                registration_id=person,
                departure_id=TRAIN,
                carriage=3 + number // 20,
                label=f"{number % 20 + 1}{_SEATS[number % 5]}",
            )
            for number, person in enumerate(ids)
        ),
        captains=tuple(Captain(registration_id=ids[12], departure_id=TRAIN, carriage=3) for _ in ids[12:13]),
    )
    return Dossier(campaign, plan, locale=locale, now=NOW)
