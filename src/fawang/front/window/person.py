"""The person beside you, as typed in a column of its own."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest

FIELDS = ("person_name", "person_phone", "person_id", "person_uscc", "person_kind", "person_token", "person_seen")
# the detail of a party → the field of the column that asks for it
COLUMNS = {
    "name": "person_name", "phone": "person_phone", "id_no": "person_id", "id_type": "person_id", "uscc": "person_uscc",
    "kind": "person_kind",
}  # fmt: skip


@dataclass(frozen=True)
class Person:
    """The person beside you as typed; `is_seen`: the original document was compared with the face."""

    name: str
    phone: str
    id_no: str
    uscc: str
    kind: str
    token: str
    is_seen: bool


def typed(request: HttpRequest) -> Person:
    """What was typed into the column."""
    said = {name: request.POST.get(name, "").strip() for name in FIELDS}
    return Person(
        said["person_name"], said["person_phone"], said["person_id"], said["person_uscc"],
        said["person_kind"] or "PERSON", said["person_token"], bool(said["person_seen"]),
    )  # fmt: skip
