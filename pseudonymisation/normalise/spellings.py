# SPDX-FileCopyrightText: 2026 The signaalregister founders
# SPDX-License-Identifier: EUPL-1.2
"""Names whose spellings no rule of sound brings together, one name a line: the form chosen, then the others.

The law:

1. A spelling stands in one line only (a test says so); the rules of `variants` come first, so a line holds only
   what they leave apart (and some of what they do not, for the reader).
2. A diminutive is listed when it is commonly borne by people of that one name (Katja, Sasha, Piet); where a
   diminutive serves several names, those names share a line.
3. Behind = stand spellings in Arabic script: these are read as the chosen form, and their bare consonants
   (محمد is m-h-m-d) count as a spelling too when four or more are left.
4. A line that starts with * is a family name that is also written with its article joined (Elidrissi, Alhassan).

Written by hand from general knowledge of names; nobody's data. Which spelling is chosen has no meaning. Order of
the groups: Arabic, Turkish, Slavic, Romanian and Romance, Greek, Germanic, East Asian.
"""

from typing import Final

ARABIC: Final = """
mohamed mohammed muhammad mohammad muhamad muhammed mohamad muhamed mohamet muhamet moehammed moehamed mohand mouhamed mouhamadou mamadou muhammadu mahomed mochamad mokhammad magomed mukhammad = محمد
ahmed ahmad achmed akhmed achmad akhmad ahmet ahmadu amadou = أحمد احمد
mahmoud mahmud mahmood machmoud mahmut makhmud = محمود
hamid hamied hameed khamid hamed hamad hamada = حميد حامد حمد
mustafa mostafa moustafa moestafa moustapha mustapha mostapha mustafo = مصطفى مصطفي
ali aly alie = علي على
hassan hasan hasen hassane khasan assane = حسن
hussein hossein hussain husain hosein husayn houssein hocine houcine hoessein huseyin hossain hussin husein khusein hoceine = حسين
omar umar omer oumar oemar = عمر
othman osman usman uthman ousmane otman outhman osmane = عثمان
khalid khaled chalid halid khalied kalid halit = خالد
yusuf youssef yousef yousuf yusef youssouf joessoef joesoef jusuf youcef iusuf yusup jusef = يوسف
ibrahim ebrahim brahim ibraheem ibrohim ibragim ibrahima = إبراهيم ابراهيم
ismail ismael esmail ismaeel smail esmaeil = إسماعيل اسماعيل
ishak ishaq isaac isak ishac = إسحاق اسحاق
yakub yaqoub yaqub jakub yakoub yacoub jacub yakup = يعقوب
musa moussa mousa moesa moses = موسى موسي
isa issa eisa = عيسى عيسي
yahya yahia jahja yehia yahiya yehya = يحيى يحيي
zakaria zakariya zakariyya zakarya zekeriya zachariah zakariae = زكريا
suleiman sulaiman soulaiman suleyman sulayman soliman souleymane sleiman solaiman soelaiman sulejman slimane = سليمان
dawud daoud dawood daud davud dawoud = داود داوود
younes yunus younis jounes yunis younous yunes joenes = يونس
haroun harun haroon = هارون
saleh salih salah = صالح
salaheddin saladin salaheddine salahuddin selahattin salahadin = صلاح
nureddin nourdin noureddine nurettin nuruddin noordin nordin nordine nouredine nourreddine
badreddin badr badreddine bedrettin = بدر
saif seif sayf saifeddin saifuddin seyfettin = سيف
imad emad imadeddin imadeddine = عماد
jamal gamal djamal dzhamal cemal djamel jamel = جمال
jamil djamil gamil cemil = جميل
jamila djamila gamila cemile jameela dzhamila = جميلة
kamal kemal kamel camal = كمال
karim kareem kerim = كريم
rahim raheem = رحيم
rahman rehman rachman rahmane = رحمن الرحمن
rashid rachid rasheed rasjid raschid reshid rachied resit = رشيد
rashad rachad reshad = رشاد
said saeed saied sayid seyit saiid syed sayed sayyid seid = سعيد سيد
samir sameer samier semir = سمير
samira samirah sameera semira = سميرة
tarik tariq tareq tarek tarick tarique = طارق
walid waleed oualid valid walied = وليد
wasim wassim waseem ouassim vasim = وسيم
bilal belal billal bilel = بلال
anas anass enes = أنس انس
hamza hamzah hamzeh khamza = حمزة حمزه
idris driss idriss edris idrees = إدريس ادريس
jaafar jafar djafar gaafar cafer jaffar = جعفر
abbas abas = عباس
adil adel aadil = عادل
amin ameen amine emin = أمين امين
amina aminah ameena emine = أمينة امينة
amir ameer emir amier = أمير امير
anwar anouar anwer enver enwar = أنور انور
ashraf achraf aschraf esref = أشرف اشرف
ayoub ayyub ayub ajoeb eyup ayyoub = أيوب ايوب
aymen ayman aimen ayman = أيمن ايمن
aziz azeez aziez = عزيز
azizah aziza azize = عزيزة
bashir bachir basheer bashar beshir = بشير بشار
fadi fady = فادي
farid fareed ferid ferit = فريد
farida fareeda = فريدة
faris fares faress = فارس
fouad fuad foad fuat = فؤاد
faysal faisal fayssal feisal faycal feysel = فيصل
ghassan gassan rassan = غسان
habib habeeb khabib = حبيب
hakim hakeem khakim = حكيم
hani hany = هاني
hisham hicham hesham hichem hischam = هشام
jihad djihad cihad cihat gihad = جهاد
jawad djawad cevad cevat jawed = جواد
latif lateef latief = لطيف
majid majeed magid mecid madjid = ماجد مجيد
malik malek maliek melik = مالك
mansour mansur mansoor mansoer = منصور
marwan marouan marouane merwan mervan = مروان
mehdi mahdi mahdy = مهدي
mounir munir mouneer monir munier = منير
nabil nabeel nebil nabiel = نبيل
nadir nader nadeer = نادر
nasser naser nasir nasr naseer nacer nassir = ناصر نصر
nizar nezar = نزار
qasim kassem qassem kasim qassim kacem kacim = قاسم
qadir kader qader kadir = قادر
rabih rabeh rabah = رابح ربيع
rami ramy = رامي
ramadan ramazan ramdan ramadhan = رمضان
riyad riad riyadh reyad riadh = رياض
salim saleem selim salem = سالم سليم
salman selman = سلمان
sami samy = سامي
shakir chakir sakir shaker = شاكر
sharif cherif sherif charif serif shareef = شريف
taha taher tahir tahar = طه طاهر
usama osama oussama oesama ousama = أسامة اسامة
yasin yassine yaseen yassin jasin yacine yasien jassin = ياسين
yasser yasir yaser yassir jasser = ياسر
zayd zeid zayed zaied = زيد
ziyad ziad zyad = زياد
zuhair zouhair zoheir zuheyr zouheir = زهير
abdallah abdullah abdalla abdulla abdoullah abdellah abdella abdoul abdoulaye abdullahi = عبدالله
fatima fatma fatimah fatema fatna fatoumata fatiema fatimatou fathma fateme = فاطمة فاطمه
fatimazahra fatimazohra fatimazahrae fatimaezzahra
zahra zohra zahrae zehra zahraa = زهراء زهرة الزهراء
aisha aicha aysha aischa ayesha aiesha aishah ayse aissatou aisa aysa aichatou = عائشة عايشة
khadija khadidja chadija hatice khadidiatou hadidja hadija kadija khadijah hadiza kadijatou = خديجة
mariam maryam meryem meriem miriam myriam mariem meriam mirjam miryam marjam = مريم
zaynab zeinab zainab zineb zeynep zaineb zenab zenib = زينب
ruqayya rokaya roukaya rukiye ruqaya roqaya rukayya rokia = رقية
sumaya soumaya soemaya sumeyye somaya sumaia soumia = سمية
asma asmae esma asmaa = أسماء اسماء
hafsa hafssa hafza = حفصة
hajar hagar hajer hadjar hacer = هاجر
halima halimah khalima haleema = حليمة
hanan hanane hanaan = حنان
huda houda hoda hoeda = هدى هدي
ikram ikrame ekram = إكرام اكرام
iman imane eman imen = إيمان ايمان
jihan jihane cihan gihan djihan = جيهان
karima kareema kerime = كريمة
khawla khaoula khouloud haula = خولة
kawtar kaoutar kawthar kautar kevser = كوثر
laila leila layla lejla leyla laela leilah = ليلى ليلي
latifa lateefa latiefa = لطيفة
loubna lubna loebna = لبنى
malika maleeka melike = مليكة
mona mouna muna = منى
nadia nadya nadja = نادية
naima naeema naimah = نعيمة
najat nejat najet nadjat = نجاة
nawal naoual naval nawel = نوال
noor nour nur noer noura nora nuray = نور نورة
rabia rabiaa rabiya = ربيعة
rachida rashida rasheeda rasjida = رشيدة
rania raniya ranya = رانية رانيا
rim reem riem rym = ريم
saida saeeda = سعيدة
salma selma salme = سلمى
sanaa sana sanae = سناء
sara sarah saara sarra = سارة ساره
shaima chaima chaimae shaymaa shaima sheima = شيماء
siham sihame seham = سهام
soukaina sukaina sakina sekina = سكينة
wafa wafaa ouafa wafae vefa = وفاء
warda ouarda = وردة
widad ouidad wedad = وداد
yasmin yasmine jasmin jasmine yasemin yasmina yasmeen jasmijn jasmina = ياسمين
bouchra bushra boesjra boushra busra = بشرى
ghizlane ghizlan rizlan ghezlane = غزلان
hasna hasnaa hasnae = حسناء
hind hend hinde = هند
ilham elham ilhame = إلهام الهام
nisrine nasrin nesrin nisreen nasreen = نسرين
rajae raja ragaa = رجاء
samia samya samiya = سامية
souad suad soad suat = سعاد
touria thouraya soraya surayya sureyya touraya = ثريا
zakia zakiya zekiye = زكية
*idrissi idrisi idrissy = إدريسي ادريسي الإدريسي الادريسي
*alaoui alawi alaui = علوي العلوي
*amrani omrani = عمراني العمراني
*bakkali baqqali bakali = بقالي البقالي
*ouazzani wazzani ouazani = وزاني الوزاني
*fassi fasi = فاسي الفاسي
*mansouri mansuri mansoori = منصوري المنصوري
*haddad hadad haddaad = حداد الحداد
*khatib chatib hatib katib = خطيب الخطيب
*masri misri = مصري المصري
*halabi chalabi = حلبي الحلبي
*hamoudi hammoudi hamudi = حمودي الحمودي
*najjar nadjar naggar = نجار النجار
*sayegh sayigh saegh = صايغ الصايغ
*tahiri taheri = طاهري الطاهري
*yahyaoui yahiaoui yahyawi = يحياوي اليحياوي
*ziani zeyani = زياني الزياني
*harrak herrak = حراق
*jaziri djaziri = جزيري الجزيري
*khoury khouri houry churi = خوري الخوري
*omari umari = عمري العمري
*asad assad = أسد اسد الأسد الاسد
*bennani benani = بناني
*sabbagh sabagh = صباغ الصباغ
*qasimi kasmi kassimi = قاسمي القاسمي
*hakimi hakimy = حكيمي الحكيمي
*daoudi dawudi = داودي الداودي
*ahmadi ahmedi achmadi = أحمدي احمدي
*hosseini hussaini hussayni housseini husseini = حسيني الحسيني
*mohammadi muhammadi mohamadi = محمدي
"""

