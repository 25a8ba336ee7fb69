"""Django's name for this room."""

from django.apps import AppConfig


class StoreConfig(AppConfig):
    """The tables of leakwatch."""

    name = "leakwatch.store"
    label = "store"
    default_auto_field = "django.db.models.BigAutoField"
