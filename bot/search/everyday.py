"""Everyday words of the languages that people write in: they tell the language, and carry little of the topic.

Written with their usual letters and folded here, so that "für", "fuer" and "fur" are the same word.
"""

from __future__ import annotations

from bot.search.fold import words

# The commonest small words: articles, pronouns, prepositions, question words, auxiliary verbs, polite words.
_SMALL = {
    "de": """
        der die das den dem des ein eine einen einem einer eines und oder aber nicht kein keine keinen mehr
        ich du er sie es wir ihr mich mir dich dir ihn ihm uns euch sich mein meine meinen meinem meiner dein
        deine sein seine seinen ihre ihren unser unsere ist sind bin bist war waren habe hat haben hatte wird
        werden wurde kann können kannst muss müssen darf dürfen soll sollen will wollen möchte würde gibt es
        für von vom mit bei beim zu zum zur in im an am auf aus nach über unter vor um ohne durch gegen bis
        seit als wie wo was wer wann warum welche welcher welches wohin woher wenn dass weil ob da dort hier
        jetzt noch schon auch nur sehr so dann denn doch mal bitte danke hallo ja nein man alles etwas jemand
        immer wieder ab machen mache hab bekomme bekommen brauche finde geht gehen komme kommen lange viel
        viele diese dieser dieses einfach wirklich gar manchmal heute gestern oft jeden jede jedes tag täglich
        ständig haus hause zuhause nachhause hilfe helfen hilft weiß wissen suche hätte wäre könnte
    """,
    "en": """
        the a an and or but not no of to in on at for with from by about into over after before under i you he
        she it we they me him her us them my your his its our their this that these those is are was were be
        been am do does did have has had will would can could should may must what where when who why how
        which there here if because as than then so too very just also please thanks hello hi yes any some all
        more get got go need want im dont cant id ive isnt doesnt wont lets out up down off one someone much
        many really just every day always often again today yesterday sometimes help home house anymore any longer
        everyday
    """,
    "uk": """
        і й та або але не ні в у на до з зі із за від для про при під над без через після перед по між як що
        де коли хто чому який яка яке які куди звідки скільки чи якщо бо тому це той та ті цей ця я ти він
        вона воно ми ви вони мене мені тебе тобі його йому її їй нас нам вас вам їх їм мій моя моє мої моїй
        мого твій свій свою наш є був була були буде можна треба потрібно потрібен маю має можу може хочу дуже
        ще вже тільки також так будь ласка дякую привіт добрий день щоб якого яку отримати зробити просто
        знову завжди часто щодня кожен день сьогодні вчора більше дім дома вдома додому
    """,
    "ru": """
        и или но не ни в во на до с со из за от для о об про при под над без через после перед по между как
        что где когда кто почему какой какая какое какие куда откуда сколько ли если потому это этот эта эти
        тот я ты он она оно мы вы они меня мне тебя тебе его ему её ей нас нам вас вам их им мой моя моё мои
        моей моего твой свой свою наш есть был была были будет можно нужно нужен нужна надо могу может хочу
        очень ещё уже только также так да нет пожалуйста спасибо привет здравствуйте чтобы получить сделать
        просто снова всегда часто каждый день сегодня вчера больше дом дома домой
    """,
    "ar": """
        في من إلى الى على عن مع هل ما ماذا كيف أين اين وين متى لماذا ليش من هو هي أنا انا أنت انت نحن هم هذا
        هذه ذلك التي الذي لا لم لن ليس غير أن ان إن كان كانت يكون لي لك له لها لنا عندي عند عم شو بدي كل بعض
        أي اي أو او ثم إذا اذا لو بعد قبل بين حتى فقط جدا نعم شكرا مرحبا من فضلك يا قد كم مين هون أريد اريد
        يمكن يمكنني لازم ممكن وكيف و يوم دائما اليوم مبارح كثير هلق بيت البيت
    """,
    "tr": """
        ve veya ama değil bir bu şu o ben sen biz siz onlar bana sana ona bize size beni seni onu benim senin
        onun bizim için ile gibi kadar de da ki mi mı mu mü ne nasıl nerede nereye nereden kim kimin hangi
        niye neden kaç zaman var yok olarak olan ise eğer çünkü çok daha en her şey hiç evet hayır lütfen
        teşekkürler merhaba selam istiyorum istiyor lazım gerek gerekiyor olur oldu olmak yapmak yapmalıyım
        alabilirim miyim musun hep her gün bazen bugün dün artık sürekli ev eve evde
    """,
    "fa": """
        و یا اما نه در به از با برای تا که را این آن من تو او ما شما آنها مرا مرا چه چی چطور چگونه کجا کی چرا
        کدام چند است هست هستم هستید نیست بود بودم شد شده می نمی خواهم می‌خواهم می‌توانم می‌شود باید باشد کنم
        کند کنید کرد کرده دارم دارد دارید ندارم اگر چون هم خیلی هر همه هیچ یک لطفا ممنون سلام بله ام ای پیش
        بعد قبل روی زیر خود خودم مال دیگر بگیرم پیدا
    """,
    "fr": """
        le la les un une des du de et ou mais pas ne non je tu il elle on nous vous ils elles me te se moi toi
        lui leur mon ma mes ton ta tes son sa ses notre votre ce cet cette ces est sont suis es était être ai
        as a avons avez ont avoir faire fait peux peut puis dois doit veux voudrais faut pour par avec sans
        sur sous dans en au aux chez vers entre comment où que qui quoi quand pourquoi quel quelle quels
        quelles combien si parce toujours souvent encore maison jour tous aujourdhui hier plus très aussi ici là oui
        merci bonjour salut jai cest dun dune lallemand quil
    """,
    "ro": """
        și sau dar nu un o niște al a ai ale cel cea cei cele eu tu el ea noi voi ei ele mă te îl îi ne vă mi
        ți își meu mea mei mele tău ta său lui lor nostru acest această acesta aceasta este sunt e ești era fi
        am ai are avem aveți au pot poate trebuie vreau vrea pentru cu fără de la în din pe prin despre sub
        peste după între cum unde ce cine când câte cât care dacă pentru că mai foarte tot doar aici acolo da
        mulțumesc bună salut să ca fac face fiu mult
    """,
    "pl": """
        i oraz lub albo ale nie tak w we z ze na do od dla o po przy pod nad bez przez przed za między jak co
        gdzie kiedy kto dlaczego jaki jaka jakie który która które czy jeśli bo że to ten ta te ja ty on ona
        ono my wy oni mnie mi ciebie ci go mu jej nas nam was im ich mój moja moje moją mojego twój swój się
        jest są jestem był była być mam masz ma mamy mają mogę może można muszę trzeba chcę chce bardzo
        jeszcze już tylko też proszę dziękuję cześć dzień dobry ile żeby dostać zrobić
    """,
    "es": """
        el la los las un una unos unas y o pero no de del al a en con sin por para sobre entre desde hasta
        hacia yo tú él ella nosotros ellos me te se le lo les nos mi mis tu tus su sus nuestro este esta estos
        estas ese eso es son soy está estoy están era ser estar he ha han haber tengo tiene tienen hay puedo
        puede debo debe quiero quiere necesito cómo dónde qué quién cuándo cuánto cuál cuáles si porque más
        muy también aquí allí sí gracias hola ya todo hacer como que donde
    """,
    # Arabic and Dari as they are typed in Latin letters, digits standing for sounds
    "ar-latn": """
        kif kifo kef wen wein fen feen shu sho chou ana inta inti enta enti howe hiye nehna fi fih mafi 3ala
        3an 3andi 3ande 3am ma3 mesh mish mush msh bas bass lesh leish 3ashan mshan bedi baddi biddi bade
        badde bidi b7ajeh b7aja btaref ba3ref shi shou el il al el3 li le la ya salam 3alaikum marhaba mar7aba
        shukran shokran sho3 halla2 hala2 hon honik kam kamel kol kull bsajel bsajjel sajel tasjil 3inwan
        3enwan beit bayt shaghel shughl shoghol madrase madrasa walad wlad tabib doktor zawji zawjti jozi
        mrati ibni binti ahli yodrobni odrob lazem lazim mumkin momken ta3lim iqama 2a7ki a7ki ba7ki 7aki
        mouwafa2a
    """,
    "fa-latn": """
        salam man ma shoma to u az ba bara baraye dar ra ke chi che chetor chetori koja kojast key kai chera
        kar kor mikhaham mekhaham mikham mekhwaham mikhoham mikhastam nemikham nemekhaham nemitavanam
        nemitanam mitavanam mitanam metanam mikonam mekonam konam kunam konom kunom daram darom nadaram hast
        ast nist nest ham khob khub khosh mamnoon tashakor tashakkor lotfan chand bayad basham bashad beshawad
        shawad mishawad mishe miravam merawam yak yek khana khane maktab dars zaban almani almaani kumak komak
        shawharam shohar zanam zendagi zende padar madar bacha bachem tefl pesar dokhtar eqamat iqamat sabt
        nam shodan kardan kardam shod
    """,
}

