"""Files in: case lists and staff lists as councils export them, CSV or XLSX, checked row by row."""
