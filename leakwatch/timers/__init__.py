"""What the daemon does at set times: plain functions, run by APScheduler, each with its own "last successful" row."""

from leakwatch.timers.schedule import Job, Timers, is_missed

__all__ = ["Job", "Timers", "is_missed"]
