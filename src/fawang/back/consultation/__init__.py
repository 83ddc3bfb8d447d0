"""Legal consultation (法律咨询): answered on the spot, or an order with a question, a lawyer's cited opinion, follow-up."""
