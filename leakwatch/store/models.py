"""The tables; what they mean is told by the modules that write them.

Words of messages and documents, and of people on them, and names of chats and files lie only in columns named
`sealed…`, encrypted with the key of the vault; what stands in clear is what lists sort and filter by. Ids of findings
and hashes of words are blinded (`sealing`): a plain hash of eleven digits is found by trying them all. `LogEntry` and `Verdict` are
append-only (triggers).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from leakwatch.store.sealed_text import BlindedText, SealedText, SealedTexts

if TYPE_CHECKING:  # Django ships no types, and without any a member is taken for a tuple
    from enum import StrEnum

    class Choices(StrEnum):
        """What TextChoices is."""

        label: str
        choices: list[tuple[str, str]]
        values: list[str]

        def __new__(cls, value: str, label: str = "") -> Choices: ...
else:
    Choices = models.TextChoices


class Role(Choices):
    """Who may see what; web.access says it page by page."""

    OWNER = "owner", "群主"
    REVIEWER = "reviewer", "审核员"
    OFFICE = "office", "保密办"
    AUDITOR = "auditor", "审计员"
    ADMIN = "admin", "管理员"


class LeadState(Choices):
    """Where a lead stands; only a person moves it on."""

    NEW = "new", "新线索"
    IN_REVIEW = "in_review", "审核中"
    SECOND_LOOK = "second_look", "待复核"
    CONFIRMED = "confirmed", "已确认"
    DISMISSED = "dismissed", "非泄密"
    UNCLEAR = "unclear", "待查明"


class ScanKind(Choices):
    """What asked for a scan."""

    MANUAL = "manual", "手动"
    INBOX = "inbox", "收件箱"
    UPLOAD = "upload", "上传"
    NIGHTLY = "nightly", "夜间"
    CANARY = "canary", "自检"
    """Our own harmless export, which proves that the road works; it is in no count."""


class Unit(models.Model):
    """A unit that owns work groups (微信使用保密管理工作规范, 附件1)."""

    name = SealedText(db_column="sealed_name", blinded="name_key")
    name_key = BlindedText(of="name")
    contact = SealedText(db_column="sealed_contact")
    telephone = SealedText(db_column="sealed_telephone")
    parent = SealedText(db_column="sealed_parent")
    """Name of the unit above it; empty: the bureau itself."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("name_key",), name="unit_once"),)

    def __str__(self) -> str:
        return str(self.name)


class User(AbstractBaseUser):
    """An account of the review page; never deleted, only closed, for the log names it."""

    username = models.CharField(max_length=50, unique=True)
    shown_name = models.CharField(max_length=50, blank=True)
    role = models.CharField(max_length=10, choices=Role.choices)
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT)
    is_active = models.BooleanField(default=True)
    must_change_password = models.BooleanField(default=True)
    failed_logins = models.PositiveIntegerField(default=0)
    locked_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField()

    USERNAME_FIELD = "username"
    objects = BaseUserManager["User"]()


class Group(models.Model):
    """A work group of the register, or one that was seen in an archive and is not registered yet."""

    name = SealedText(db_column="sealed_name", blinded="name_key")
    name_key = BlindedText(of="name")
    platform = models.CharField(max_length=20, default="wechat")
    owner_name = SealedText(db_column="sealed_owner_name")
    owners = models.ManyToManyField(User, blank=True, related_name="own_groups")
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT)
    remark = SealedText(db_column="sealed_remark")
    aliases = SealedTexts(db_column="sealed_aliases")
    """Names that it had before, or has in an export."""
    is_registered = models.BooleanField(default=False)
    filed_at = models.DateField(null=True, blank=True)
    dissolved_at = models.DateField(null=True, blank=True)
    last_message_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("platform", "name_key"), name="group_once"),)


class Scan(models.Model):
    """One run over some files; its figures stay as they were when it ended."""

    kind = models.CharField(max_length=10, choices=ScanKind.choices)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    root = models.CharField(max_length=500, blank=True)
    """The inbox that it came from; empty: none."""
    started_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField()
    rules_version = models.CharField(max_length=64)
    files = models.PositiveIntegerField()
    messages = models.PositiveIntegerField()
    pieces = models.PositiveIntegerField()
    unread = models.PositiveIntegerField()
    notes = models.PositiveIntegerField()
    """Findings that are only counted; no row is kept of them."""
    new = models.PositiveIntegerField()
    known = models.PositiveIntegerField()
    reactivated = models.PositiveIntegerField()
    gone = models.PositiveIntegerField()


