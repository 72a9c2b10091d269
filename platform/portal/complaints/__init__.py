"""What every page about complaints shares: the form, handing in, words, the desk's forms."""
