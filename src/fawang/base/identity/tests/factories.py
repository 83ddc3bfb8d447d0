"""Accounts, parties and valid synthetic numbers for tests, of this room and others. No number belongs to anybody."""

from __future__ import annotations

from datetime import date
from itertools import count

import pyotp

from fawang.base.identity import selectors, services
from fawang.base.identity.identifiers import USCC_ALPHABET, organisation_check_character, uscc_check_character
from fawang.base.identity.models import Account
from fawang.base.identity.values import PartyData, PartyKind
from fawang.kernel import clock, ids
from fawang.kernel.policy import Actor, system

SYSTEM = system("test")
PASSWORD = "Correct-horse-9"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
IP = "203.0.113.7"
_number = count(1)


class Collected:
    """A sender that keeps what it was given."""

    def __init__(self):
        self.texts = []

    def send(self, phone, text):
        self.texts.append((phone, text))

    @property
    def code(self):
        """The six digits of the last text."""
        return next(word for word in self.texts[-1][1].replace(",", " ").split() if word.isdigit() and len(word) == 6)


def id_card(*, region="510107", born=date(1990, 3, 7), serial=None):
    """A resident's number with a right check character."""
    seventeen = f"{region}{born:%Y%m%d}{(serial or next(_number)) % 1000:03d}"
    return seventeen + ids.check_mod_11_2(seventeen)


def uscc(*, prefix="91", region="510107", number=None):
    """A credit code that passes both checks."""
    value, digits = number or next(_number), ""
    for _place in range(4):
        value, digit = divmod(value, 31)
        digits = USCC_ALPHABET[digit] + digits
    eight = "MDYX" + digits
    seventeen = prefix + region + eight + organisation_check_character(eight)
    return seventeen + uscc_check_character(seventeen)


def phone(number=None):
    """A mobile number of nobody (139 0000 nnnn)."""
    return f"1390000{(number or next(_number)) % 10000:04d}"


def party_data(**changes):
    """What a form says about a person."""
    return PartyData(**{"name": "张三丰", "id_no": id_card(), "phone": phone(), **changes})


def make_party(**changes):
    """A recorded party's id."""
    return services.take_party(SYSTEM, party_data(**changes)).id


def make_org(**changes):
    """A recorded organisation's id."""
    data = {"kind": PartyKind.ORG, "name": "示例贸易有限公司", "id_no": "", "uscc": uscc(), **changes}
    return services.take_party(SYSTEM, party_data(**data)).id


def make_account(*, level=2, number=None, **changes):
    """A citizen's account with a party."""
    number = number or phone()
    account_id = services.create_citizen(SYSTEM, phone=number, data=party_data(**changes), level=level)
    return Account.objects.select_related("party").get(pk=account_id)


def make_staff_account(username=None, **changes):
    """A staff account with a password and an authenticator."""
    data = {
        "username": username or f"staff{next(_number)}",
        "display_name": "王小明",
        "password": PASSWORD,
        "totp_secret": SECRET,
        **changes,
    }
    return selectors.account(services.create_account(SYSTEM, **data))


def citizen(account):
    """The actor of a citizen's account, for themself."""
    return Actor(
        ref=account.ref,
        roles=frozenset({"CITIZEN"}),
        account_id=account.pk,
        party_id=account.party_id,
        level=account.party.level,
    )


def staff(*roles, account_id=1, unit_id=1, area="5101"):
    """An actor with roles in some institution."""
    return Actor(
        ref=f"account:{account_id}",
        roles=frozenset(roles),
        account_id=account_id,
        member_id=account_id,
        unit_id=unit_id,
        area=area,
    )


def totp_code(secret=SECRET, *, step=0):
    """The authenticator's code now, or some steps away."""
    return pyotp.TOTP(secret).at(int(clock.now().timestamp()) + 30 * step)
