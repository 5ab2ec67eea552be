"""The register and the tables under it: the only part of auditflow that knows SQL."""
