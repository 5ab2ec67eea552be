"""The tables, the journal over them and the store they lie in; whatever writes to it is here."""
