"""How it sounds and moves: a second of sound, and a film in which things take turns."""