# Relatives and partners: one stands for another, "mein Vater" for "mein Mann".
_KIN = """
    mann ehemann frau ehefrau freund freundin partner partnerin ex vater mutter bruder schwester sohn tochter
    onkel tante opa oma eltern kind kinder familie schwiegermutter schwiegervater stiefvater verlobter nachbar
    nachbarin nachbarn mannes vaters husband wife boyfriend girlfriend father mother dad mom mum brother
    sister son daughter uncle aunt parents family child children kid kids stepfather stepdad fiance neighbour
    neighbor чоловік дружина батько мати мама тато брат сестра син донька дочка хлопець дівчина батьки дядько
    сусід сусідка свекруха вітчим сусідку дитина діти муж жена отец мать папа сын дочь парень девушка родители
    дядя сосед соседка свекровь отчим соседку ребёнок дети زوجي زوجتي أبي ابي والدي أمي امي والدتي أخي اخي
    أختي اختي ابني ابنتي بنتي أهلي اهلي جارتي جاري خطيبي صديقتي صديقي جوزي مرتي أولادي طفلي ابوي شوهرم زنم
    همسرم پدرم مادرم برادرم خواهرم پسرم دخترم خانواده‌ام والدینم دوستم همسایه نامزدم بچه‌ام عمویم kocam karım
    eşim babam annem abim ağabeyim ablam kardeşim oğlum kızım ailem amcam dayım sevgilim nişanlım arkadaşım
    komşum komşu çocuğum çocuklarım mari femme copain copine père mère frère sœur fils fille parents famille
    oncle tante voisin voisine enfant enfants conjoint compagnon amie ami soțul soția soț tata tatăl mama
    fratele sora fiul fiica părinții familia unchiul vecina vecinul prietenul prietena copilul copiii iubitul
    mąż żona ojciec tata matka mama brat siostra syn córka chłopak dziewczyna rodzice rodzina wujek sąsiad
    sąsiadka ojczym dziecko dzieci partnerka kolega koleżanka sąsiadkę marido esposo esposa mujer novio novia
    padre madre hermano hermana hijo hija padres familia tío vecino vecina pareja padrastro amigo amiga niño
    niños zawji zawjti jozi mrati abi ahli shawharam shohar zanam padar madar
"""

