"""What several tests of figures begin with."""

import pytest

from mmcourse.plots import figure


@pytest.fixture
def displayed(monkeypatch):
    """Return a list of what is displayed from now on, each with what is known of it."""
    kept = []
    monkeypatch.setattr(figure, "publish_display_data", lambda *shown: kept.append(shown))
    return kept
