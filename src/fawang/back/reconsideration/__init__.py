"""Administrative reconsideration (行政复议): application, review, reply, hearing, decision, performance."""
