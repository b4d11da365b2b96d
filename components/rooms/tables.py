"""The rooms' tables.

Times are seconds since 1970. Secrets are kept as their SHA-256 alone, and texts as JSON in ASCII, as PostgreSQL takes
neither a zero byte nor half a character.
"""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, MetaData, String, Table, Text

METADATA = MetaData()

ROOMS = Table(
    "lab_rooms",
    METADATA,
    Column("code", String(6), primary_key=True),
    Column("key_hash", String(64), nullable=False),
    Column("opened", Float, nullable=False, index=True),
    Column("closed", Boolean, nullable=False, default=False),
    Column("revision", Integer, nullable=False, default=0),  # of all that members see; a vote does not change it
    Column("page", String(100), nullable=False, default=""),
    Column("query", Text, nullable=False, default="{}"),
    Column("moves", Integer, nullable=False, default=0),  # of the teacher, from page to page or in its settings
)

MEMBERS = Table(
    "lab_members",
    METADATA,
    Column("token_hash", String(64), primary_key=True),
    Column("code", ForeignKey(ROOMS.c.code), nullable=False),
    Column("joined", Float, nullable=False),
    Column("seen", Float, nullable=False),
    Index("lab_members_seen", "code", "seen"),
)

ROUNDS = Table(
    "lab_rounds",
    METADATA,
    Column("code", ForeignKey(ROOMS.c.code), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("digest", String(64), nullable=False),
    Column("page", String(100), nullable=False),
    Column("query", Text, nullable=False),
    Column("question", Text, nullable=False),
    Column("options", Text, nullable=False),
    Column("asked", Float, nullable=False),
    Column("revealed", Boolean, nullable=False, default=False),
    Column("answers", Text, nullable=False, default="[]"),  # what was measured, once it is known
)

VOTES = Table(
    "lab_votes",
    METADATA,
    Column("code", ForeignKey(ROOMS.c.code), primary_key=True),
    Column("key", String(100), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("member", String(64), primary_key=True),
    Column("choice", Integer, nullable=False),  # which of the options
    Column("cast", Float, nullable=False),
)
