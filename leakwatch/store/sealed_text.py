"""Columns that hold names: plain in Python, sealed in the table, found again by a blinded copy.

The database can neither sort nor search by what is sealed; who needs an order sorts what was read.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import models
from django.db.models.lookups import Exact, In

if TYPE_CHECKING:
    from leakwatch.store.sealing import Sealer


def sealer() -> Sealer:
    """The one that Django was connected with."""
    given: Sealer = settings.SEALER
    return given


class SealedText(models.BinaryField):
    """Text; the empty one lies as nothing. It is compared by the `BlindedText` beside it, if it has one."""

    if TYPE_CHECKING:  # Django ships no types: a row has the text

        def __get__(self, row: object, kind: object) -> Any: ...
        def __set__(self, row: object, value: Any) -> None: ...

    def __init__(self, *args: Any, blinded: str = "", **options: Any) -> None:
        """blinded: the field that stands for it where rows are looked for by it."""
        super().__init__(*args, **options)
        self.blinded = blinded

    def deconstruct(self) -> Any:
        """As migrations write it."""
        name, path, args, options = super().deconstruct()
        return name, path, args, options | ({"blinded": self.blinded} if self.blinded else {})

    def get_default(self) -> Any:
        """Text, where bytes have none."""
        return super().get_default() or self.to_python("")

    def to_python(self, value: Any) -> Any:
        """As it is."""
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        """What lies in the column."""
        plain = self.encoded(value) if value else b""
        sealed = sealer().seal(plain, self._context) if plain else b""
        return super().get_db_prep_value(sealed, connection, prepared)

    def from_db_value(self, value: Any, _expression: object, _connection: object) -> Any:
        """What was given; None where a join found no row."""
        if value is None:
            return None
        return self.decoded(sealer().open(bytes(value), self._context) if value else b"")

    def value_to_string(self, obj: Any) -> str:
        """Nobody writes it out."""
        raise NotImplementedError

    def encoded(self, value: Any) -> bytes:
        """As it is sealed."""
        return str(value).encode("utf-8", "surrogatepass")

    def decoded(self, plain: bytes) -> Any:
        """As it is given out."""
        return plain.decode("utf-8", "surrogatepass")

    @property
    def _context(self) -> str:
        return f"{self.model._meta.db_table}.{self.column}"


class SealedTexts(SealedText):
    """Several texts, in order."""

    def to_python(self, value: Any) -> Any:
        """None stands in a row that was made without any."""
        return value or []

    def encoded(self, value: Any) -> bytes:
        """As JSON."""
        return json.dumps(list(value), ensure_ascii=False).encode("utf-8", "surrogatepass")

    def decoded(self, plain: bytes) -> Any:
        """A list."""
        return json.loads(plain.decode("utf-8", "surrogatepass")) if plain else []


class BlindedText(models.CharField):
    """64 digits that are the same for the same text of another field, and do not tell it."""

    def __init__(self, *args: Any, of: str, **options: Any) -> None:
        """of: the field that it stands for."""
        super().__init__(*args, **{"max_length": 64, "editable": False, **options})
        self.of = of

    def deconstruct(self) -> Any:
        """As migrations write it."""
        name, path, args, options = super().deconstruct()
        return name, path, args, options | {"of": self.of}

    def pre_save(self, model_instance: Any, add: bool) -> str:  # noqa: ARG002 - Django passes it
        """Made anew whenever the row is written."""
        blinded = self.blind(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, blinded)
        return blinded

    def blind(self, text: str) -> str:
        """What stands for that text."""
        return sealer().blind(f"{self.model._meta.db_table}.{self.of}", text)


class _Blinded:
    """Asks the blinded field instead of the sealed one."""

    lhs: Any
    rhs: Any

    def get_prep_lookup(self) -> Any:
        """The text itself: it is blinded when it is known of which field."""
        return self.rhs

    def blinded(self) -> tuple[Any, BlindedText]:
        """That field, as a column and by itself."""
        sealed = self.lhs.target
        field = sealed.model._meta.get_field(sealed.blinded)
        return field.get_col(self.lhs.alias), field


@SealedText.register_lookup
class _Same(_Blinded, Exact):
    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, field = self.blinded()
        return Exact(column, field.blind(self.rhs)).as_sql(compiler, connection)


@SealedText.register_lookup
class _OneOf(_Blinded, In):
    def as_sql(self, compiler: Any, connection: Any) -> Any:
        column, field = self.blinded()
        texts: Iterable[str] = self.rhs
        return In(column, [field.blind(text) for text in texts]).as_sql(compiler, connection)
