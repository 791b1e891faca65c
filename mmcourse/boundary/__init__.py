"""What may come in: every argument that is refused is refused here, in one wording."""
