"""People's mediation (人民调解): application or referral, acceptance, mediator, sessions, agreement or end, performance."""
