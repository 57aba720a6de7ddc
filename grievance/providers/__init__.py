"""Asks the provider of an organisation who somebody is (OpenID Connect). It knows no database, no page and no account."""

from grievance.providers.errors import Failed, Unreachable
from grievance.providers.provider import Begun, Provider
from grievance.providers.told import Told

__all__ = ["Begun", "Failed", "Provider", "Told", "Unreachable"]
