"""Who may do what with accounts and parties. How far UNIT, AREA and SELF reach, the rooms above say (`reach`)."""

from __future__ import annotations

from fawang.kernel.policy import Scope, declare, grant

JUSTICE = ["JUSTICE_ADMIN_PROV", "JUSTICE_ADMIN_CITY", "JUSTICE_ADMIN_COUNTY", "JUSTICE_ADMIN_TOWN"]
ACTS_FOR_ITSELF = ["CITIZEN", "ORG_USER", "ORG_AGENT", "PROXY"]
FRONT_DESK = ["RECEPTIONIST", "DUTY_LAWYER", "DISPATCHER", "CALLBACK_AGENT"]
CASE_STAFF = ["HANDLER", "REVIEWER", "APPROVER", "INSTITUTION_ADMIN"]
OVERSEERS = ["SUPERVISOR", "QA_INSPECTOR"]
PARTNERS = [f"PARTNER_{p}" for p in ["COURT", "PROCURATORATE", "POLICE", "PETITION", "GRID", "LABOUR", "12345"]]

declare("identity.log_in", "log in, and ask for a code to log in with")
grant("identity.log_in", Scope.ANYONE, ["VISITOR", *ACTS_FOR_ITSELF, *FRONT_DESK, *CASE_STAFF, *OVERSEERS, *JUSTICE])

declare("identity.see_parties", "see who a party is, with numbers masked")
grant("identity.see_parties", Scope.OWN, ACTS_FOR_ITSELF)
grant("identity.see_parties", Scope.ALL, ["RECEPTIONIST", "DISPATCHER", "SYSTEM"])
grant("identity.see_parties", Scope.UNIT, [*CASE_STAFF, "DUTY_LAWYER", "CALLBACK_AGENT", *PARTNERS])
grant("identity.see_parties", Scope.AREA, [*JUSTICE, *OVERSEERS])

declare("identity.find_parties", "find parties by a phone number")
grant("identity.find_parties", Scope.ALL, ["RECEPTIONIST", "DUTY_LAWYER", "DISPATCHER", "CALLBACK_AGENT", "SYSTEM"])

declare("identity.take_party", "find or record the party that a form, a counter or a partner names")
grant("identity.take_party", Scope.OWN, ACTS_FOR_ITSELF)
grant("identity.take_party", Scope.ALL, [*FRONT_DESK, *CASE_STAFF, *JUSTICE, *PARTNERS, "SYSTEM", "VISITOR"])

declare("identity.change_details", "change a party's own details, preferences and consents")
grant("identity.change_details", Scope.OWN, ACTS_FOR_ITSELF)
grant("identity.change_details", Scope.ALL, ["RECEPTIONIST", "SYSTEM"])

declare("identity.verify", "have a name and a document number checked against the register")
grant("identity.verify", Scope.OWN, ACTS_FOR_ITSELF)
grant("identity.verify", Scope.ALL, ["RECEPTIONIST", "SYSTEM"])

declare("identity.confirm_at_counter", "confirm a person met face to face, with the document in hand")
grant("identity.confirm_at_counter", Scope.ALL, ["RECEPTIONIST", "SYSTEM"])

declare("identity.unmask", "read one masked field of a party, with a reason that is kept")
grant("identity.unmask", Scope.OWN, ACTS_FOR_ITSELF)
grant("identity.unmask", Scope.ALL, ["RECEPTIONIST", "SYSTEM"])
grant("identity.unmask", Scope.UNIT, ["HANDLER", "REVIEWER", "APPROVER", "DUTY_LAWYER", "CALLBACK_AGENT"])
grant("identity.unmask", Scope.AREA, [*JUSTICE, "DISPATCHER", "SUPERVISOR"])

declare("identity.deliver", "read where a message can reach a party, to send it")
grant("identity.deliver", Scope.ALL, ["SYSTEM"])

declare("identity.ask_to_represent", "ask to act for another, and end it")
grant("identity.ask_to_represent", Scope.OWN, ACTS_FOR_ITSELF)
grant("identity.ask_to_represent", Scope.ALL, ["RECEPTIONIST", "SYSTEM"])

declare("identity.decide_representation", "check the evidence of a representation and decide on it")
grant("identity.decide_representation", Scope.ALL, ["RECEPTIONIST", "SYSTEM"])

# Three administrators (GB/T 22239-2019 §8.1.5): who makes accounts and passwords is not who gives rights and takes an
# authenticator away, so that neither alone can become somebody else.
declare("identity.see_accounts", "find staff accounts and see their state")
grant("identity.see_accounts", Scope.ALL, ["SYS_ADMIN", "SEC_ADMIN", "AUDIT_ADMIN", "SYSTEM"])

declare("identity.manage_accounts", "create staff accounts and issue one-time passwords")
grant("identity.manage_accounts", Scope.UNIT, ["INSTITUTION_ADMIN"])
grant("identity.manage_accounts", Scope.AREA, JUSTICE)
grant("identity.manage_accounts", Scope.ALL, ["SYS_ADMIN", "SYSTEM"])

declare("identity.guard_accounts", "take away a lost authenticator, end a lock-out")
grant("identity.guard_accounts", Scope.ALL, ["SEC_ADMIN", "SYSTEM"])

declare("identity.close_accounts", "close an account at once, and open it again")
grant("identity.close_accounts", Scope.ALL, ["SYS_ADMIN", "SEC_ADMIN", "SYSTEM"])

declare("identity.read_log_ins", "read the record of log-ins, unmaskings and changes of accounts, roles and keys")
grant("identity.read_log_ins", Scope.ALL, ["AUDIT_ADMIN", "SYSTEM"])
