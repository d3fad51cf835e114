"""Alex's story, a folder for each chapter; `toystory.course.catalogue` knows their order."""
