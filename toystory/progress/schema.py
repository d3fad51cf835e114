"""The tables of the record, and what number their format has."""

from __future__ import annotations

FORMAT = 5
"""Kept in the file as user_version. A record of a higher one was written by a newer program, and one of a
lower one is given the tables that came since."""
APPLICATION = 0x70795354
"""Kept in the file as application_id: it tells the record from any other SQLite file."""

TABLES = {
    1: """
CREATE TABLE lesson (
    name TEXT PRIMARY KEY, claims INTEGER NOT NULL DEFAULT 0, prediction INTEGER, predicted TEXT,
    answered INTEGER NOT NULL DEFAULT 0, stage TEXT, study TEXT);
CREATE TABLE verdict (
    lesson TEXT NOT NULL, claim TEXT NOT NULL, measured REAL, passed INTEGER NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (lesson, claim));
CREATE TABLE run (
    id INTEGER PRIMARY KEY, session TEXT NOT NULL, lesson TEXT NOT NULL, study TEXT NOT NULL,
    place INTEGER NOT NULL, of INTEGER NOT NULL, altered INTEGER NOT NULL, experiment TEXT NOT NULL,
    rates TEXT NOT NULL, updates INTEGER NOT NULL, loss REAL, train_accuracy REAL, fresh_accuracy REAL,
    tie INTEGER NOT NULL, outcome TEXT NOT NULL, message TEXT NOT NULL, seconds REAL NOT NULL,
    at TEXT NOT NULL, command TEXT NOT NULL, curves TEXT NOT NULL);
CREATE INDEX run_of_lesson ON run (lesson, id);
CREATE TABLE session (
    lesson TEXT NOT NULL, study TEXT NOT NULL, altered INTEGER NOT NULL, token TEXT NOT NULL,
    kept BLOB NOT NULL, at TEXT NOT NULL, PRIMARY KEY (lesson, study, altered));
CREATE TABLE own (
    lesson TEXT NOT NULL, name TEXT NOT NULL, recipe TEXT NOT NULL, suggestion TEXT,
    experiments TEXT NOT NULL, sweep INTEGER NOT NULL, PRIMARY KEY (lesson, name));
CREATE TABLE exercise (
    lesson TEXT NOT NULL, name TEXT NOT NULL, state TEXT NOT NULL, hints INTEGER NOT NULL DEFAULT 0,
    solution INTEGER NOT NULL DEFAULT 0, at TEXT NOT NULL, passed TEXT, PRIMARY KEY (lesson, name));
CREATE TABLE place (id INTEGER PRIMARY KEY CHECK (id = 1), lesson TEXT, at TEXT NOT NULL)
""",
    2: """
CREATE TABLE recall (
    lesson TEXT NOT NULL, question TEXT NOT NULL, said TEXT NOT NULL, at TEXT NOT NULL,
    PRIMARY KEY (lesson, question))
""",
    3: """
CREATE TABLE mark (lesson TEXT NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL, PRIMARY KEY (lesson, name))
""",
    4: """
CREATE TABLE review (
    lesson TEXT NOT NULL, question TEXT NOT NULL, known INTEGER NOT NULL, times INTEGER NOT NULL,
    due INTEGER, at TEXT NOT NULL, PRIMARY KEY (lesson, question))
""",
}
"""By the format that they came with. Format 5 has no new one: questions are kept by their ids since, and by
their words before."""
BY_QUESTION = ("recall", "review")
"""The tables that have a row for a question."""
