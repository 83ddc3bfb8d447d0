"""`python -m fawang.site`: the same as the `fawang` command."""

from fawang.site.command import main

main()
