"""Finds leaked state secrets, work secrets and personal data in exported work-group chats."""

from __future__ import annotations

from leakwatch.api import scan_path, scan_text

__all__ = ["scan_path", "scan_text"]
