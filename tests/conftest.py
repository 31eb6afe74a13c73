"""What any test may ask for."""

import pytest


@pytest.fixture(scope="session")
def chinese_font():
    """Skips where nothing that is installed can draw Chinese words."""
    from analysis.pictures.style import CHINESE, families

    if not set(families()) & set(CHINESE):
        pytest.skip("no font with Chinese characters is installed (Debian: fonts-wqy-microhei)")
