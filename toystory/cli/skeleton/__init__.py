"""What `toystory new lesson` writes: a folder of files with «name», «module» and «Title» to be filled in."""
