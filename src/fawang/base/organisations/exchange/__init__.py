"""Lists of institutions and people in and out: tables in CSV, XLSX and JSON lines, checked row by row."""
