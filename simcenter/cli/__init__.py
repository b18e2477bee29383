"""The commands: thin, with every heavy module imported where it is used."""
