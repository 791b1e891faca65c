"""How it looks: a scene becomes a picture, stroke by stroke."""
