"""What is said of it: captions, questions, minimal pairs, and how likely each text is."""
