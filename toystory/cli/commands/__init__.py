"""The commands of the command line, a file each: `answer` does what was asked, and returns the exit code.

What can be asked stands in `toystory.cli.arguments`; a command's own file is imported only when it answers.
"""
