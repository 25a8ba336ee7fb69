"""Marks and numbers that somebody hid."""