TURKISH: Final = """
mehmet mehmed memet
murat murad mourad
emre emrah
elif aliph
fatih fatih
gulsen gulshen guelsen guelshen
hulya hulia
kadriye kadria
nuri noori nouri
ozgur oezguer
sukru shukru
serkan serchan
tugba tuba
ugur ughur
yilmaz ilmaz yelmaz
ozturk oezturk oeztuerk
celik tschelik chelik
sahin shahin schahin chahin shaheen
dogan doghan dowan
kilic kilitsch kilich
arslan aslan
"""

SLAVIC: Final = """
ekaterina katerina katarina katharina catharina caterina catherine katherine kateryna yekaterina jekaterina katya katia katja kate katalin katarzyna kathryn katrina catarina katrin katrijn trijn aikaterini kaja kasia
aleksandr alexander aleksander alexandre aleksandar alexandru alexandros oleksandr alejandro alessandro alexandra aleksandra oleksandra alessandra alejandra sasha sascha sacha sasja sanya sania shura alexandr aleksandur sandu sander sandra sandor olexandr oleksandar
aleksey alexei aleksei alexey alexej oleksiy oleksii alexis aliaksei oleksij lyosha alyosha
anna ana anne ania anya anja hanna anka anita anneke annika hannah anouk anuta anushka ania asya
anastasia nastya nastia nastja anastasiya anastazja anastasija anastasiia
andrei andrey andrej andriy andrii andreas andrew andrzej andres andre andrea ondrej andras andreea andriy andria andrija
anton antonio antonius antonie antoine antoni antonin antonios toni tony ton anthony antoon antal
bogdan bohdan
boris borys
daria darya darja dariya dasha daryna dariia dasza
dmitri dmitry dmitriy dmitrij dimitri dimitrij dmytro dimitar dimitur dumitru dima dimitrios dmitrii dimitris mitko dzmitry mitica dimitr
elena yelena jelena olena helena helene lena lenka ielena ileana eleni alena ilona helen leni
evgeni yevgeni evgeny evgeniy yevgeniy yevhen eugen eugene evgenij ievgen eugeniu jevgeni yevgeny eugenio zhenya ievhen evhen
evgenia yevgenia evgeniya eugenia yevheniia jevgenija ievgeniia evheniya
galina halyna galya halina galia halja
georgi georgiy georgy gheorghe george georg georgios jorge giorgi gheorghi jerzy heorhii jiri joerg jorg georgii gjorgi gjorgji georgij heorhiy joris gosho gogu yorgos giorgos
yuri yuriy yury jurij juri iurii iuri iurie yurii
grigori grigory grigoriy hryhoriy grigore gregory hryhorii gregor gregorio grzegorz grisha
hristo khristo christo hrysto christos christian kristian cristian krystian chris krist christiaan christof kristof krzysztof christoph christopher hristos cristobal cristi
hristina kristina cristina christina khrystyna krystyna christine christina tina kristin kirsten stien christien
igor ihor ihar
ilya ilia ilja ilie elias ilias illia elie eliyahu
irina iryna irena irene ira irka irine eirini iren
ivan iwan vanya vania vanja johan jan johannes johann hans john jean juan giovanni ioan ion ioannis giannis yannis yiannis janos joao ionel iancu ivo hanus jens yohan jannis ivanko vancho evan jovan sean johnny gianni iwo
ivanka johanna joanna ioana jana yana iana joana janka hanneke janneke jeanne juana giovanna ivana iwona janna gianna jane iwanka ioanna yanka
kirill kyrylo kiril cyril kyrill kirilo cyrille
konstantin constantin kostya costin kostas konstantinos constantine konstanty costica kostadin kostiantyn constantijn kosta constantino kostyantyn costel dinu
ksenia xenia oksana kseniya ksenija ksenya kseniia oxana
lyubov liubov lubov ljubov lyuba luba liuba ljuba
lyudmila ludmila liudmila ljudmila lyuda liudmyla ludmilla milena lyudmyla luda
maksim maxim maxime maksym maksymilian max maximilian maximiliaan maks maximo maximus
margarita margareta margaretha margaret margriet marguerite greta grietje marharyta rita malgorzata margherita margit margot gosia margo
maria mariya marija marie mary maryia mariia marya marja masha mascha mariya maryja maarja mariana marianna mariika miep marieke marijke mariyka mashka manya maruska marusya marika mariyana marjana marijana
marina maryna maarina
mihail mikhail michail michael michel michiel mihai mihaly michal mykhailo mikael miguel mihailo mihajlo mykhaylo misha mischa mihaita maikel mike mikel mihael mikhael mykhajlo miki mitchell mihal mikheil mikhajlo miha
mihaela michaela mikhaela michaella micaela michelle mikaela mihaella
miroslav myroslav miroslaw mirek
nadezhda nadejda nadezda nadeschda nadieschda nadzeya nadzhda
natalia natalya natalja nataliya natalija natasha natascha natasja natasza natacha nathalie natalie nataliia natalka natali nataly
nikita mykyta mikita
nikolai nikolay nikolaj nikola mykola nicolae nicolas nicolaas nikolaos nikos nicola niko klaas kolya mikolaj nico nicholas niklas nikolas miklos nicu nikolaus kola nicolau nikolajs nicolaj
oleg oleh olegh aleh
olga olha olja olya olia volha helga
pavel pavlo paul paulo pablo pawel pavle paolo paulus pasha pavlos pal pauwel paavo pol
pavlina paulina pauline paula paola polina
petr pyotr peter petar petru petro pedro piotr pieter piet petros petre pietro pierre petra petia petya petja peter pjotr petur pjeter petrus petur peer petrica
roman romano
ruslan rouslan
sergei sergey sergej sergiy serhiy serhii sergiu sergio serge serzh serhij siarhei seryozha sergii sergejs siarhey
stanislav stanislaw stas stanislas
stefan stephan steven stephen stepan stefano esteban etienne stefanos istvan stevan szczepan stefanus estevao stoyan stojan stepas shtefan sztefan stephane
svetlana svitlana svetla sveta swetlana svetoslava sviatlana
svetoslav sviatoslav svyatoslav swiatoslaw
sofia zofia sofiya sofija sophia sophie sofie sonya sonia sonja zsofia sofya sophija zosia sofi
tatiana tatyana tatjana tetiana tanya tania tanja tetyana taciana taissia tatsiana
tsvetan cvetan zwetan tzvetan zvetan tsvetko
tsvetelina cvetelina zwetelina tzvetelina tsvetana cvetana zvetana
tsvetanka cvetanka zvetanka zwetanka tzvetanka
valentin valentyn valentijn walenty valentino
valentina valentyna walentyna
vasil vasili vasily vasiliy vasyl vasile basil vasilis wassili vasilij vasilios vasya basile vaso
vera vira wiera wera viera
veronika veronica weronika weronica
viktor victor wiktor viktar vitya vittorio
viktoria victoria viktoriya wiktoria viktorija vika viktorija viktoriia vittoria viktoryia
vladimir volodymyr wladimir vladimer wlodzimierz vova volodya uladzimir vlado vladimire vlad volodimir
vladislav vladyslav wladislaw wladyslaw vladislaw
vyacheslav viacheslav vjaceslav slava viatcheslav wjatscheslaw wiaczeslaw vecheslav
yaroslav jaroslav jaroslaw yaroslaw iaroslav
yulia julia iulia julija yuliya juliya julie jule giulia julka yuliia yulka iuliana juliana julita
zhivko jivko zivko schiwko zhivka jivka
zdravko sdravko
gennadi gennady gennadiy gennadij hennadii hennadiy gena henadz
ignat ihnat ignatius ignacy ignacio
fyodor fedor fiodor feodor theodor teodor theodorus theodoros fedir todor tudor theo thodoris dorus teodoro fjodor
lev leo leon leonid lew leonhard leonardo leonard leonidas leonel leonidas
matvei matvey matthew mathias matthias mateusz matei matthijs mattijs mateo matteo matheus mattheus thijs mateus matiy matija mate matyas mathieu matej
iosif josef joseph jozef jose giuseppe osip jef joop sjef iosef yosif josip jozsef yosyp josephus jozeph jozsi pepe
yakov jakov jacob jacobus jaap jakob jacques iacob yakiv james iakov jacek jaume jaco koos kobus
zoya zoia zoja zoe zoi
raisa rayisa raissa raisza
larisa larissa larysa
lidia lydia lidiya lydie lidija lidiia
inna ina ine
alla ala
ivanov ivanoff iwanow iwanoff ivanof
petrov petroff petrow
georgieva georgijewa georgiewa
dimitrova dimitrowa dimitrowa
"""

