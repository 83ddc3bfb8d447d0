"""Arbitration (仲裁): commercial cases from application to award, requests beside them, labour and rural land cases."""
