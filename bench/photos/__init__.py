"""Drawn pictures as phones and chat programs hand them on, and how well they are read."""
