"""People as the register knows them. Personal data: past ``planner/demand.py`` only ids go on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NewType

from planner.model.places import DestinationId, PlaceId

RegistrationId = NewType("RegistrationId", str)


class Sex(StrEnum):
    """As the ID card has it."""

    MALE = "male"
    FEMALE = "female"


class DocumentType(StrEnum):
    """Papers that the railway and the coach firms accept (domain §3.1)."""

    ID_CARD = "id_card"
    TEMPORARY_ID = "temporary_id"
    HOUSEHOLD_REGISTER = "household_register"
    HK_MACAO_PERMIT = "hk_macao_permit"
    TAIWAN_PERMIT = "taiwan_permit"
    HK_MACAO_TAIWAN_RESIDENT = "hk_macao_taiwan_resident"
    PASSPORT = "passport"
    FOREIGN_PERMANENT_RESIDENT = "foreign_permanent_resident"
    MILITARY = "military"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Registration:
    """One person who wants to travel on a day from a village to a destination.

    ``group`` joins people of one village who must not be separated (同行组); empty when alone.
    A ``child`` under 16 travels with an adult of the same group, never as a worker (禁止使用童工规定 第2条).
    With a ``latest_date`` any day from the travel date to it will do. ``needs`` is a short note for the crew
    (腿脚不便).
    """

    id: RegistrationId
    name: str
    sex: Sex | None = None
    birth: date | None = None
    document_type: DocumentType = DocumentType.ID_CARD
    document_number: str = ""
    phone: str = ""
    village_id: PlaceId
    group: str = ""
    destination_id: DestinationId
    travel_date: date
    latest_date: date | None = None
    employer: str = ""
    captain: bool = False
    child: bool = False
    relief: bool = False
    needs: str = ""
    note: str = ""
