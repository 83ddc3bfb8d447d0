"""The verbs of the room: one name each, wherever it is written."""

from fawang.base.identity.reach import forget_reach, register_account_reach, register_reach
from fawang.base.identity.sealing import reseal
from fawang.base.identity.senders import register_sender
from fawang.base.identity.services.accounts import (
    close_account,
    create_account,
    create_citizen,
    open_account,
    reopen_account,
    reset_password,
    reset_totp,
    unlock_account,
)
from fawang.base.identity.services.audit import read_log
from fawang.base.identity.services.consents import give_consent, withdraw_consent
from fawang.base.identity.services.login import (
    begin_enrolment,
    check_totp,
    finish_with_new_password,
    finish_with_totp,
    login_by_password,
    login_by_phone_code,
    record_log_out,
    request_phone_code,
)
from fawang.base.identity.services.own import (
    begin_new_authenticator,
    change_password,
    finish_new_authenticator,
    set_preferences,
)
from fawang.base.identity.services.parties import (
    change_details,
    contact_for_delivery,
    own_values,
    take_party,
    unmask,
)
from fawang.base.identity.services.representations import (
    ask_to_represent,
    decide_representation,
    end_representation,
)
from fawang.base.identity.services.totp import enrol_totp
from fawang.base.identity.services.verification import (
    can_confirm_online,
    confirm_at_counter,
    confirm_online,
    require_level,
    verify_identity,
)
from fawang.base.identity.verifiers import register_presence_check, register_verifier

__all__ = [
    "ask_to_represent",
    "begin_enrolment",
    "begin_new_authenticator",
    "can_confirm_online",
    "change_details",
    "change_password",
    "check_totp",
    "close_account",
    "confirm_at_counter",
    "confirm_online",
    "contact_for_delivery",
    "create_account",
    "create_citizen",
    "decide_representation",
    "end_representation",
    "enrol_totp",
    "finish_new_authenticator",
    "finish_with_new_password",
    "finish_with_totp",
    "forget_reach",
    "give_consent",
    "login_by_password",
    "login_by_phone_code",
    "open_account",
    "own_values",
    "read_log",
    "record_log_out",
    "register_account_reach",
    "register_presence_check",
    "register_reach",
    "register_sender",
    "register_verifier",
    "reopen_account",
    "request_phone_code",
    "require_level",
    "reseal",
    "reset_password",
    "reset_totp",
    "set_preferences",
    "take_party",
    "unlock_account",
    "unmask",
    "verify_identity",
    "withdraw_consent",
]
