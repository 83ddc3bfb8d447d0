"""Administrative permits for legal services (行政许可): application, examination, decision, certificate."""
