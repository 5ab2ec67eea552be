"""auditflow: live case-file audits, their two flow charts, their deadlines and escalations."""

__version__ = "0.1.0"
