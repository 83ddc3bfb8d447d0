"""Look-ups and verification (查询与核验): institutions, people, certificates, one's own matter; evidence kept."""
