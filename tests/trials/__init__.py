"""Statistical trials that print a table, each one command."""
