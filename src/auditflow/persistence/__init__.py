"""The tables, the journal, and all that writes to them."""
