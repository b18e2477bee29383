"""Running a scenario often enough to know."""
