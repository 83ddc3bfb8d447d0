"""Mediation (调解): application, sessions, agreement or end, performance, confirmation by a court."""
