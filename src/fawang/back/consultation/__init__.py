"""Legal consultation (法律咨询): a question, a lawyer's cited opinion, a follow-up."""
