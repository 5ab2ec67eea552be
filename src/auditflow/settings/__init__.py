"""How auditflow runs: set on the command line, by variables, in files; nothing need be set."""
