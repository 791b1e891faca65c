"""What there is: the world's words, a scene of it, and how scenes are chosen and arranged."""
