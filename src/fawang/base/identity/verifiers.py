"""Two ports by name. Whether a name and a document number belong together (`FAWANG_IDENTITY_VERIFIER`), and whether the
person at the device is the one on record (`FAWANG_PRESENCE_CHECK`; compliance §8: live face, bank card, 网证)."""

from __future__ import annotations

from typing import Protocol

from django.conf import settings
from django.utils.translation import gettext as _

from fawang.base.identity.identifiers import check_document
from fawang.kernel.errors import PartnerUnavailable


class Verifier(Protocol):
    """Asks a register of persons."""

    is_demonstration: bool

    def verify(self, name: str, id_type: str, number: str) -> bool:
        """Whether they belong together, or raise PartnerUnavailable."""


class DemonstrationVerifier:
    """NOT a verification: says yes to every number whose check character is right. For demonstrations only."""

    is_demonstration = True

    def verify(self, name: str, id_type: str, number: str) -> bool:
        """Whether the number could exist."""
        if not settings.FAWANG_IS_DEMONSTRATION:
            raise PartnerUnavailable(_("演示核验只能在演示环境使用。请配置正式的身份核验服务。"))
        try:
            check_document(id_type, number)
        except ValueError:
            return False
        return bool(name)


class NoVerifier:
    """No register is connected: people are confirmed at a counter."""

    is_demonstration = False

    def verify(self, name: str, id_type: str, number: str) -> bool:
        """Always raises PartnerUnavailable."""
        raise PartnerUnavailable(_("网上实名核验还没有开通。请带证件到就近的公共法律服务中心办理。"))


_verifiers: dict[str, Verifier] = {"demonstration": DemonstrationVerifier(), "none": NoVerifier()}


def register_verifier(name: str, verifier: Verifier) -> None:
    """Add a connection to a register under a name for `FAWANG_IDENTITY_VERIFIER`."""
    _verifiers[name] = verifier


def verifier() -> Verifier:
    """The configured verifier. Raises KeyError for a name nobody registered: a wiring error."""
    return _verifiers[settings.FAWANG_IDENTITY_VERIFIER]


class PresenceCheck(Protocol):
    """Asks a partner whether the person at the device is the one on record."""

    is_demonstration: bool

    def confirm(self, name: str, id_type: str, number: str) -> bool:
        """Whether it is the same person, or raise PartnerUnavailable."""


class DemonstrationPresence:
    """NOT a check: says yes to everybody. For demonstrations only."""

    is_demonstration = True

    def confirm(self, name: str, id_type: str, number: str) -> bool:
        """Yes. Raises PartnerUnavailable on a real installation."""
        if not settings.FAWANG_IS_DEMONSTRATION:
            raise PartnerUnavailable(_("演示核验只能在演示环境使用。请配置正式的身份核验服务。"))
        return True


NO_PRESENCE = "none"
_presences: dict[str, PresenceCheck] = {"demonstration": DemonstrationPresence()}


def register_presence_check(name: str, check: PresenceCheck) -> None:
    """Add a connection to a partner under a name for `FAWANG_PRESENCE_CHECK`."""
    _presences[name] = check


def presence_check() -> PresenceCheck | None:
    """The configured check; None where people come to a counter. Raises KeyError for a name nobody registered."""
    name = settings.FAWANG_PRESENCE_CHECK
    return None if name == NO_PRESENCE else _presences[name]
