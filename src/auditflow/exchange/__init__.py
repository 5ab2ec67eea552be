"""Files in and out: checked row by row, and safe to open."""
