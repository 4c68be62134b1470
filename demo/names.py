"""Believable people in several scripts. Each name comes with its Latin spelling, for e-mail addresses.

All people and companies are invented; addresses use reserved domains (`.example`) only.
"""

from dataclasses import dataclass
from random import Random

from core.text import sort_key

# country: (language, zone, cities, family name first, given names, family names); native or "native=latin"
PLACES: dict[str, tuple[str, str, str, bool, str, str]] = {
    "DE": (
        "de",
        "Europe/Berlin",
        "Berlin Hamburg München Köln Leipzig Rostock",
        False,
        "Anna Jonas Lena Felix Hannah Lukas Marie Paul Jürgen Sabine Henrik Katrin Björn Greta Otto Frieda",
        "Müller Schmidt Weiß Brandt Krüger Vogel Hoffmann Schäfer Böhm Lindner Feld Richter Neumann Groß",
    ),
    "GB": (
        "en",
        "Europe/London",
        "London Leeds Bristol Manchester Edinburgh Cambridge",
        False,
        "Owen Amelia Jack Priya Harry Grace Oscar Niamh Callum Zara Alfie Imogen Rhys Freya Elliot Poppy",
        "Whitlock Okafor Hughes Bennett Clarke Adeyemi Fletcher Marsh Patel Doyle Barrow Sinclair Wood",
    ),
    "FR": (
        "fr",
        "Europe/Paris",
        "Paris Lyon Nantes Lille Toulouse Genève",
        False,
        "Élodie Hugo Camille Théo Chloé Jules Inès François Léa Noé Zoé Rémi Anaïs Gaël Solène Mathis",
        "Marchand Lefèvre Dubois Girard Moreau Fabre Rousseau Lambert Perrault Chevalier Benoît Garnier",
    ),
    "ES": (
        "es",
        "Europe/Madrid",
        "Madrid Sevilla Valencia Bilbao Málaga Barcelona",
        False,
        "Inés Tomás Lucía Álvaro Sofía Iñaki Carmen Joaquín Martina Núria Pablo Elena Íñigo Rocío",
        "Calderón Vega Núñez Castellanos Ibáñez Romero Peña Ortiz Gutiérrez Muñoz Serrano Aguilar",
    ),
    "PL": (
        "pl",
        "Europe/Warsaw",
        "Warszawa Gdańsk Kraków Wrocław Poznań Łódź",
        False,
        "Katarzyna Łukasz Agnieszka Paweł Zofia Michał Małgorzata Wojciech Hanna Stanisław Iga Jędrzej",
        "Wójcik Kowalczyk Zieliński Dąbrowska Lewandowski Szymańska Woźniak Kozłowski Jabłońska Mazur",
    ),
    "SE": (
        "sv",
        "Europe/Stockholm",
        "Stockholm Göteborg Malmö Umeå Uppsala Bergen",
        False,
        "Zoë Lars Astrid Søren Freja Gustav Ingrid Åke Maja Nils Sigrid Östen Elin Torbjörn Saga Björn",
        "Lindqvist Myhre Aakjær Sjöberg Nyström Ekström Håkansson Dahl Bergström Östlund Lund Åberg",
    ),
    "TR": (
        "tr",
        "Europe/Istanbul",
        "İstanbul Ankara İzmir Bursa Antalya",
        False,
        "Ayşe Mehmet Zeynep Emre Elif Çağlar Gül Oğuz Şule Kerem İpek Barış Nazlı Yiğit",
        "Yılmaz Çelik Şahin Öztürk Doğan Aydın Güneş Koç Arslan Erdoğmuş Bıçakçı",
    ),
    "VN": (
        "vi",
        "Asia/Ho_Chi_Minh",
        "Hà_Nội Huế Đà_Nẵng Cần_Thơ",
        True,
        "Thị_Hạnh Văn_Minh Ngọc_Ánh Quốc_Bảo Thanh_Hương Đức_Anh Thuỳ_Linh Hữu_Phước Mai_Lan",
        "Nguyễn Trần Lê Phạm Huỳnh Phan Vũ Đặng Bùi Đỗ",
    ),
    "GR": (
        "el",
        "Europe/Athens",
        "Αθήνα=Athens Θεσσαλονίκη=Thessaloniki Πάτρα=Patras",
        False,
        "Ελένη=Eleni Γιώργος=Giorgos Μαρία=Maria Νίκος=Nikos Σοφία=Sofia Δημήτρης=Dimitris Άννα=Anna",
        "Παπαδόπουλος=Papadopoulos Γεωργίου=Georgiou Νικολάου=Nikolaou Κωστόπουλος=Kostopoulos",
    ),
    "BG": (
        "bg",
        "Europe/Sofia",
        "София=Sofia Пловдив=Plovdiv Варна=Varna",
        False,
        "Елена=Elena Иван=Ivan Мария=Maria Георги=Georgi Анна=Anna Никола=Nikola Виктория=Viktoria",
        "Иванова=Ivanova Петров=Petrov Димитрова=Dimitrova Николов=Nikolov Тодорова=Todorova Колев=Kolev",
    ),
    "EG": (
        "ar",
        "Africa/Cairo",
        "القاهرة=Cairo الإسكندرية=Alexandria الجيزة=Giza",
        False,
        "أمينة=Amina يوسف=Yusuf فاطمة=Fatima عمر=Omar ليلى=Layla كريم=Karim نور=Nour سلمى=Salma",
        "حسن=Hassan المصري=Elmasry عبدالله=Abdallah منصور=Mansour سالم=Salem فؤاد=Fouad",
    ),
    "JP": (
        "ja",
        "Asia/Tokyo",
        "東京=Tokyo 大阪=Osaka 京都=Kyoto 札幌=Sapporo",
        True,
        "陽菜=Hina 蓮=Ren 結衣=Yui 大翔=Hiroto 美咲=Misaki 健太=Kenta さくら=Sakura 翔太=Shota",
        "佐藤=Sato 鈴木=Suzuki 高橋=Takahashi 田中=Tanaka 渡辺=Watanabe 山本=Yamamoto 中村=Nakamura",
    ),
    "CN": (
        "zh",
        "Asia/Shanghai",
        "上海=Shanghai 北京=Beijing 深圳=Shenzhen 成都=Chengdu",
        True,
        "伟=Wei 芳=Fang 娜=Na 敏=Min 静=Jing 磊=Lei 洋=Yang 艳=Yan 杰=Jie 晓明=Xiaoming",
        "王=Wang 李=Li 张=Zhang 刘=Liu 陈=Chen 杨=Yang 赵=Zhao 黄=Huang 周=Zhou",
    ),
    "IN": (
        "hi",
        "Asia/Kolkata",
        "मुंबई=Mumbai दिल्ली=Delhi पुणे=Pune",
        False,
        "प्रिया=Priya राहुल=Rahul अनन्या=Ananya अर्जुन=Arjun दीपिका=Deepika विकास=Vikas नेहा=Neha",
        "शर्मा=Sharma वर्मा=Verma गुप्ता=Gupta मेहता=Mehta रमन=Raman जोशी=Joshi",
    ),
}
WEIGHTS = (22, 18, 12, 9, 8, 9, 4, 4, 2, 2, 3, 3, 2, 2)


