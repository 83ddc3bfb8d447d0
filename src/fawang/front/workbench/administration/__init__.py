"""The administration pages: institutions, people, accounts, keys, calendar, permissions, the record."""
