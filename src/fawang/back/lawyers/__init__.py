"""Lawyers and basic-level legal services (律师与基层法律服务): engaging one, and meetings with detainees."""
