"""Reference implementations behind the course on multimodal models."""
