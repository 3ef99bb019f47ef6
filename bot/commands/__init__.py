"""One file here is one subcommand of `spyglass`, found by its name."""
