"""The charts drawn from the lines that run: DOT, pictures, Mermaid, tables, traceability."""
