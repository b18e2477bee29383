"""All reading and writing of files: scenarios, rosters, profiles, results."""
