"""Alex's story in seven chapters, a folder each; `toystory.course.catalogue` knows their order."""
