"""Who takes contacts, who announces calls, who sees them."""

from __future__ import annotations

from fawang.kernel.policy import Scope, declare, grant

AGENTS = ("RECEPTIONIST", "DUTY_LAWYER")
JUSTICE = ("JUSTICE_ADMIN_PROV", "JUSTICE_ADMIN_CITY", "JUSTICE_ADMIN_COUNTY", "JUSTICE_ADMIN_TOWN")

declare("intake.take_contacts", "take calls and visits, answer them, or make orders of them")
grant("intake.take_contacts", Scope.UNIT, AGENTS)
grant("intake.take_contacts", Scope.ALL, ["SYSTEM"])

declare("intake.announce_calls", "tell the events of calls, as the telephone system does with its key")
grant("intake.announce_calls", Scope.UNIT, ["PARTNER_12345"])
grant("intake.announce_calls", Scope.ALL, ["SYSTEM"])

declare("intake.see_contacts", "see contacts, their outcome and their callers, with numbers masked")
grant("intake.see_contacts", Scope.UNIT, AGENTS)
grant("intake.see_contacts", Scope.AREA, ["SUPERVISOR", "CALLBACK_AGENT", *JUSTICE])
grant("intake.see_contacts", Scope.ALL, ["SYSTEM"])

declare("intake.call_back", "call people back and record what came of it")
grant("intake.call_back", Scope.UNIT, AGENTS)
grant("intake.call_back", Scope.AREA, ["CALLBACK_AGENT"])
grant("intake.call_back", Scope.ALL, ["SYSTEM"])

declare("intake.take_chats", "sign in to chat duty, take chats, answer, hand them on and end them")
grant("intake.take_chats", Scope.UNIT, ["DUTY_LAWYER"])

declare("intake.join_chats", "join a chat openly, or read along where the notice says so")
grant("intake.join_chats", Scope.AREA, ["SUPERVISOR"])

declare("intake.read_chats", "read what was said in a chat that is over; each reading is recorded")
grant("intake.read_chats", Scope.UNIT, ["DUTY_LAWYER"])
grant("intake.read_chats", Scope.AREA, ["SUPERVISOR"])
grant("intake.read_chats", Scope.ALL, ["SYSTEM"])

declare("intake.see_chat_desk", "see the page of chat duty")
grant("intake.see_chat_desk", Scope.UNIT, ["DUTY_LAWYER"])
grant("intake.see_chat_desk", Scope.AREA, ["SUPERVISOR"])

declare("intake.anonymise_answers", "write the anonymised version of an answered question whose asker agreed to it")
grant("intake.anonymise_answers", Scope.SELF, ["DUTY_LAWYER"])
grant("intake.anonymise_answers", Scope.ALL, ["KNOWLEDGE_EDITOR"])

# the asker's consent is withdrawn by the system, whoever reviewed the piece
grant("knowledge.review", Scope.ALL, ["SYSTEM"])
