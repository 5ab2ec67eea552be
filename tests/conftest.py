"""How Hypothesis runs everywhere: never by the clock, and with what makes a failure again."""

from hypothesis import HealthCheck, settings

settings.register_profile(
    "auditflow",
    deadline=None,
    print_blob=True,
    # A shared machine may be slow; that is no finding.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
settings.load_profile("auditflow")
