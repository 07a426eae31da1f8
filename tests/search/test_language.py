"""The language of a question: recognised surely, or not at all."""

import pytest

from bot.search.find import find


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Wo finde ich einen Deutschkurs?", "de"),
        ("wo finde ich hilfe beim brief", "de"),
        ("where can I learn German", "en"),
        ("Як мені зареєструватися?", "uk"),
        ("мені потрібен лікар", "uk"),
        ("Как зарегистрироваться", "ru"),
        ("мне нужен врач", "ru"),
        ("كيف أسجل عنواني الجديد", "ar"),
        ("چطور ثبت نام کنم", "fa"),
        ("oturum iznimi nasıl uzatırım", "tr"),
        ("nereye kayıt olmam gerekiyor", "tr"),
        ("où puis-je apprendre l'allemand", "fr"),
        ("unde pot să învăț germana", "ro"),
        ("gdzie mogę uczyć się niemieckiego", "pl"),
        ("jak sie zameldowac", "pl"),
        ("dónde puedo aprender alemán", "es"),
        ("salam, man kar mikhaham", "fa"),
        ("doktor koja ast", "fa"),
        ("kif bsajel el 3inwan", "ar"),
        ("shu lazem a3mel", "ar"),
    ],
)
def test_languages_are_recognised(index, question, language):
    assert find(index, question).language == language


@pytest.mark.parametrize("unsure", ["Visum", "112", "IKEA", "taxi"])
def test_what_could_be_several_is_left_open(index, unsure):
    assert find(index, unsure).language is None