class Original(models.Model):
    """A file as evidence: what it is and what it hashes to; its bytes lie sealed in the vault."""

    sha256 = models.CharField(max_length=64, primary_key=True)
    sm3 = models.CharField(max_length=64)
    size = models.BigIntegerField()
    kind = models.CharField(max_length=100, blank=True)
    suite = models.CharField(max_length=10, blank=True)
    key_id = models.CharField(max_length=64, blank=True)
    parent = models.CharField(max_length=64, blank=True, db_index=True)
    taken_at = models.DateTimeField()
    is_kept = models.BooleanField(default=False)
    """Its bytes are in the vault; parts of an archive that hold nothing are only hashed."""
    purged_at = models.DateTimeField(null=True)


class Received(models.Model):
    """Where a file lay when a scan met it."""

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="received")
    sha256 = models.CharField(max_length=64, db_index=True)
    sealed = models.BinaryField()
    """The path: names of files tell what they hold. Empty once its original was purged."""


class Conversation(models.Model):
    """A chat that a scan read to its end, and what of it was there to be read."""

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="conversations")
    group = models.ForeignKey(Group, null=True, on_delete=models.SET_NULL, related_name="readings")
    name = SealedText(db_column="sealed_name")
    platform = models.CharField(max_length=20)
    format = models.CharField(max_length=50)
    messages = models.PositiveIntegerField()
    declared = models.PositiveIntegerField(null=True)
    is_incomplete = models.BooleanField()
    coverage = models.JSONField()
    lossy = models.JSONField()


class Unread(models.Model):
    """Something that a scan could not read, and why."""

    scan = models.ForeignKey(Scan, on_delete=models.CASCADE, related_name="unread_parts")
    sha256 = models.CharField(max_length=64, db_index=True)
    parent = models.CharField(max_length=64, blank=True, db_index=True)
    part = models.CharField(max_length=64)
    """Blinded: its name, by which it is known again."""
    reason = models.CharField(max_length=30)
    group = SealedText(db_column="sealed_group", blinded="group_key")
    group_key = BlindedText(of="group")
    settled_at = models.DateTimeField(null=True)
    """When a later scan read or listed it again, or a person said why it may stay unread."""
    settled_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    sealed_because = models.BinaryField(default=b"")
    """Why it may stay unread, in that person's words."""
    sealed = models.BinaryField()
    """Its name, and the sentence on it, which may quote names. Empty once its original was purged."""


class Lead(models.Model):
    """One matter (一事一报): what a person decides on and reports."""

    id = models.CharField(max_length=80, primary_key=True)
    state = models.CharField(max_length=12, choices=LeadState.choices, default=LeadState.NEW)
    is_draft = models.BooleanField()
    """Opened by a finding that drafts the form; else one that only waits for a person's look."""
    level = models.CharField(max_length=10, blank=True)
    """The gravest level as marked."""
    category = models.CharField(max_length=20)
    """Of its gravest finding."""
    rule_name = models.CharField(max_length=200)
    at_once = models.BooleanField(default=False)
    found_at = models.DateTimeField()
    due_at = models.DateTimeField(db_index=True)
    verified_at = models.DateTimeField(null=True)
    office_due_at = models.DateTimeField(null=True)
    reported_at = models.DateTimeField(null=True)
    """When the office reported it on, which stops its clock."""
    claimed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    claimed_at = models.DateTimeField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT)
    groups = models.ManyToManyField(Group, related_name="leads")
    changed_at = models.DateTimeField()
    """When facts were last added by a scan."""
    handed_over_at = models.DateTimeField(null=True)
    """When the last package of it was made."""
    purged_at = models.DateTimeField(null=True)
    """From then on no words of it are kept: `sealed` is empty here and in its findings and places."""
    purged_because = SealedText(db_column="sealed_purged_because")
    """Readable for as long as the row is kept, whatever becomes of the key."""
    has_form = models.BooleanField(default=False)
    """The form in the folder of drafts says what this row says."""
    sealed = models.BinaryField()
    """The boxes of the form as drafted."""

    class Meta:
        indexes = (
            # The queue as it is listed and narrowed: no page reads the sealed boxes of leads that it does not show.
            models.Index(
                fields=(
                    "merged_into",
                    "-at_once",
                    "due_at",
                    "-is_draft",
                    "level",
                    "id",
                    "state",
                    "category",
                    "reported_at",
                ),
                name="lead_queue",
            ),
        )


