"""Files in and out: lists checked row by row, the audit tool, sheets that are safe to open."""
