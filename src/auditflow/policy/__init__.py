"""The numbers, titles and levels a council may set, each with its default, unit and source."""

from auditflow.policy.settings import SETTINGS, Policy, Setting

__all__ = ["SETTINGS", "Policy", "Setting"]
