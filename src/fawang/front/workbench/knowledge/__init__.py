"""Law and guides: the editors' pages, and a draft beside a lawyer's opinion."""
