# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Given names, surnames and customs of sixteen origins, as data: commonest first, because a name is drawn by its rank.

In a list, names stand between commas; forms of one name in Latin letters stand between slashes, the commonest first; behind = stands how it is written at home.
Lists are from general knowledge of common names, made for this bench; combined by chance they describe nobody.
"""

# ruff: noqa: RUF001 - names in other scripts are what this is about

from dataclasses import dataclass
from typing import Literal

Custom = Literal["plain", "iberian", "lusophone", "patronymic"]


@dataclass(frozen=True)
class Name:
    """One name: its forms in Latin letters, and how it is written at home ("" when that is the same)."""

    forms: tuple[str, ...]
    native: str


@dataclass(frozen=True)
class Origin:
    """Where people come from.

    Attributes:
        code: short name of the origin.
        weight: share of the persons, relative to the others.
        nationalities: ICAO code and share of each.
        phone: country code, and first digits and length of its mobile numbers (the rest of the number begins with zeros: no such number is likely to be in use).
        family_first: True if the family name is said and written first.
        custom: how names are put together.
        second_given: chance of a second given name.
        feminine: endings of surnames (man, woman), longest first.
        default_birthday: share registered as born on 1 January, because nobody wrote down the day.
        cyrillic: True if names are written at home in Cyrillic.
    """

    code: str
    weight: float
    nationalities: tuple[tuple[str, float], ...]
    phone: tuple[str, str, int]
    women: tuple[Name, ...]
    men: tuple[Name, ...]
    surnames: tuple[Name, ...]
    family_first: bool = False
    custom: Custom = "plain"
    second_given: float = 0.2
    feminine: tuple[tuple[str, str], ...] = ()
    default_birthday: float = 0.004
    cyrillic: bool = False


def _names(text: str) -> tuple[Name, ...]:
    return tuple(_name(part.strip()) for part in text.split(","))


def _name(text: str) -> Name:
    latin, _equals, native = text.partition("=")
    return Name(tuple(latin.split("/")), native)


_SLAVIC = (
    ("ski", "ska"),
    ("cki", "cka"),
    ("sky", "ska"),
    ("skyi", "ska"),
    ("ov", "ova"),
    ("ev", "eva"),
    ("in", "ina"),
)

ORIGINS: tuple[Origin, ...] = (
    Origin(
        code="romania",
        weight=0.19,
        nationalities=(("ROU", 0.96), ("MDA", 0.04)),
        phone=("40", "7200", 9),
        second_given=0.45,
        women=_names(
            "Maria, Elena, Ioana, Andreea/Andrea, Alexandra, Mihaela, Cristina, Ana, Daniela, Georgiana, Gabriela, Alina, Florentina, Ana-Maria, Roxana, Mădălina,"
            "Simona, Nicoleta, Loredana, Larisa, Bianca, Diana, Ramona, Raluca, Ștefania, Denisa, Oana, Iulia/Julia, Carmen, Narcisa, Lăcrămioara, Codruța"
        ),
        men=_names(
            "Andrei, Alexandru, Mihai, Ionuț, Gheorghe, Ion, Cristian, Florin, Constantin, Marian, Adrian, Daniel, Gabriel, Vasile, Marius, Nicolae, Bogdan, Ștefan,"
            "Cătălin, Costel, Răzvan, Dumitru, Viorel, Sorin, Cosmin, Ciprian, Robert, Denis, Sebastian, Petrică"
        ),
        surnames=_names(
            "Popa, Popescu, Ionescu, Radu, Dumitru, Stan, Stoica, Gheorghe, Matei, Rusu, Ciobanu, Constantin, Munteanu, Marin, Șerban, Lazăr, Tudor, Dinu, Moldovan,"
            "Nistor, Ungureanu, Lungu, Toma, Stanciu, Dragomir, Vasile, Mihai, Lupu, Mocanu, Bălan, Crăciun, Țăranu, Rostaș, Căldăraru, Feraru, Păun, Enache, Oprea"
        ),
    ),
    Origin(
        code="bulgaria",
        weight=0.12,
        nationalities=(("BGR", 1.0),),
        phone=("359", "8800", 9),
        custom="patronymic",
        feminine=_SLAVIC,
        cyrillic=True,
        women=_names(
            "Maria/Mariya, Ivanka, Elena, Yordanka/Jordanka, Penka, Rositsa/Rosica, Daniela, Desislava, Gergana, Petya/Petia, Viktoria/Viktoriya/Victoria, Nikoleta,"
            "Aleksandra/Alexandra, Teodora, Kristina/Christina, Silvia/Silviya, Radka, Stefka, Galya/Galia, Tsvetelina/Cvetelina, Mihaela, Simona, Sevda, Aishe/Ayshe,"
            "Fatme, Zyumbyul, Margarita, Anelia/Aneliya"
        ),
        men=_names(
            "Georgi, Ivan, Dimitar/Dimiter, Nikolay/Nikolai, Petar/Peter, Hristo/Christo, Todor, Aleksandar/Alexander, Stefan, Yordan/Jordan, Vasil, Stoyan/Stojan,"
            "Krasimir, Plamen, Emil, Martin, Kaloyan/Kalojan, Angel, Asen, Mitko, Rumen, Yasen/Jasen, Ahmed, Mehmed, Zhivko/Jivko, Borislav"
        ),
        surnames=_names(
            "Ivanov, Georgiev, Dimitrov, Petrov, Nikolov, Hristov/Christov, Stoyanov/Stojanov, Todorov, Iliev, Angelov, Vasilev/Vassilev, Atanasov, Yordanov/Jordanov,"
            "Petkov, Stefanov, Marinov, Kolev, Mihaylov/Mihailov, Mitev, Asenov, Kostov, Yankov/Jankov, Simeonov, Kirilov, Tsvetkov/Cvetkov, Zhekov/Jekov, Rusev,"
            "Metodiev, Shishkov, Aliev, Mehmedov, Rashkov, Naydenov/Naidenov"
        ),
    ),
    Origin(
        code="hungary",
        weight=0.08,
        nationalities=(("HUN", 1.0),),
        phone=("36", "2000", 9),
        family_first=True,
        women=_names(
            "Mária, Erzsébet, Katalin, Ilona, Éva, Anna, Zsuzsanna, Margit, Judit, Ágnes, Andrea, Erika, Krisztina, Mónika, Edit, Gabriella, Szilvia, Anikó, Viktória,"
            "Vivien, Nikolett, Bernadett, Tímea, Beáta, Renáta, Dorina, Klaudia, Szabina, Rozália, Zsófia"
        ),
        men=_names(
            "László, István, József, János, Zoltán, Sándor, Gábor, Ferenc, Attila, Péter, Tamás, Zsolt, Tibor, András, Csaba, Imre, Lajos, György, Balázs, Gyula, Mihály,"
            "Károly, Róbert, Béla, Dávid, Norbert, Krisztián, Dezső"
        ),
        surnames=_names(
            "Nagy, Kovács, Tóth, Szabó, Horváth, Varga, Kiss, Molnár, Németh, Farkas, Balogh, Papp, Lakatos, Takács, Juhász, Oláh, Mészáros, Simon, Rácz, Fekete, Szilágyi,"
            "Török, Fehér, Balázs, Gál, Kis, Szűcs, Orsós, Kocsis, Fodor, Pintér, Szalai, Sipos, Magyar, Lukács, Rostás, Danyi, Bogdán, Győri"
        ),
    ),
    Origin(
        code="poland",
        weight=0.09,
        nationalities=(("POL", 1.0),),
        phone=("48", "5000", 9),
        feminine=_SLAVIC[:2],
        women=_names(
            "Anna, Katarzyna, Maria, Małgorzata, Agnieszka, Barbara, Ewa, Magdalena, Elżbieta, Joanna, Krystyna, Aleksandra/Alexandra, Monika, Zofia, Teresa, Natalia,"
            "Karolina, Marta, Beata, Dorota, Justyna, Paulina, Iwona, Sylwia, Weronika, Kinga, Wioletta, Żaneta"
        ),
        men=_names(
            "Piotr, Krzysztof, Andrzej, Tomasz, Paweł, Jan, Michał, Marcin, Jakub, Adam, Stanisław, Marek, Łukasz, Grzegorz, Mateusz, Wojciech, Mariusz, Dariusz, Zbigniew,"
            "Jerzy, Rafał, Robert, Kamil, Dawid, Sławomir, Przemysław, Arkadiusz"
        ),
        surnames=_names(
            "Nowak, Kowalski, Wiśniewski, Wójcik, Kowalczyk, Kamiński, Lewandowski, Zieliński, Szymański, Woźniak, Dąbrowski, Kozłowski, Jankowski, Mazur, Kwiatkowski,"
            "Krawczyk, Piotrowski, Grabowski, Nowakowski, Pawłowski, Michalski, Nowicki, Adamczyk, Dudek, Zając, Wieczorek, Jabłoński, Król, Majewski, Olszewski,"
            "Jaworski, Wróbel, Malinowski, Stępień, Górski, Szczepański"
        ),
    ),
    Origin(
        code="nigeria",
        weight=0.08,
        nationalities=(("NGA", 0.95), ("GHA", 0.05)),
        phone=("234", "80300", 10),
        second_given=0.5,
        default_birthday=0.06,
        women=_names(
            "Blessing, Joy, Favour/Favor, Mercy, Faith, Gift, Precious, Happy, Loveth/Lovet, Osaretin, Esohe, Omosede, Isoken, Itohan, Efe, Ngozi, Chioma, Chinyere, Adaeze,"
            "Ifeoma, Nkechi, Oluwaseun/Seun, Folake/Folakemi, Titilayo/Titi, Yetunde, Abosede, Funmilayo/Funmi, Patience, Glory, Sandra, Rita"
        ),
        men=_names(
            "Emmanuel, Osaro, Osagie, Osas/Osasu, Efosa, Eghosa, Nosakhare, Chukwuemeka/Emeka, Chidi, Ikechukwu/Ike, Obinna, Nnamdi, Uchenna/Uche, Kelechi, Oluwafemi/Femi,"
            "Babatunde/Tunde, Adebayo/Bayo, Olumide, Kayode, Segun, Taiwo, Kehinde, Samuel, Sunday, Friday, Lucky, Festus, Godwin"
        ),
        surnames=_names(
            "Osagie, Osaze, Igbinedion, Omoruyi, Aigbe, Ogbebor, Eghobamien, Imasuen, Osayande, Idahosa, Edobor, Uwaifo, Ehigiator, Okafor/Okaffor, Okeke, Eze, Nwosu,"
            "Okonkwo, Obi, Chukwu, Nwachukwu, Onyekachi, Adeyemi, Adebayo, Ogunleye, Oladipo, Akinola, Olatunji, Balogun, Bakare, Oyelaran, Afolabi, Johnson, Williams,"
            "Iyamu, Erhabor"
        ),
    ),
    Origin(
        code="china",
        weight=0.05,
        nationalities=(("CHN", 0.96), ("HKG", 0.01), ("TWN", 0.03)),
        phone=("86", "138000", 11),
        family_first=True,
        second_given=0.0,
        women=_names(
            "Xiaoli/Xiao Li/Xiao-Li=晓丽, Li/Lily=丽, Fang=芳, Min=敏, Jing=静, Yan=燕, Xiaoyan/Xiao Yan=小燕, Hong=红, Xiuying/Xiu Ying/Xiu-Ying=秀英, Meiling/Mei Ling=美玲, Na=娜,"
            "Tingting/Ting Ting=婷婷, Yanan/Ya Nan=亚楠, Lan=兰, Guiying/Gui Ying=桂英, Qian=倩, Xia=霞, Ping=萍, Juan=娟, Xue=雪, Yuhua/Yu Hua=玉华, Meihua/Mei Hua=美华, Lihua/Li Hua=丽华,"
            "Chunmei/Chun Mei=春梅, Yuzhen/Yu Zhen=玉珍, Shufen/Shu Fen=淑芬"
        ),
        men=_names(
            "Wei=伟, Qiang=强, Lei=磊, Jun=军, Yang=洋, Yong=勇, Jie=杰, Tao=涛, Chao=超, Ming=明, Gang=刚, Jianguo/Jian Guo/Jian-Guo=建国, Jianhua/Jian Hua=建华, Zhiqiang/Zhi Qiang=志强,"
            "Guoqiang/Guo Qiang=国强, Haitao/Hai Tao=海涛, Bin=斌, Peng=鹏, Hui=辉, Bo=波, Xiaoming/Xiao Ming=晓明, Dong=东, Hao=浩, Weidong/Wei Dong=卫东, Feng=峰, Zhiyong/Zhi Yong=志勇"
        ),
        surnames=_names(
            "Wang/Wong=王, Li/Lee=李, Zhang/Chang=张, Liu=刘, Chen/Chan=陈, Yang=杨, Huang=黄, Zhao/Chao=赵, Wu=吴, Zhou/Chow=周, Xu/Hsu=徐, Sun=孙, Ma=马, Zhu=朱, Hu=胡, Guo/Kuo=郭, He=何,"
            "Lin/Lam=林, Gao=高, Luo=罗, Zheng=郑, Liang=梁, Xie=谢, Song=宋, Tang=唐, Xu=许, Han=韩, Deng=邓, Feng=冯, Cao=曹, Peng=彭, Zeng=曾, Xiao=萧, Tian=田, Dong=董, Ye=叶"
        ),
    ),
    Origin(
        code="thailand",
        weight=0.04,
        nationalities=(("THA", 1.0),),
        phone=("66", "8100", 9),
        second_given=0.02,
        women=_names(
            "Somchai/Somjai=สมใจ, Malee/Mali=มาลี, Siriporn/Siriphon=ศิริพร, Suda=สุดา, Kanya/Ganya=กัญญา, Nittaya/Nitaya=นิตยา, Pornthip/Porntip=พรทิพย์, Ratana/Rattana=รัตนา, Wanida=วนิดา,"
            "Sunisa=สุนิสา, Anchalee/Unchalee=อัญชลี, Jintana/Chintana=จินตนา, Kultida/Kunthida=กุลธิดา, Ladda=ลัดดา, Naree=นารี, Orathai/Oratai=อรทัย, Patcharee/Phatcharee=พัชรี, Sasithorn/Sasitorn=ศศิธร,"
            "Supaporn/Suphaphon=สุภาพร, Wilai=วิไล, Yupa=ยุพา, Duangjai/Duangchai=ดวงใจ, Bussaba=บุษบา, Amporn/Amphon=อัมพร, Chanida=ชนิดา"
        ),
        men=_names(
            "Somchai/Somchay=สมชาย, Sombat=สมบัติ, Prasert/Prasoet=ประเสริฐ, Wichai/Vichai=วิชัย, Anan/Anant=อนันต์, Surachai=สุรชัย, Thawatchai/Tawatchai=ธวัชชัย, Chaiwat=ชัยวัฒน์, Nattapong/Natthaphong=ณัฐพงษ์,"
            "Kittisak=กิตติศักดิ์, Pongsak/Phongsak=พงษ์ศักดิ์, Preecha/Pricha=ปรีชา, Manop=มานพ, Narong=ณรงค์, Suthep/Sutep=สุเทพ, Weerachai/Veerachai=วีระชัย, Sakda=ศักดิ์ดา, Boonmee/Bunmi=บุญมี,"
            "Adisak=อดิศักดิ์, Ekachai/Akechai=เอกชัย, Jirayu=จิรายุ, Krit=กฤษณ์, Mongkol/Mongkhon=มงคล, Pichit/Phichit=พิชิต, Udom=อุดม"
        ),
        surnames=_names(
            "Saetang/Saetung, Saelim/Sae-Lim, Saelee/Sae-Lee, Chaiyasit, Srisuk/Srisook, Thongchai/Tongchai, Boonmee/Bunmi, Wongsa, Kaewmanee/Kaeomani, Phromma/Promma, Suksawat,"
            "Charoensuk/Jaroensuk, Rattanakul, Chantara/Jantara, Sukjai, Somboon/Sombun, Prasertsri, Ruangsri/Rueangsi, Intharat/Intarat, Saengthong/Sangtong, Panyarat, Klinhom,"
            "Yodsawat, Namwong, Buakaew/Buakhaeo, Khamsing/Kamsing, Wannasri, Chumphon/Chumporn, Khongkaew, Phetcharat/Petcharat, Nakprasit, Mueangkhot"
        ),
    ),
    Origin(
        code="vietnam",
        weight=0.04,
        nationalities=(("VNM", 1.0),),
        phone=("84", "9000", 9),
        family_first=True,
        second_given=0.0,
        default_birthday=0.02,
        women=_names(
            "Thị Hương, Thị Lan, Thị Hoa, Thị Mai, Thị Thu, Thị Hồng, Thị Linh, Thị Nga, Thị Thảo, Thị Trang, Thị Phương, Thị Yến, Thị Hằng, Thị Ngọc, Thị Thanh, Thị Tuyết, Thị Nhung,"
            "Thị Bích, Thị Dung, Thị Hà, Thị Kim Anh, Thị Loan, Thị Oanh, Thị Quỳnh, Thị Vân, Mỹ Linh"
        ),
        men=_names(
            "Văn Hùng, Văn Dũng, Văn Nam, Văn Hải, Văn Long, Văn Minh, Văn Tuấn, Văn Thành, Văn Đức, Văn Sơn, Văn Cường, Văn Quang, Văn Hiếu, Văn Trung, Văn Tú, Văn Phong, Văn Khánh,"
            "Văn Bình, Văn Tâm, Văn Toàn, Văn Vinh, Đình Phúc, Quốc Anh, Hữu Lộc, Xuân Trường"
        ),
        surnames=_names(
            "Nguyễn, Trần, Lê, Phạm, Hoàng/Huỳnh, Phan, Vũ/Võ, Đặng, Bùi, Đỗ, Hồ, Ngô, Dương, Lý, Đào, Đinh, Trịnh, Mai, Cao, Lương, Tạ, Hà, Chu/Châu, Tô, Thái, Quách, Kiều, Lâm, La, Tống"
        ),
    ),
    Origin(
        code="brazil",
        weight=0.06,
        nationalities=(("BRA", 0.75), ("PRT", 0.25)),
        phone=("55", "119000", 11),
        custom="lusophone",
        second_given=0.4,
        women=_names(
            "Maria, Ana, Francisca, Antônia, Adriana, Juliana, Márcia, Fernanda, Patrícia, Aline, Sandra, Camila, Amanda, Bruna, Jéssica, Letícia, Júlia, Luciana, Vanessa, Mariana,"
            "Gabriela, Rafaela, Thaís/Taís, Tatiane, Larissa, Beatriz, Priscila, Rosângela"
        ),
        men=_names(
            "José, João, Antônio, Francisco, Carlos, Paulo, Pedro, Lucas, Luiz/Luís, Marcos, Gabriel, Rafael, Daniel, Marcelo, Bruno, Eduardo, Felipe/Filipe, Rodrigo, Mateus/Matheus,"
            "Fábio, Tiago/Thiago, Leandro, Vinícius, Sérgio, Wellington, Anderson"
        ),
        surnames=_names(
            "da Silva, dos Santos, de Oliveira, de Souza/de Sousa, Rodrigues, Ferreira, Alves, Pereira, Lima, Gomes, Ribeiro, Costa, Carvalho, Almeida, Lopes, Soares, Fernandes, Vieira,"
            "Barbosa, Rocha, Dias, do Nascimento, de Andrade, Moreira, Nunes, Marques, Machado, Mendes, Freitas, Cardoso, Teixeira, da Conceição, de Jesus, Gonçalves"
        ),
    ),
    Origin(
        code="latin",
        weight=0.08,
        nationalities=(("COL", 0.4), ("DOM", 0.25), ("ESP", 0.2), ("VEN", 0.15)),
        phone=("57", "30000", 10),
        custom="iberian",
        second_given=0.55,
        women=_names(
            "María, Luz, Ana, Carmen, Diana, Sandra, Paola, Andrea, Carolina, Yolanda, Gloria, Adriana, Claudia, Mónica, Natalia, Valentina, Leidy/Leydi, Yuliana/Juliana, Yesenia/Jessenia,"
            "Marisol, Altagracia, Rosa, Daniela, Paula, Laura, Katherine/Katerine, Yeimy/Jeimy, Luisa, Milagros, Ángela"
        ),
        men=_names(
            "José, Juan, Luis, Carlos, Jorge, Andrés, Jesús, Miguel, Manuel, Rafael, Pedro, Ramón, Francisco, Diego, Óscar, Víctor, Fernando, Edwin, Wilson, Jhon/John, Jairo, Sergio,"
            "Héctor, Álvaro, Camilo, Alejandro"
        ),
        surnames=_names(
            "Rodríguez, Gómez, González, Martínez, García, López, Hernández, Sánchez, Ramírez, Pérez, Díaz, Muñoz, Rojas, Moreno, Jiménez, Vargas, Torres, Castro, Ortiz, Álvarez, Ruiz,"
            "Suárez, Valencia, Cárdenas, Restrepo, Ospina, Giraldo, Zapata, Quintero, de la Cruz, de los Santos, Nuñez, Peña, Guzmán, Castaño, del Rosario, Mejía, Arango"
        ),
    ),
    Origin(
        code="arabic",
        weight=0.06,
        nationalities=(("MAR", 0.45), ("SYR", 0.4), ("DZA", 0.08), ("IRQ", 0.07)),
        phone=("963", "9300", 9),
        second_given=0.1,
        default_birthday=0.22,
        women=_names(
            "Fatima/Fatma/Fatimah=فاطمة, Aisha/Aicha/Aysha=عائشة, Khadija/Chadija/Khadijah=خديجة, Zainab/Zeinab/Zineb=زينب, Maryam/Mariam/Meryem=مريم, Amina/Aminah=أمينة, Noor/Nour/Nur=نور,"
            "Layla/Leila/Laila=ليلى, Samira=سميرة, Hanan/Hanane=حنان, Nadia/Nadya=نادية, Rania/Raniya=رانيا, Salma/Selma=سلمى, Huda/Houda=هدى, Iman/Imane/Eman=إيمان, Rasha/Racha=رشا, Najat/Najet=نجاة,"
            "Malika=مليكة, Saida/Saïda=سعيدة, Naima=نعيمة, Latifa=لطيفة, Ghada/Rada=غادة, Hind/Hinde=هند, Karima=كريمة, Sanaa/Sana=سناء, Wafa/Wafaa=وفاء"
        ),
        men=_names(
            "Mohammed/Mohamed/Muhammad/Mohamad=محمد, Ahmad/Ahmed=أحمد, Ali=علي, Omar/Omer=عمر, Youssef/Yousef/Yusuf/Yousif=يوسف, Hassan/Hasan=حسن, Hussein/Hussain/Houcine=حسين, Khaled/Khalid/Chalid=خالد,"
            "Ibrahim/Brahim=إبراهيم, Mahmoud/Mahmud=محمود, Mustafa/Mostafa/Mustapha=مصطفى, Abdallah/Abdullah/Abdellah=عبد الله, Said/Saïd/Saeed=سعيد, Rachid/Rashid=رشيد, Hamza=حمزة, Bilal=بلال, Samir=سمير,"
            "Karim/Kareem=كريم, Tarek/Tariq/Tarik=طارق, Abdelkader/Abdulkader=عبد القادر, Anas=أنس, Fadi/Fady=فادي, Nabil=نبيل, Ziad/Ziyad=زياد, Bassam=بسام"
        ),
        surnames=_names(
            "Al Ahmad/Alahmad/El Ahmed=الأحمد, Al Hassan/Alhassan=الحسن, El Idrissi/Idrissi=الإدريسي, Al Hussein/Alhussein=الحسين, El Amrani/Amrani=العمراني, Al Masri/Almasri/El Masri=المصري, Alaoui/El Alaoui=العلوي,"
            "Benali/Ben Ali=بن علي, Al Khatib/Alkhatib/El Khatib=الخطيب, Bouzid/Bouazid=بوزيد, Haddad=حداد, Al Mohammad/Almohamad=المحمد, El Fassi/Fassi=الفاسي, Najjar/Nadjar=نجار, Kassem/Qasem/Kasim=قاسم, Darwish/Darwich=درويش,"
            "Cherkaoui/Charkaoui=الشرقاوي, El Bakkali/Bakali=البقالي, Mansour/Mansur=منصور, Al Sayed/Alsayed/El Sayed=السيد, Ziani=زياني, Berrada=برادة, Othman/Osman/Uthman=عثمان, Shaheen/Chahine/Shahin=شاهين,"
            "Suleiman/Sulaiman/Slimane=سليمان, Khalil/Chalil=خليل, Saleh/Salih=صالح, Tahiri/Taheri=الطاهري, Azzouzi/El Azzouzi=العزوزي, Barakat=بركات, Hamdan=حمدان, Jaber/Jabir=جابر"
        ),
    ),
    Origin(
        code="ukraine",
        weight=0.05,
        nationalities=(("UKR", 0.8), ("RUS", 0.15), ("BLR", 0.05)),
        phone=("380", "5000", 9),
        custom="patronymic",
        feminine=_SLAVIC,
        cyrillic=True,
        women=_names(
            "Olena/Elena, Tetiana/Tatiana/Tetyana, Iryna/Irina, Natalia/Nataliia/Natalya, Svitlana/Svetlana, Oksana, Yuliia/Yulia/Julia, Olha/Olga, Anna/Hanna, Kateryna/Ekaterina, Mariia/Maria/Mariya,"
            "Liudmyla/Ludmila, Halyna/Galina, Viktoriia/Viktoria/Victoria, Anastasiia/Anastasia, Daria/Darya, Nadiia/Nadezhda, Alina, Khrystyna/Kristina, Sofiia/Sofia, Valentyna/Valentina,"
            "Yana/Jana, Larysa/Larisa, Inna, Karina/Karyna, Vira/Vera"
        ),
        men=_names(
            "Oleksandr/Aleksandr/Alexander, Serhii/Sergey/Sergei, Andrii/Andrey/Andriy, Volodymyr/Vladimir, Dmytro/Dmitry/Dmitri, Mykola/Nikolai, Ivan, Yurii/Yuri/Yuriy, Vasyl/Vasily, Oleh/Oleg,"
            "Viktor/Victor, Roman, Vitalii/Vitaly, Ihor/Igor, Anatolii/Anatoly, Maksym/Maxim, Pavlo/Pavel, Bohdan/Bogdan, Artem/Artyom, Denys/Denis, Ruslan, Yevhen/Evgeny, Petro/Pyotr, Taras, Stanislav"
        ),
        surnames=_names(
            "Melnyk/Melnik, Shevchenko/Sjevtsjenko, Kovalenko, Bondarenko, Boiko/Boyko, Tkachenko, Kravchenko, Kovalchuk, Oliinyk/Oleynik, Shevchuk, Koval, Polishchuk, Bondar, Tkachuk, Moroz, Marchenko,"
            "Lysenko, Rudenko, Savchenko, Petrenko, Ivanov, Smirnov, Kuznetsov, Popov, Sokolov, Lebedev, Novikov, Volkov, Hryhorenko, Zakharchenko, Kharchenko, Yashchenko, Romanovskyi, Vyshnevskyi"
        ),
    ),
    Origin(
        code="turkey",
        weight=0.03,
        nationalities=(("TUR", 1.0),),
        phone=("90", "53200", 10),
        default_birthday=0.05,
        women=_names(
            "Fatma, Ayşe, Emine, Hatice, Zeynep, Elif, Meryem, Şerife, Zehra, Sultan, Hanife, Merve, Havva, Zeliha, Esra, Fadime, Özlem, Hacer, Yasemin, Hülya, Sevgi, Gülsüm, Büşra, Tuğba, Dilek, Songül"
        ),
        men=_names(
            "Mehmet, Mustafa, Ahmet, Ali, Hüseyin, Hasan, İbrahim, İsmail, Osman, Yusuf, Murat, Ömer, Ramazan, Halil, Süleyman, Abdullah, Mahmut, Recep, Salih, Fatih, Kadir, Emre, Hakan, Kemal, Çağlar, Uğur"
        ),
        surnames=_names(
            "Yılmaz, Kaya, Demir, Çelik, Şahin, Yıldız, Yıldırım, Öztürk, Aydın, Özdemir, Arslan, Doğan, Kılıç, Aslan, Çetin, Kara, Koç, Kurt, Özkan, Şimşek, Polat, Korkmaz, Çakır, Erdoğan, Güneş, Taş, Acar,"
            "Bulut, Keskin, Ünal, Tekin, Gül"
        ),
    ),
    Origin(
        code="albania",
        weight=0.03,
        nationalities=(("ALB", 0.85), ("XKX", 0.15)),
        phone=("355", "6900", 9),
        women=_names(
            "Maria, Drita, Ana, Elona, Mimoza, Valbona, Vjollca, Fatmira, Shpresa, Lindita, Albana, Anisa, Besa, Blerta, Dorina, Ermira, Flutura, Gentiana, Ilira, Jonida, Klaudia, Luljeta, Majlinda, Rovena,"
            "Xhensila/Gensila, Zamira"
        ),
        men=_names(
            "Arben, Agim, Ardit, Altin, Artan, Bashkim, Besnik, Dritan, Edmond, Endrit, Fatmir, Gjergj, Ilir, Klodian, Kujtim, Luan, Mentor, Naim, Petrit, Sokol, Shkëlqim, Skënder, Taulant, Xhevdet, Ylli/Illi, Zef"
        ),
        surnames=_names(
            "Hoxha, Prifti, Shehu, Dervishi, Bega, Gjoka, Kola, Marku, Leka, Hysa, Çela, Basha, Rama, Gjoni, Cani, Lika, Muça, Dedja, Zeneli, Krasniqi, Gashi, Berisha, Shala, Toska, Kurti, Ndreu, Xhafa, Veliu,"
            "Përlleshi, Duka, Zhupa"
        ),
    ),
    Origin(
        code="philippines",
        weight=0.03,
        nationalities=(("PHL", 1.0),),
        phone=("63", "91700", 10),
        second_given=0.4,
        women=_names(
            "Maria, Mary Grace, Rose Ann/Roseanne, Jennifer, Maricel, Michelle, Jocelyn, Marilyn, Angelica, Cristina, Lourdes, Imelda, Rowena, Analyn, Jonalyn, Cherry, Princess, Rosalie, Melanie, Liezl/Liesel,"
            "Marites, Gemma, Teresita, Joy, Divina, Aileen/Ailene"
        ),
        men=_names(
            "Jose, Juan, Michael, Mark Anthony, John Paul, Ronald, Jerome, Christian, Joel, Ramon, Eduardo, Rodrigo, Danilo, Rolando, Jayson/Jason, Reynaldo, Ferdinand, Arnel, Jomar, Noel, Alvin, Renato,"
            "Emmanuel, Jericho, Angelo"
        ),
        surnames=_names(
            "Santos, Reyes, Cruz, Bautista, Ocampo, Garcia, Mendoza, Torres, Tomas, Andrada, Castillo, Flores, Villanueva, Ramos, Castro, Rivera, Aquino, Navarro, Salazar, Mercado, dela Cruz/de la Cruz,"
            "del Rosario, Dizon, Manalo, Magbanua, Pangilinan, Macaraeg, Dimaculangan, Lim, Tan, Sy"
        ),
    ),
    Origin(
        code="netherlands",
        weight=0.07,
        nationalities=(("NLD", 1.0),),
        phone=("31", "6400", 9),
        second_given=0.5,
        women=_names(
            "Maria, Johanna, Anna, Sanne, Lisa, Laura, Kim, Eva, Lotte, Femke, Anouk, Sophie, Iris, Naomi, Romy, Demi, Britt, Esmée, Priscilla, Chantal, Kelly, Melissa, Joyce, Daphne, Wendy, Michelle, Shirley"
        ),
        men=_names(
            "Johannes, Jan, Cornelis, Pieter, Tim, Kevin, Daan, Thomas, Jeroen, Rick, Niels, Dennis, Bas, Stefan, Mark, Sander, Jordy, Danny, Mitchell, Wesley, Ricardo, Marco, Patrick, Robin, Ruben"
        ),
        surnames=_names(
            "de Jong, Jansen, de Vries, van den Berg, van Dijk, Bakker, Janssen, Visser, Smit, Meijer/Meyer, de Boer, Mulder, de Groot, Bos, Vos, Peters, Hendriks, van Leeuwen, Dekker, Brouwer, de Wit, Dijkstra,"
            "Smits, de Graaf, van der Meer, Kok, Jacobs, van der Linden, Vermeulen, van den Heuvel, Schouten, Willems"
        ),
    ),
)

FATHERS = (
    *(
        "Ivan",
        "Georgi",
        "Petr",
        "Nikola",
        "Dimitr",
        "Aleksandr",
        "Vasil",
        "Mihail",
        "Stefan",
        "Todor",
        "Viktor",
        "Pavl",
        "Roman",
    ),
    *("Stoyan", "Angel", "Bogdan", "Maksim", "Anton", "Yord", "Kiril"),
)
"""Stems of the names of fathers, for a patronymic."""

NICKNAMES = {
    "Alexandra": "Alexa, Sandra", "Aleksandra": "Ola, Sasha", "Andreea": "Deea, Andra", "Maria": "Mia, Mari", "María": "Mari", "Mária": "Marika", "Elena": "Lena",
    "Mihaela": "Miki, Miha", "Cristina": "Cris, Tina", "Krisztina": "Kriszti", "Gabriela": "Gabi", "Daniela": "Dana, Dani", "Florentina": "Flori, Tina", "Ionuț": "Ionel",
    "Alexandru": "Alex, Sandu", "Gheorghe": "Gigi, Ghita", "Katalin": "Kati", "Erzsébet": "Erzsi, Bözsi", "Zsuzsanna": "Zsuzsi", "István": "Pisti", "László": "Laci",
    "József": "Józsi", "Katarzyna": "Kasia", "Małgorzata": "Gosia", "Agnieszka": "Aga", "Magdalena": "Magda", "Krzysztof": "Krzysiek", "Tomasz": "Tomek", "Oleksandr": "Sasha",
    "Tetiana": "Tanya", "Anastasiia": "Nastya", "Kateryna": "Katya", "Yuliia": "Yulya", "Dmytro": "Dima", "Volodymyr": "Vova", "Serhii": "Serj", "Fernanda": "Nanda",
    "Francisca": "Chica", "José": "Pepe, Zé", "Francisco": "Paco, Chico", "Valentina": "Vale", "Carolina": "Caro", "Johanna": "Jo, Anja", "Johannes": "Hans, Johan",
    "Cornelis": "Kees", "Mohammed": "Mo, Moha", "Abdelkader": "Kader", "Mustafa": "Moes", "Fatima": "Fati", "Khadija": "Dija", "Mehmet": "Memo", "Blessing": "Bless",
    "Emmanuel": "Emma, Manu", "Georgi": "Gosho", "Ivan": "Vanko", "Dimitar": "Mitko", "Desislava": "Desi", "Viktoria": "Viki", "Viktória": "Viki", "Teodora": "Tedi",
}  # fmt: skip
"""Pet names of the most common given names; others are cut short."""

WORK_NAMES = (
    *(
        "Lola",
        "Bella",
        "Kim",
        "Angel",
        "Natasha",
        "Lisa",
        "Mia",
        "Anna",
        "Sofia",
        "Jessica",
        "Diana",
        "Nikki",
        "Alina",
        "Monica",
        "Vanessa",
        "Candy",
        "Eva",
        "Lana",
        "Melissa",
        "Amy",
    ),
    *(
        "Coco",
        "Gina",
        "Kelly",
        "Sasha",
        "Nina",
        "Maya",
        "Rosa",
        "Luna",
        "Sara",
        "Carmen",
        "Lucy",
        "Emma",
        "Valentina",
        "Bianca",
        "Isabella",
        "Jade",
        "Tina",
        "Ruby",
        "Cindy",
        "Yuki",
    ),
    *(
        "Paloma",
        "Aylin",
        "Nadia",
        "Samantha",
        "Linda",
        "Chanel",
        "Sweet Lily",
        "Mei Mei",
        "Ling Ling",
        "Tracy",
        "Destiny",
        "Princess",
        "Barbie",
        "Victoria",
        "Kitty",
        "Honey",
    ),
)
"""Names in advertisements, the most used first."""

NATIVE_WORK_NAMES = {
    "china": ("美美", "玲玲", "小红", "丽丽"),
    "thailand": ("นก", "แอน", "ปลา", "มะลิ"),
    "ukraine": ("Наташа", "Алина", "Лена", "Вика"),
    "bulgaria": ("Вики", "Деси", "Ники"),
    "arabic": ("نور", "ليلى", "سارة"),
}
"""Names in advertisements in the script of home."""
