"""Identity levels (compliance §8): raise them, and refuse acts that need a higher one."""

from __future__ import annotations

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fawang.base.identity import sealing, selectors
from fawang.base.identity.errors import NeedsLevel, NotVerified, VerifiedElsewhere
from fawang.base.identity.identifiers import birth_date_of, check_document, sex_of
from fawang.base.identity.models import Party
from fawang.base.identity.names import check_name, pinyin_key
from fawang.base.identity.services import throttle
from fawang.base.identity.values import IdType
from fawang.base.identity.verifiers import presence_check, verifier
from fawang.kernel.errors import Invalid, NotFound, PartnerUnavailable, RefusedByState
from fawang.kernel.events.services import append
from fawang.kernel.events.values import Fact
from fawang.kernel.policy import Actor, require

_HOW: dict[int, str | Promise] = {
    1: gettext_lazy("办理这一项要先用手机验证码登录。"),
    2: gettext_lazy("办理这一项要先实名。请到“我的”里填写姓名和身份证号码，一分钟就好；也可以带证件到就近的窗口办理。"),
    3: gettext_lazy("办理这一项要确认是您本人。请带证件到就近的公共法律服务中心，或预约视频核验。"),
    4: gettext_lazy("办理这一项要用数字证书或电子印章。请拨打 12348 咨询办理方法。"),
}


def require_level(actor: Actor, level: int) -> None:
    """Refuse an act that needs a higher identity level than the actor has. Parts of this system and staff acting in
    their office are not asked. Raises NeedsLevel, whose sentence says how to get there."""
    if actor.is_system or actor.member_id is not None or actor.level >= level:
        return
    raise NeedsLevel(_HOW[min(max(level, 1), 4)], needed=level, held=actor.level)


def _checked(name: str, id_type: str, id_no: str) -> tuple[str, str]:
    wrong: dict[str, str] = {}
    try:
        name = check_name(name)
    except ValueError as error:
        wrong["name"] = str(error)
    try:
        id_no = check_document(id_type, id_no)
    except ValueError as error:
        wrong["id_no"] = str(error)
    if wrong:
        raise Invalid(dict(wrong))
    return name, id_no


def verify_identity(actor: Actor, party_id: int, name: str, id_no: str, id_type: str = IdType.ID_CARD) -> int:
    """Have name and number checked against the register, and raise the party to level 2; the level it has then.

    A record of the same number without a log-in (made at a counter) is merged into this party. Raises Invalid,
    NotVerified, VerifiedElsewhere, TooMany, PartnerUnavailable. Call outside a transaction: failures are kept.
    """
    scopes = require(actor, "identity.verify")
    if not selectors.is_within(actor, party_id, scopes):
        raise NotFound
    name, id_no = _checked(name, id_type, id_no)
    throttle.spend(throttle.VERIFICATIONS, f"party:{party_id}")
    port = verifier()
    if not port.verify(name, id_type, id_no):
        _failed(actor, party_id, id_type)
        raise NotVerified
    how = "demonstration" if port.is_demonstration else "register"
    return _verified(actor, party_id, name, id_type, id_no, level=2, how=how)


def _failed(actor: Actor, party_id: int, id_type: str) -> None:
    with transaction.atomic(durable=True):
        Party.objects.select_for_update().get(pk=party_id)
        fact = Fact("identity.verification_failed.v1", {"id_type": id_type})
        append(actor=actor, stream=f"party:{party_id}", facts=[fact])


def can_confirm_online() -> bool:
    """Whether a partner is connected that tells that the person at the device is the one on record."""
    return presence_check() is not None


def confirm_online(actor: Actor, party_id: int) -> int:
    """Have the connected partner confirm that it is the person on record, who has level 2; level 3 then.

    Raises NeedsLevel below level 2, NotVerified, TooMany, PartnerUnavailable. Call outside a transaction.
    """
    scopes = require(actor, "identity.verify")
    if not selectors.is_within(actor, party_id, scopes):
        raise NotFound
    party = Party.objects.get(pk=party_id, merged_into__isnull=True)
    if party.level < 2:
        raise NeedsLevel(_HOW[2], needed=2, held=party.level)
    port = presence_check()
    if port is None:
        raise PartnerUnavailable(_HOW[3])
    throttle.spend(throttle.VERIFICATIONS, f"presence:{party_id}")
    number = sealing.unseal(party.id_no_sealed, sealing.ID_NO)
    if not port.confirm(party.name, party.id_type, number):
        _failed(actor, party_id, party.id_type)
        raise NotVerified(_("没有确认是您本人。请再试一次，或带证件到就近的公共法律服务中心办理。"))
    how = "demonstration" if port.is_demonstration else "online"
    return _verified(actor, party_id, party.name, party.id_type, number, level=3, how=how)


def confirm_at_counter(actor: Actor, party_id: int, name: str, id_no: str, id_type: str = IdType.ID_CARD) -> int:
    """A receptionist has the person and the document in front of them: level 3. Raises Invalid, VerifiedElsewhere."""
    require(actor, "identity.confirm_at_counter")
    name, id_no = _checked(name, id_type, id_no)
    return _verified(actor, party_id, name, id_type, id_no, level=3, how="counter")


def _verified(actor: Actor, party_id: int, name: str, id_type: str, id_no: str, *, level: int, how: str) -> int:
    with transaction.atomic():
        party = Party.objects.select_for_update().filter(pk=party_id, merged_into__isnull=True).first()
        if party is None:
            raise NotFound
        if party.id_no_index and party.id_no_index not in sealing.id_indexes(id_type, id_no):
            raise RefusedByState(_("已经用另一个证件号码实名。更换证件请带新旧证件到就近的公共法律服务中心办理。"))
        twin = _twin(party, id_type, id_no)
        if twin is not None:
            _merge(actor, twin, party)
        party.name, party.pinyin, party.id_type = name, pinyin_key(name), id_type
        party.id_no_sealed = sealing.seal(id_no, sealing.ID_NO)
        party.id_no_index = sealing.id_index(id_type, id_no)
        party.contact_index = None
        party.birth_date = birth_date_of(id_type, id_no) or party.birth_date
        party.sex = sex_of(id_type, id_no) or party.sex
        party.level = max(party.level, level)
        party.save()
        fact = Fact("identity.verified.v1", {"level": party.level, "how": how, "id_type": id_type})
        append(actor=actor, stream=f"party:{party.pk}", facts=[fact])
    return party.level


def _twin(party: Party, id_type: str, id_no: str) -> Party | None:
    """Another record of the same number, or VerifiedElsewhere when it has a log-in of its own."""
    twins = Party.objects.select_for_update(of=("self",)).select_related("account").exclude(pk=party.pk)
    twin = twins.filter(id_no_index__in=sealing.id_indexes(id_type, id_no)).first()
    if twin is not None and hasattr(twin, "account") and twin.account.is_active:
        raise VerifiedElsewhere
    return twin


def _merge(actor: Actor, twin: Party, survivor: Party) -> None:
    """The twin gives up its number and points to the survivor; its orders are the survivor's (`same_party_ids`)."""
    twin.id_no_index, twin.contact_index, twin.merged_into = None, None, survivor
    twin.save(update_fields=["id_no_index", "contact_index", "merged_into"])
    Party.objects.filter(merged_into=twin).update(merged_into=survivor)
    append(actor=actor, stream=f"party:{twin.pk}", facts=[Fact("identity.party_merged.v1", {"into": survivor.pk})])
