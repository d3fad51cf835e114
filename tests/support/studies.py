"""The studies of all chapters, and which of them their chapter derives."""

from toystory.course import catalogue
from toystory.course.catalogue import NAMES

BORROWED = [("attention", "the gate of chapter three")]
"""Studies that train another chapter's model: derived there."""
DERIVED = [
    pair
    for name in NAMES
    for study in catalogue.load(name).studies
    if (pair := (name, study.name)) not in BORROWED
]
