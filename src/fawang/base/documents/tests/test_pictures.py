import io
import struct
import zlib
from dataclasses import replace

import pytest
from PIL import Image, ImageCms

from fawang.base.documents.tests.factories import picture
from fawang.base.documents.workshop import cleaning
from fawang.base.documents.workshop.kinds import JPEG, PNG
from fawang.base.documents.workshop.refusals import Refused
from fawang.base.documents.workshop.values import Limits

LIMITS = Limits()


def clean(data, **limits):
    return cleaning.clean(data, replace(LIMITS, **limits))


def refused(data, **limits):
    with pytest.raises(Refused) as caught:
        clean(data, **limits)
    return caught.value.code


def opened(done):
    return Image.open(io.BytesIO(done.data))


@pytest.mark.parametrize(
    ("kind", "kept"), [("JPEG", JPEG), ("PNG", PNG), ("GIF", PNG), ("WEBP", JPEG)]
)  # fmt: skip
def test_a_picture_is_written_anew_as_a_photo_or_a_drawing(kind, kept):
    done = clean(picture(kind, colour="#204080"))
    assert done.media_type == kept
    assert opened(done).size == (60, 40)
    assert all(
        abs(a - b) < 12 for a, b in zip(opened(done).convert("RGB").getpixel((30, 20)), (32, 64, 128), strict=True)
    )


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "CMYK", "I;16"])
def test_every_way_to_hold_colours_is_understood(mode):
    kind = "TIFF" if mode == "CMYK" else "PNG"
    data = picture(kind, mode=mode, colour=0) if mode != "CMYK" else picture("JPEG", mode="CMYK", colour=(0, 0, 0, 0))
    assert opened(clean(data)).mode in {"RGB", "RGBA", "L"}


def test_sixteen_bits_of_grey_become_eight_and_not_white():
    out = io.BytesIO()
    Image.new("I;16", (4, 4), 0x4000).save(out, "PNG")
    assert opened(clean(out.getvalue())).getpixel((1, 1)) == 0x40


def test_place_time_device_and_comments_are_gone_and_the_right_side_is_up():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SecretPhone"
    exif[0x9286] = "secret note"
    exif.get_ifd(0x8825)[2] = (30.0, 39.0, 12.0)
    data = picture("JPEG", size=(80, 20), exif=exif, comment=b"secret comment", icc_profile=b"secret" * 30)
    assert b"SecretPhone" in data
    assert b"secret comment" in data
    done = clean(data)
    assert opened(done).size == (20, 80)
    assert not opened(done).getexif()
    for word in (b"Exif", b"secret", b"Secret", b"GPS", b"xap"):
        assert word not in done.data


def test_a_png_loses_its_texts_and_profile_too():
    from PIL.PngImagePlugin import PngInfo

    texts = PngInfo()
    texts.add_text("Author", "Secret Name")
    texts.add_itxt("XML:com.adobe.xmp", "<x>secret</x>")
    done = clean(picture("PNG", pnginfo=texts, icc_profile=b"secret" * 9))
    assert b"ecret" not in done.data
    assert set(opened(done).info) <= {"dpi"}


def test_colours_of_a_profile_become_what_a_screen_shows():
    linear = ImageCms.ImageCmsProfile(ImageCms.createProfile("XYZ"))
    assert linear
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    assert opened(clean(picture("JPEG", colour="#20c040", icc_profile=srgb))).mode == "RGB"


def test_a_large_picture_is_made_small_and_a_small_one_is_left():
    assert max(opened(clean(picture(size=(900, 300)), picture_side_pixels=400)).size) == 400
    assert opened(clean(picture(size=(300, 300)), picture_side_pixels=400)).size == (300, 300)


def test_more_pixels_than_may_be_are_refused_before_they_are_decoded():
    assert refused(picture("PNG", size=(500, 500)), picture_pixels=249_999) == "too_many_pixels"


def png_claiming(width, height):
    """A PNG of a few hundred bytes that says it is enormous."""

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 5000)) + chunk(b"IEND", b"")
    )


def test_a_bomb_of_a_picture_is_refused():
    assert refused(png_claiming(60_000, 60_000)) == "too_many_pixels"
    assert refused(png_claiming(9_000, 9_000)) == "damaged"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_broke_off_is_refused(kind):
    whole = picture(kind, size=(300, 200))
    noisy = io.BytesIO()
    Image.effect_noise((300, 200), 90).convert("RGB").save(noisy, kind)
    assert refused(noisy.getvalue()[: len(noisy.getvalue()) // 2]) == "damaged"
    assert refused(whole[:40]) == "damaged"


def test_what_moves_is_refused():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green")]
    for kind in ("GIF", "WEBP", "PNG"):
        out = io.BytesIO()
        frames[0].save(out, kind, save_all=True, append_images=frames[1:])
        assert refused(out.getvalue()) == "animated"


def test_a_photo_with_a_second_one_behind_it_is_one_photo():
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green")]
    out = io.BytesIO()
    frames[0].save(out, "MPO", save_all=True, append_images=frames[1:])
    assert clean(out.getvalue()).media_type == JPEG


@pytest.mark.parametrize("behind", [b"PK\x03\x04" + b"x" * 200, b"<script>alert(1)</script>", b"%PDF-1.4 /JavaScript"])
def test_a_second_file_behind_a_picture_is_gone(behind):
    assert behind[:8] not in clean(picture("JPEG") + behind).data
    assert behind[:8] not in clean(picture("PNG") + behind).data


def test_a_drawing_too_large_to_keep_becomes_a_photo_and_a_photo_is_refused():
    out = io.BytesIO()
    Image.effect_noise((600, 600), 90).convert("RGB").save(out, "PNG")
    assert clean(out.getvalue(), kept_bytes=600_000).media_type == JPEG
    assert refused(out.getvalue(), kept_bytes=1_000) == "too_large"


def test_what_is_see_through_stays_so_in_a_drawing():
    done = clean(picture("PNG", mode="RGBA", colour=(10, 20, 30, 0)))
    assert opened(done).mode == "RGBA"
    assert opened(done).getpixel((5, 5))[3] == 0


@pytest.mark.parametrize("brand", [b"heic", b"mif1", b"heix"])
def test_heic_is_named_as_what_it_is(brand):
    assert refused(b"\x00\x00\x00\x18ftyp" + brand + b"\x00" * 40) == "heic"
