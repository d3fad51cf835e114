"""The commands of the command line, a file each: `add_arguments` says what can be asked, `answer` answers.

A file `‹command›.py` is light, for it is read before anyone knows what is asked for; what needs NumPy or more
is imported when it answers.
"""
