"""What lies in the inboxes, and what of it has come to rest.

`listing` looks, `inbox` decides (pure), `alarm` says when to look before the time is up.
"""
