"""Alex's story in seven chapters. To list them costs no NumPy; `load` brings one in whole."""

from lessons.catalogue import Chapter, UnknownChapter, chapters, load

__all__ = ["Chapter", "UnknownChapter", "chapters", "load"]