@dataclass(frozen=True)
class Person:
    """An invented person: names as written, and in Latin letters for addresses."""

    given: str
    family: str
    latin: str
    country: str
    city: str
    language: str
    zone: str


@dataclass(frozen=True)
class _Place:
    country: str
    language: str
    zone: str
    cities: tuple[str, ...]
    given: tuple[tuple[str, str], ...]
    family: tuple[tuple[str, str], ...]


def _pairs(words: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for word in words.split():
        native, _equals, latin = word.partition("=")
        pairs.append((native.replace("_", " "), sort_key(latin or native.replace("_", "-"))))
    return tuple(pairs)


_PLACES = [
    _Place(
        code,
        language,
        zone,
        tuple(native for native, _latin in _pairs(cities)),
        _pairs(given),
        _pairs(family),
    )
    for code, (language, zone, cities, _family_first, given, family) in PLACES.items()
]


def people(random: Random, count: int) -> list[Person]:
    """`count` people; names repeat in large numbers, as they do in the world."""
    places = random.choices(_PLACES, WEIGHTS, k=count)
    made = []
    for place in places:
        given, family = random.choice(place.given), random.choice(place.family)
        latin = f"{given[1]}.{family[1]}"
        made.append(
            Person(
                given[0],
                family[0],
                latin,
                place.country,
                random.choice(place.cities),
                place.language,
                place.zone,
            )
        )
    return made