# Without its negation a sentence of danger means something else.
_NEGATIONS = """
    nicht kein keine keinen nie not no never dont cant wont не ні нет لا ما لم مش мало değil yok نمی نه pas
    non nu nie no cannot jamais niemals nigdy nunca
"""

# Words that only stress what is said.
_STRESS = """
    einfach wirklich gar so bitte hilfe hallo anymore any longer more just really please help hello hi просто больше
    більше будь ласка пожалуйста artık lütfen plus vraiment
"""

# What people ask about a contact beside its name.
_ABOUT_CONTACTS = """
    telefon telefonnummer nummer rufnummer handynummer adresse anschrift email mail e kontakt kontaktdaten
    öffnungszeiten sprechzeiten sprechstunde website webseite homepage internetseite erreichen anrufen phone
    telephone number address contact opening hours call reach details телефон номер адреса адрес контакт
    години часы работы роботи зателефонувати позвонить هاتف رقم عنوان تلفون اتصال ساعات دوام شماره تلفن آدرس
    تماس ساعت numara numarası adres adresi iletişim saatleri téléphone numéro adresse horaires contacter număr
    telefonul adresa contactul program numer adres godziny otwarcia teléfono número dirección horario contacto
"""


def _folded(text: str) -> frozenset[str]:
    return frozenset(words(text))


SMALL = {language: _folded(text) for language, text in _SMALL.items()}
KIN = _folded(_KIN)
NEGATIONS = _folded(_NEGATIONS) - _folded("мало")
STRESS = _folded(_STRESS)
CONTACT_WORDS = _folded(_ABOUT_CONTACTS)
FUNCTION = frozenset().union(*SMALL.values())
