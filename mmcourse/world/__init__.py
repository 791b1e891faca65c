"""A small drawn universe in which every fact is known."""
