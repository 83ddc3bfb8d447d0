import pytest

from fawang.base.documents.errors import Disguised
from fawang.base.documents.naming import clean_name
from fawang.base.documents.workshop.kinds import DOCX, GIF, JPEG, PDF, PNG, WEBP


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("合同.JPG", "合同.jpg"),
        ("C:\\Users\\张三\\合同.jpeg", "合同.jpeg"),
        ("../../etc/passwd", "passwd.jpg"),
        ("合同\u202egpj.jpg", "合同gpj.jpg"),
        ("a\x00b\r\n.jpg", "ab.jpg"),
        ("", "文件.jpg"),
        ("2026.11.24", "2026.11.24.jpg"),
        ("长" * 300 + ".jpg", "长" * 116 + ".jpg"),
    ],
)
def test_names_lose_paths_and_tricks(name, kept):
    assert clean_name(name, JPEG) == kept


@pytest.mark.parametrize("name", ["合同.pdf", "合同.exe", "合同.docx", "合同.svg", "合同.zip", "合同.mp4"])
def test_a_disguised_file_is_named_as_such(name):
    with pytest.raises(Disguised) as caught:
        clean_name(name, JPEG)
    assert name.rsplit(".", 1)[1] in caught.value.text
    assert "jpg" in caught.value.text


@pytest.mark.parametrize("found", [PDF, DOCX])
def test_a_picture_that_is_none_is_disguised(found):
    with pytest.raises(Disguised):
        clean_name("照片.jpg", found)


@pytest.mark.parametrize(
    ("name", "found", "kept", "becomes"),
    [
        ("截图.png", JPEG, JPEG, "截图.jpg"),
        ("IMG_1.HEIC", JPEG, JPEG, "IMG_1.jpg"),
        ("图.webp", WEBP, JPEG, "图.jpg"),
        ("图.gif", GIF, PNG, "图.png"),
        ("图.jpg", PNG, PNG, "图.png"),
    ],
)
def test_phones_and_messengers_name_pictures_wrongly_and_that_is_put_right(name, found, kept, becomes):
    assert clean_name(name, found, kept) == becomes
