"""Which language people read."""

from __future__ import annotations

import pytest

from simcenter.errors import InputError
from simcenter.report.language import language_of


@pytest.mark.parametrize(
    ("asked", "environment", "language"),
    [
        (None, {}, "en"),
        ("zh", {"SIMCENTER_LANGUAGE": "en", "LANG": "en_GB.UTF-8"}, "zh"),
        (None, {"SIMCENTER_LANGUAGE": "en", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"SIMCENTER_LANGUAGE": "", "LANG": "zh_TW"}, "zh"),
        (None, {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, "en"),
        (None, {"LC_ALL": "", "LC_MESSAGES": "zh_CN.UTF-8", "LANG": "de_DE"}, "zh"),
        (None, {"LANG": "de_DE.UTF-8"}, "en"),
    ],
)
def test_the_option_then_the_variable_then_the_locale(asked, environment, language):
    assert language_of(asked, environment) == language


def test_an_unknown_language_is_refused_where_it_was_given():
    with pytest.raises(InputError, match=r"^language: unknown language 'cn'"):
        language_of("cn", {})
    with pytest.raises(InputError, match=r"^SIMCENTER_LANGUAGE: unknown language 'deutsch'"):
        language_of(None, {"SIMCENTER_LANGUAGE": "deutsch"})
