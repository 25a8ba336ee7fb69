"""Keeps watch by itself: looks into the inboxes, has a worker read what arrived, runs the timers and the page."""