ROMANCE: Final = """
adriana adrianna ariane adriane
adrian adriaan adrien hadrian adriano adrianus arjan arie
alina alyna aline
alex aleks alec
bianca bianka blanka blanca
carlos carlo karel karl carl charles karol karoly carol karlos karlis carles
carmen karmen
carolina karolina caroline karolien karoline carola charlotte karola lotte
claudia klaudia claudya
claudiu claudio klaudiusz claude claudius klaudio
cosmin kosmin cosma
cornelia kornelia cornelie
cornel kornel cornelis cornelius kees
daniel danil daniil danyil danilo daniele danyel danny danijel danylo
daniela danijela daniella danila danuta
diana dyana dianne diane
diego tiago thiago iago santiago
dragos dragosh
eduard edward eduardo edvard edu edouard
elisabeth elizabeth elisabeta elizaveta yelizaveta isabel isabella elzbieta erzsebet elisaveta liza elise liesbeth elisa els lisa izabela isabelle isabela elsa ela eliza betty liset bettina elisabet yelyzaveta jelizaveta
emil emile emilio emilian emiel
emilia emilie emiliya emily emilija emylia
enrique henrique enrico henri henry hendrik heinrich henryk henrik henricus henk hein rik andrik
felipe filip philip philippe phillip philipp filipe filippo filipp flip pylyp filippos
fernando ferdinand fernand hernando
florin florian florijn floris
florentina florentyna florina florica
francisco francesco frans franz francois franciscus franciszek ferenc frank paco francis francesca francisca frantisek chico
gabriel gavril gavriil gabriele havryil gabrijel
gabriela gabriella gavriela gabi gaby
goncalves gonsalves gonzalves
gonzalez gonzales gonsales gonsalez
guilherme guillermo willem wilhelm william guillaume wim vilmos guglielmo bill willy
ionut ionuts yonut ionutz
jessica yessica dzhesika jesica djessica
joaquim joaquin joachim jochem ioachim jochen yoakim
laurentiu lavrentiy laurent lorenzo lourenco laurens laurentius lars lorenz lawrence lavrenti
laura lavra lora
liviu livio livius
lucia luciya lucja lucie lucy luzia liutsia
lucian luciano lucien
luis luiz louis ludwig luigi lodewijk lajos ludovic lluis luc ludovico
manuel emanuel emmanuel manolo immanuel manoel emanuele
marcel marcelo marcello marsel marceli martsel
marcin martin martijn marten maarten martino martinus marton martyn
marcos marco mark marc marko marek markus marcus
marta martha marthe
mircea mircha mircsa
monica monika monique
nunez nunes nunies
octavian oktavian octavio octave
oana ohana
ovidiu ovidio ovidius
rafael raphael rafal raffaele rafail
ramona ramone
raluca raluka
ricardo richard riccardo ryszard rikard rikhard
roberto robert rupert rob ruprecht
rodriguez rodrigues rodriges
roxana roksana roxanne roksolana
silvia sylvia silviya sylwia silvija silvie
simona simone symona simonetta
simon simeon shimon szymon semen simao simion semyon
sorin soryn
sorina soryna
teodora theodora todora fedora
teresa theresa tereza therese teresia terez
vasilica vasilika
veaceslav veaceslaw
viorel viorela viorica
xavier javier savier zavier
ximena jimena
"""

