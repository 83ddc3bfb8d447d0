"""Papers drawn to look like photographed ones. Nobody on them exists."""

from __future__ import annotations

import io

from PIL import Image, ImageDraw, ImageFont

FONT = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"
NUMBER, OTHER_NUMBER, USCC = "510107199003075317", "510107201805120044", "91510107MA62K3LT8Y"
_SIMPLIFIED = 2


def _write(draw, texts, ink="#1d1d1d"):
    for x, y, size, text in texts:
        draw.text((x, y), text, fill=ink, font=ImageFont.truetype(FONT, size, index=_SIMPLIFIED))


def _photo(card, *, tilt=0.0):
    """The card on a table, a little crooked, as a camera sees it."""
    table = Image.new("RGB", (card.width + 240, card.height + 200), "#7a6652")
    table.paste(card, (120, 100))
    if tilt:
        table = table.rotate(tilt, Image.Resampling.BICUBIC, fillcolor="#7a6652")
    out = io.BytesIO()
    table.save(out, "JPEG", quality=85)
    return out.getvalue()


def id_front(*, number=NUMBER, tilt=0.0):
    card = Image.new("RGB", (1080, 680), "#e9f1f5")
    draw = ImageDraw.Draw(card)
    draw.rectangle((720, 90, 1010, 450), fill="#c9d3da")
    draw.ellipse((790, 140, 940, 320), fill="#a8b4bd")
    _write(draw, [(70, 70, 34, "姓 名"), (70, 150, 34, "性 别"), (300, 150, 34, "民 族"), (70, 230, 34, "出 生"),
                  (70, 320, 34, "住 址"), (70, 580, 36, "公民身份号码")], ink="#2a6ea6")  # fmt: skip
    _write(draw, [(190, 66, 42, "欧阳晓明"), (190, 148, 38, "男"), (420, 148, 38, "汉"), (190, 228, 38, "1990年3月7日"),
                  (190, 316, 38, "四川省成都市武侯区锦绣"), (190, 376, 38, "路一段88号3栋2单元501"), (190, 436, 38, "号"),
                  (370, 574, 46, number)])  # fmt: skip
    return _photo(card, tilt=tilt)


def id_back():
    card = Image.new("RGB", (1080, 680), "#eef1ea")
    draw = ImageDraw.Draw(card)
    _write(draw, [(400, 90, 60, "中华人民共和国"), (400, 190, 76, "居民身份证"), (260, 480, 36, "签发机关"), (450, 478, 38, "成都市公安局武侯区分局"),
                  (260, 560, 36, "有效期限"), (450, 558, 38, "2019.06.12-2039.06.12")])  # fmt: skip
    return _photo(card)


def licence():
    card = Image.new("RGB", (1500, 1060), "#fbf8ee")
    draw = ImageDraw.Draw(card)
    draw.rectangle((40, 40, 1460, 1020), outline="#b08d3c", width=8)
    _write(draw, [(600, 180, 96, "营业执照"), (80, 120, 28, "统一社会信用代码"), (80, 160, 30, USCC),
                  (110, 400, 32, "名　　称"), (110, 480, 32, "类　　型"), (110, 560, 32, "法定代表人"), (110, 640, 32, "经营范围"),
                  (850, 400, 32, "注册资本"), (850, 480, 32, "成立日期"), (850, 560, 32, "住　　所")])  # fmt: skip
    _write(draw, [(290, 400, 32, "成都青禾餐饮管理有限公司"), (290, 480, 32, "有限责任公司（自然人独资）"), (290, 560, 32, "周小兰"),
                  (290, 640, 30, "餐饮服务；食品销售；会议服务。"), (1030, 400, 32, "壹佰万元整"), (1030, 480, 32, "2018年04月09日"),
                  (1030, 560, 30, "成都市武侯区人民南路"), (1030, 604, 30, "四段19号1层7号"), (900, 880, 32, "登记机关")])  # fmt: skip
    return _photo(card)


def household():
    page = Image.new("RGB", (1400, 1000), "#f4f6f2")
    draw = ImageDraw.Draw(page)
    for y in range(180, 961, 78):
        draw.line((60, y, 1340, y), fill="#7f8f86", width=2)
    for x in (60, 270, 640, 900, 1340):
        draw.line((x, 180, x, 960), fill="#7f8f86", width=2)
    _write(draw, [(500, 90, 48, "常住人口登记卡"), (80, 200, 30, "姓　名"), (660, 200, 28, "户主或与户主关系"), (80, 278, 30, "曾用名"),
                  (660, 278, 30, "性　别"), (80, 356, 30, "出生地"), (660, 356, 30, "民　族"), (80, 434, 30, "籍　贯"),
                  (660, 434, 30, "出生日期"), (80, 512, 26, "公民身份号码"), (660, 512, 30, "身　高"), (80, 590, 30, "文化程度"),
                  (660, 590, 30, "婚姻状况")])  # fmt: skip
    _write(draw, [(290, 198, 34, "欧阳子涵"), (920, 198, 34, "长女"), (920, 276, 34, "女"), (290, 354, 34, "四川省成都市"),
                  (920, 354, 34, "汉族"), (290, 432, 34, "四川省眉山市"), (920, 432, 34, "2018年5月12日"),
                  (290, 510, 32, OTHER_NUMBER)])  # fmt: skip
    return _photo(page)


def letter():
    page = Image.new("RGB", (1000, 700), "#ffffff")
    _write(ImageDraw.Draw(page), [(120, 80, 44, "借条"), (80, 200, 34, "今借到周小兰人民币三千元整，"), (80, 260, 34, "于2026年12月1日前还清。"),
                                  (560, 420, 34, "借款人：欧阳晓明")])  # fmt: skip
    return _photo(page)


def sideways(data):
    with Image.open(io.BytesIO(data)) as picture:
        out = io.BytesIO()
        picture.transpose(Image.Transpose.ROTATE_90).save(out, "JPEG", quality=90)
    return out.getvalue()


def upside_down(data):
    with Image.open(io.BytesIO(data)) as picture:
        out = io.BytesIO()
        picture.transpose(Image.Transpose.ROTATE_180).save(out, "JPEG", quality=90)
    return out.getvalue()
