"""People's mediation (人民调解): application, sessions, agreement or end, performance."""
