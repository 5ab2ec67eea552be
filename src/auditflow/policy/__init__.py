"""The numbers, titles and levels a council may set, each with its default, unit and source."""

from auditflow.policy import reading
from auditflow.policy.inforce import Policy
from auditflow.policy.settings import DEFAULT, NAMED, SETTINGS, Setting, policy_of
