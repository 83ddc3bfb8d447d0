"""Notarial services (公证): application, acceptance, fee, examination, verification, approval, certificate, review."""
