"""One machine, one command: the database, the broker and the processes behind `make run`."""
