"""Office files of today."""
