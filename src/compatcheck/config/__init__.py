"""The configuration: what a repository says about itself. Imports nothing of ours but the errors."""

from compatcheck.config.find import Found, find
from compatcheck.config.match import excluder, severity_of
from compatcheck.config.model import Config, Service
from compatcheck.config.parse import Names, parse
from compatcheck.config.weaken import weakenings

__all__ = [
    "Config",
    "Found",
    "Names",
    "Service",
    "excluder",
    "find",
    "parse",
    "severity_of",
    "weakenings",
]
