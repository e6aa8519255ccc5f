"""Settings are read strictly, and documented."""

import pytest

from baogao.errors import BaogaoError
from baogao.settings import Settings, read_settings


def test_without_a_file_the_defaults_hold():
    assert read_settings(None) == Settings()


def test_a_file_changes_what_it_names(tmp_path):
    path = tmp_path / "s.yaml"
    path.write_text("clean:\n  pinyin: false\n", encoding="utf-8")
    settings = read_settings(path)
    assert settings.clean.pinyin is False
    assert settings.clean.script is True


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("clean:\n  pinyn: false\n", "there is no setting clean.pinyn; did you mean clean.pinyin?"),
        ("claen:\n  pinyin: false\n", "there is no setting claen; did you mean clean?"),
        ("extract:\n  focus: everything\n", "extract.focus is not valid"),
        ("- a\n- b\n", "is not valid"),
        ("a: [", "check that it is a YAML file"),
    ],
)
def test_a_wrong_file_is_one_sentence_that_names_the_remedy(tmp_path, content, message):
    path = tmp_path / "s.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(BaogaoError) as error:
        read_settings(path)
    assert message in str(error.value)
    assert "\n" not in str(error.value)


def test_every_setting_has_a_description():
    def undocumented(model, prefix=""):
        for name, field in model.model_fields.items():
            if hasattr(field.annotation, "model_fields"):
                yield from undocumented(field.annotation, f"{prefix}{name}.")
            elif not field.description:
                yield prefix + name

    assert list(undocumented(Settings)) == []