class Finding(models.Model):
    """What was found, wherever it was hit; the id is that of the fact."""

    id = models.CharField(max_length=64, primary_key=True)
    lead = models.ForeignKey(Lead, null=True, on_delete=models.PROTECT, related_name="findings")
    rule = models.CharField(max_length=100, db_index=True)
    rule_name = models.CharField(max_length=200)
    kind = models.CharField(max_length=20)
    category = models.CharField(max_length=20)
    level = models.CharField(max_length=10, blank=True)
    outcome = models.CharField(max_length=10, db_index=True)
    score = models.FloatField()
    document = models.CharField(max_length=64)
    """Blinded: what counts as one 件."""
    fingerprint = models.CharField(max_length=64, db_index=True)
    """Blinded; the same for the same words under the same rule, wherever they stand: what is decided in bulk."""
    clauses = models.JSONField()
    first_scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="first_found")
    last_scan = models.ForeignKey(Scan, on_delete=models.PROTECT, related_name="last_found")
    found_at = models.DateTimeField()
    gone_at = models.DateTimeField(null=True)
    suppressed_by = models.ForeignKey("Suppression", null=True, on_delete=models.SET_NULL)
    sealed = models.BinaryField()
    """Reasons, in which words of the hit stand, and the names that the road gives it."""


class Place(models.Model):
    """One place where a finding was hit, with what stands around it."""

    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="places")
    key = models.CharField(max_length=64)
    """The same for the same hit found again."""
    sha256 = models.CharField(max_length=64, db_index=True)
    origin = models.CharField(max_length=10)
    group = models.ForeignKey(Group, null=True, on_delete=models.SET_NULL)
    sent_at = models.DateTimeField(null=True)
    precision = models.CharField(max_length=10, blank=True)
    sealed = models.BinaryField()
    """Text, offsets, boxes in px, sender, spot, inner path, the messages before and after."""

    class Meta:
        constraints = (models.UniqueConstraint(fields=("finding", "key"), name="place_once"),)


class Holder(models.Model):
    """An original that a place lies in: the file itself, what it was taken from, the export that carries it."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="holders")
    sha256 = models.CharField(max_length=64, db_index=True)


class Print(models.Model):
    """What a document is recognised by when it turns up elsewhere: number, file, picture, text."""

    place = models.ForeignKey(Place, on_delete=models.CASCADE, related_name="prints")
    sort = models.CharField(max_length=10)
    value = models.CharField(max_length=200, db_index=True)
    """Blinded where it could be guessed."""


class Posting(models.Model):
    """A carrier at one place, by which something like it is known again; only where it can be told from others."""

    key = models.CharField(max_length=64, unique=True)
    """Blinded: of place and carrier."""
    finding = models.ForeignKey(Finding, on_delete=models.CASCADE, related_name="postings")
    """One of those that stand on it."""
    sealed = models.BinaryField()


class Verdict(models.Model):
    """What a person decided on a lead; append-only, the newest counts."""

    lead = models.ForeignKey(Lead, on_delete=models.PROTECT, related_name="verdicts")
    by = models.ForeignKey(User, on_delete=models.PROTECT)
    at = models.DateTimeField()
    verdict = models.CharField(max_length=12, choices=LeadState.choices)
    is_second_look = models.BooleanField()
    sealed = models.BinaryField()
    """Why; of a lead that was reopened too."""


class Suppression(models.Model):
    """Content that a person said is no leak: it opens no lead again until it expires."""

    fingerprint = models.CharField(max_length=64, db_index=True)
    rule = models.CharField(max_length=100)
    group = models.ForeignKey(Group, null=True, on_delete=models.PROTECT)
    """None: wherever it turns up."""
    owner = models.ForeignKey(User, on_delete=models.PROTECT)
    sealed = models.BinaryField()
    """Why."""
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    uses = models.PositiveIntegerField(default=0)
    last_used_at = models.DateTimeField(null=True)


class LogEntry(models.Model):
    """One row of the log: who did what to what; each holds the hash of the one before. Append-only."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField()
    actor = models.CharField(max_length=60)
    """A user name, or the part of leakwatch that acted."""
    action = models.CharField(max_length=40, db_index=True)
    subject = models.CharField(max_length=100, db_index=True)
    """An id, never a name or words."""
    details = models.JSONField()
    """Figures and ids."""
    algorithm = models.CharField(max_length=10)
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)


