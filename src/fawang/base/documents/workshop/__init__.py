"""What is done with strangers' bytes: recognise, check, clean, bind, draw, read.

All of it runs in a process of its own with bounded memory and time and without this installation's secrets
(`__main__`, started by `documents.checking`), so that a file made to break a decoder breaks nothing else. Nothing here
knows Django, the database or the settings.
"""