GREEK: Final = """
papadopoulos papadopulos papadopoylos
athanasios thanasis atanas athanasius afanasiy afanasi atanasio
panagiotis panayiotis panagiotes panajotis
dionysios dionisios dionis denis denys dennis
evangelos vangelis evanghelos
spyridon spyros spiros spiridon
stavros stauros
vasiliki vassiliki basiliki
despina despoina
iordanis jordan yordan jordaan iordan iordache
yordanka jordanka iordana jordana
"""

GERMANIC: Final = """
bart bartholomeus bartlomiej bartosz bartolome bartal
bernard bernhard bernardo bernd
cecilia cecile cecylia sesilia cecilie silke
derk dirk diederik dietrich theodoric
elke alke
erik eric erich erick
frederik friedrich fred frits fritz fryderyk federico frederic frederico fredrik frederick freek
gerrit gerard gerhard gerardus geert gert gerald gerardo geraldo
gijs gijsbert gysbert
ingrid inge inga
jolanda yolanda iolanda jolanta yolande
jurgen juergen
koen coen koenraad konrad conrad
lambert lammert
leendert lennart lenard
muller mueller muler moeller mullar
nellie nelly petronella nel
rutger rogier roger rudiger ruediger
schmidt schmitt smit smits smith schmid smid schmitz
sjoerd sjurd
truus gertrude gertrud geertruida gertruda trudy
tomas thomas tamas tomasz tommaso tome foma
wouter walter valter gualtiero
dejong deyong jong
visser fisher fischer
meijer meyer maier mayer meier meijers
kuiper kuyper cuijper cuypers
"""

EAST_ASIAN: Final = """
li lee rhee rhie lei
kim gim kym
park bak pak bark
choi choe chey tchoi
jung jeong chung joung cheong
kang gang
lim
kwon gwon kweon
yoo yu ryu
seo suh
shin sin
moon mun
nguyen nuyen nguen ngyen nguien ngueyn
tran tchan
pham fam
huynh hoang huinh
phan fan
vo vu
dang
bui bouy
"""

BEHIND_ABD: Final = """
rahman rahim aziz karim latif hamid majid malik qadir nasser hakim salam samad jabbar wahid razzaq ghani halim hadi
fattah basit jalil salim wahab ghafour moumen haq qayyum sattar mawla hay hafid
"""
"""What stands behind "Abd" (servant of) in one name: ninety-nine names, these are the common ones."""