class ArrivalState(Choices):
    """How far something that was dropped has come."""

    WAITING = "waiting", "等待读取"
    WORKING = "working", "正在读取"
    DONE = "done", "已读取"
    SEEN = "seen", "以前读过"
    """The same bytes were read before under the same rules."""
    GIVEN_UP = "given_up", "已放弃"
    """Reading it ended the worker again and again."""
    GONE = "gone", "已被拿走"
    """Taken away before it was read, or changed into another arrival."""


class Arrival(models.Model):
    """Something that came to rest in an inbox; the table is the queue of the worker."""

    root = models.CharField(max_length=500)
    name = SealedText(db_column="sealed_name", blinded="name_key")
    """As `plain.file_name` writes it."""
    name_key = BlindedText(of="name")
    signature = models.CharField(max_length=64)
    """Names, sizes and times of its files, as `watch.inbox` makes it."""
    content = models.CharField(max_length=64, blank=True, db_index=True)
    """Hash over its files; the same bytes dropped twice have the same."""
    kind = models.CharField(max_length=10, choices=ScanKind.choices)
    asked_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT)
    """Who uploaded it on the page."""
    sealed_title = models.BinaryField(default=b"")
    """Of an upload: what it is called, for eyes only; it lies under a random name."""
    files = models.PositiveIntegerField()
    size = models.BigIntegerField()
    partial = SealedTexts(db_column="sealed_partial")
    """Files of it that were half-written and given up on."""
    state = models.CharField(max_length=10, choices=ArrivalState.choices, db_index=True)
    arrived_at = models.DateTimeField(db_index=True)
    not_before = models.DateTimeField(null=True)
    """Tried again then, after something that passes: a full disk, a locked database."""
    owner = models.CharField(max_length=100, blank=True)
    lease_until = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    progress = models.CharField(max_length=100, blank=True)
    ended_at = models.DateTimeField(null=True)
    rules_version = models.CharField(max_length=64, blank=True)
    scan = models.ForeignKey(Scan, null=True, on_delete=models.PROTECT, related_name="arrivals")
    detail = SealedText(db_column="sealed_detail")
    place = SealedText(db_column="sealed_place")
    """Below its inbox, since it was moved away from the top."""
    is_settled = models.BooleanField(default=False)
    """It lies where it is to lie, and what is to lie beside it does."""
    sealed_files = models.BinaryField(default=b"")
    """Of an upload that was read: its files by their names; their bytes are originals in the vault."""

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=("root", "name_key", "signature"), name="arrival_once"),
        )


class JobRun(models.Model):
    """When a job of the daemon last ended well, and what came of the last try."""

    name = models.CharField(max_length=50, primary_key=True)
    tried_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True)
    detail = SealedText(db_column="sealed_detail")


class Told(models.Model):
    """A warning that is given once, however often its time is looked at."""

    key = models.CharField(max_length=150, primary_key=True)
    """lead, duty and stage; night; fault."""
    at = models.DateTimeField()


class Letter(models.Model):
    """A notice on one of the ways of the config, until it is delivered."""

    way = models.CharField(max_length=30)
    """Number and name, without addresses."""
    subject = models.CharField(max_length=20)
    made_at = models.DateTimeField()
    lead_ids = models.JSONField(default=list)
    figures = models.JSONField(default=list)
    link = models.CharField(max_length=300, blank=True)
    tries = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    sent_at = models.DateTimeField(null=True, db_index=True)
    detail = models.CharField(max_length=300, blank=True)
    """Why the last try failed (Chinese)."""
