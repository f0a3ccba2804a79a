import pytest

from lightpoint.versions import rules_version


def test_the_version_of_rules_is_stable():
    assert rules_version("lightpoint/language") == rules_version("lightpoint/language")


def test_other_rules_have_another_version():
    assert rules_version("lightpoint/language") != rules_version("lightpoint/codec.py")


def test_rules_that_are_not_there_are_an_error():
    with pytest.raises(FileNotFoundError, match="no rules at nowhere"):
        rules_version("lightpoint/nowhere")
