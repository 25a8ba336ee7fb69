"""The one database layer: SQLite by default, PostgreSQL by setting.

Only this room, `web` and the composition roots know Django; `connect` makes it ready.
"""
