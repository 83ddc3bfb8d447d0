"""Forensic appraisal (司法鉴定): commission, agreement, materials, experts, examination, second review, report."""
