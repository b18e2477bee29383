"""``python -m simcenter``: the command line where the script is not on the path."""

from simcenter.cli.main import main

main()
