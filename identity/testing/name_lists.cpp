#include "identity/testing/name_lists.hpp"

#include <array>

namespace sendhub::identity::testing {
namespace {

constexpr std::string_view british_boys =
    "Noah Oliver George Arthur Leo Luca Theodore Oscar Archie Freddie Henry Theo Jude Charlie Alfie Harry "
    "Arlo "
    "Albie Tommy Finley Rory Jack Roman Reuben Teddy Louie Thomas Hunter Alexander Elijah William Edward "
    "Isaac "
    "James Lucas Max Reggie Mason Hudson Ezra Rowan Joshua Logan Sonny Joseph Ethan Carter Adam Kai Albert "
    "Bobby Caleb Jaxon Benjamin Grayson Otis Ronnie Louis Hugo Frankie Daniel Samuel Sebastian Jacob Ralph "
    "Elliot Ted Harrison Felix Toby Jayden Zachary Frederick David Michael Nathan Jesse Stanley Brody Enzo "
    "Parker Jasper Rupert Chester Ellis Gabriel Milo Billy Ollie Dylan Matthew Blake Ryan Tyler Jenson "
    "Harley "
    "Ernie Riley Luke Leon Jaxson Otto Myles Dexter Robin Kit Ellison Austin Jackson Nico Kayden Bodhi "
    "Leonard "
    "Xavier Rex Vinnie Gene Lenny Aiden Barnaby Monty Wilfred Ralphie Rafe Ned Kian Koa Cooper Ivan Atlas "
    "Patrick "
    "Rufus Stefan Robert Oakley Cody Zac Nathaniel Tobias Jonah Josiah Seth Dominic Callum Jake Fox Clark "
    "Spencer "
    "Hector Cassius Ibrahim Ali Levi Silas Bear Orson Raife Alfred Laurence Perry Quinn Sidney Rocco Vincent";
constexpr std::string_view british_boys_2000 =
    "Jack Thomas Joshua Oliver Harry James William Samuel Daniel Charlie Benjamin Joseph Callum George Jake "
    "Alfie Luke Matthew Ethan Lewis Jacob Dylan Alexander Ryan Adam Tyler Harvey Max Cameron Liam Jamie Leo "
    "Owen "
    "Connor Harrison Nathan Ben Henry Archie Edward Michael Aaron Kieran Bradley Louis Toby Brandon Jayden "
    "Reece "
    "Kyle Alex Rhys Isaac Lucas Finley Joe Logan David Luca Bailey Mason Kai Morgan John Riley Freddie Oscar "
    "Christopher Robert Taylor Leon Jay Corey Billy Elliot Ewan Hayden Dominic Sam Joel Zachary Kian Tom "
    "Jordan "
    "Andrew Sebastian Mitchell Anthony Gabriel Patrick Sean Elliott Robbie Theo Declan Declyn Spencer Scott "
    "Ashley "
    "Dominik Curtis Harley Marcus Tobias Stanley Peter Zak Frederick Jude Nicholas Shaun Mark Stephen "
    "Richard Ross "
    "Brendan Damian Jonathan Craig Kane Conor Lee Josh Paul Aidan Gareth Rowan Simon Timothy Edmund Hugh "
    "Felix "
    "Aiden Kristian Laurence Lloyd Dean Carl Karl Brett Dale Niall Bryn Calum Jasper Giles Rory Philip "
    "Martin";
constexpr std::string_view british_girls =
    "Olivia Amelia Isla Lily Freya Ava Ivy Florence Willow Isabella Grace Mia Elsie Poppy Maya Evie Ella "
    "Daisy "
    "Sophia Sienna Millie Phoebe Evelyn Charlotte Sofia Harper Bonnie Emily Rosie Isabelle Ada Matilda Mabel "
    "Penelope Ruby Arabella Maeve Luna Hallie Ayla Delilah Eliza Aria Margot Nancy Eden Violet Ophelia Alice "
    "Robyn Eleanor Aurora Zara Emilia Orla Emma Erin Mila Iris Rose Summer Clara Jessica Lottie Chloe Imogen "
    "Esme Elizabeth Thea Lola Scarlett Harriet Beatrice Maisie Lucy Hannah Edith Autumn Myla Nova Lyla "
    "Nellie "
    "Olive Molly Gracie Niamh Dorothy Heidi Amber Georgia Annie Anna Holly Lara Ottilie Skye Darcie Eva Sara "
    "Bella Amelie Martha Aisha Layla Ellie Zoe Lydia Darcey Leah Darcy Talia Eloise Felicity Sadie Elodie "
    "Pippa "
    "Abigail Maggie Ellie-Mae Lily-Mae Lilly Marnie Francesca Tabitha Gabriella Aubrey Effie Betty Connie "
    "Dolly "
    "Winnie Mollie Penny Peggy Lila Amara Hope Faith Mary Victoria Sarah Ariana Kaia Remi Raya River Sage "
    "Juniper "
    "Ottoline Cora Willa Hazel Wren Fern Ivy-Rae Ava-Grace Tilly Zoë Chloé Renée Esmé Saffron Coco Blossom "
    "Cleo";
constexpr std::string_view british_girls_2000 =
    "Chloe Emily Megan Charlotte Jessica Lauren Sophie Olivia Hannah Lucy Georgia Rebecca Bethany Amy Ellie "
    "Katie "
    "Emma Abigail Molly Grace Courtney Shannon Caitlin Eleanor Jade Ella Leah Alice Holly Laura Anna Jasmine "
    "Sarah "
    "Elizabeth Amelia Rachel Amber Phoebe Natasha Niamh Zoe Paige Nicole Abbie Mia Imogen Lily Alexandra "
    "Chelsea "
    "Daisy Isabella Ruby Evie Freya Erin Isabel Scarlett Summer Poppy Lydia Millie Maisie Lucy-Mae Madison "
    "Victoria Sophia Libby Rosie Eve Matilda Harriet Aimee Skye Keira Naomi Tia Maria Louise Samantha Alisha "
    "Isla "
    "Faith Brooke Gabrielle Jodie Bella Robyn Demi Kayleigh Kirsty Kelly Stephanie Eloise Jennifer Beth "
    "Tegan Rhian "
    "Danielle Melissa Hollie Kate Nia Francesca Alicia Ellen Heather Lara Martha Morgan Rose Sienna Tilly "
    "Zara "
    "Hayley Mollie Esme Julia Kiera Lexie Maddison Esther Christina Ashleigh Kimberley Gemma Leanne Michelle "
    "Tara "
    "Catherine Katherine Kathryn Frances Toni Stacey Claudia Yasmin Tamsin Rosalind Philippa Verity Miriam "
    "Hope";
constexpr std::string_view british_surnames =
    "Smith Jones Taylor Brown Williams Wilson Johnson Davies Robinson Wright Thompson Evans Walker White "
    "Roberts "
    "Green Hall Wood Jackson Clarke Harris Lewis Cooper King Clark Harrison Martin Baker Turner Morris Hill "
    "Moore "
    "Ward Edwards Watson Allen Parker Bennett Young Carter Hughes Phillips Price Shaw Cook Mitchell James "
    "Lee "
    "Bailey Richardson Cox Marshall Collins Miller Bell Adams Rogers Gray Ellis Simpson Foster Richards Webb "
    "Chapman Mason Powell Rose Hunt Gibson Palmer Mills Holmes Matthews Knight Lloyd Barnes Butler Russell "
    "Fisher "
    "Barker Stevens Jenkins Dixon Fletcher Hunter Pearson Graham Reynolds Andrews Howard Ford Saunders Payne "
    "Harvey Fox Pearce Day Brooks West Lawrence Atkinson Bradley Spencer Dawson Watts Walsh Wells Cole "
    "Burton "
    "Booth Hawkins Armstrong Perry Hart Hudson Newman Carr Gardner Francis Webster Dean Stone Carpenter "
    "Cross "
    "Barrett Rowe Hopkins Warren Osborne Stephens Chambers Gregory Cunningham Lane Wallace Porter Parsons "
    "Franklin "
    "Burgess Freeman Goodwin Griffin Sutton Woods Harding Barton Burns Wheeler Long Frost Hodgson Hewitt "
    "Slater "
    "Oliver Kent Page Reed Read Reid Nicholson Bates Bishop Holland Bird Arnold Lowe Marsh Curtis Yates "
    "Barnett "
    "Hayes Nelson Ryan Peters Norris Walters Banks Coleman Rhodes Jennings Newton Wilkinson Willis Wilkins "
    "Hicks "
    "Potter Bolton Berry Park Bond Little Nash Lamb Kemp Hammond Nicholls Pope Savage Townsend Sharp Sharpe "
    "Shepherd "
    "Sheppard Short Skinner Swift Tate Todd Tucker Turnbull Vaughan Vincent Wade Wall Waters Weaver Weston "
    "Whittaker "
    "Wise Woodward Hale Hobbs Hooper Horton Howell Humphreys Hutchinson Ingram Kaye Kirby Lambert Leach "
    "Leonard Mann "
    "Manning Miles Morton Moss Naylor Oakley Osborn Parry Patterson Philips Pickering Pratt Preston "
    "Pritchard Pugh "
    "Randall Riley Robson Rowley Salter Sanders Schofield Sewell Sims Sinclair Singleton Stephenson "
    "Stevenson Storey "
    "Sykes Talbot Thorne Thornton Thorpe Tyler Underwood Wainwright Walton Warner Waterhouse Whitehead "
    "Whitehouse "
    "Wilcox Winter Wolfe Wyatt Abbott Akehurst Ashton Austin Baldwin Ball Barber Baxter Beaumont Benson "
    "Bentley "
    "Birch Black Blackburn Blake Bowen Bradshaw Brady Bray Briggs Broadbent Bryant Buckley Bull Burke "
    "Burrows Bush "
    "Cameron Campbell Charlton Clayton Conway Coates Crawford Dale Daniels Davidson Davis Davison Denton "
    "Dickinson "
    "Dobson Douglas Drake Duffy Duncan Dunn Dyer Eaton Elliott Farmer Fenton Field Finch Fleming Flynn "
    "Forster "
    "Fowler French Fry Fuller Garner George Gibbs Gilbert Giles Gill Glover Goddard Godfrey Gordon Gough "
    "Grant Grey "
    "Griffiths Hancock Hardy Harper Hartley Haynes Heath Henderson Henry Herbert Higgins Hilton Hodges "
    "Holden Holt";
constexpr Parts british_boy_parts{
    "Al Ar Be Bra Bro Ca Car Cay Co Cor Da Dar De El Fin Gray Har Jax Jay Jen Jo Ka Kay Kel Key Ky Lan Le Lo "
    "Mar Mas "
    "Max Mi Ny Ol Pax Ray Re Rhy Ro Ry Ta Tay Te Ter Ty Wil Zan Zay Ze",
    "an en li ri sto",
    "son den don ton len lan rell ron ley lee las lin mon mond nan ner ric rick ryn sen shaun ton van vin "
    "win x xon ce"};
constexpr Parts british_girl_parts{
    "Al Am An Ari Av Bel Bri Ca Car Ce Da Del El Em Esm Eve Fay Gra Har Isa Jor Jo Ka Kay Kel Key La Lay Le "
    "Li Lo "
    "Mad Mai May Mel Mi Ne Ol Per Pres Ray Ri Ro Sa Sha Sie Ta Tay Te Ti Val Vi Wil Zar Zo",
    "a e i la li ri",
    "anna bella belle da dee elle ella etta ia iah ie isha issa ka la lea lee leigh lie lina line lynn ma "
    "mae mara na "
    "nah nie ra rah rie rose sha ta tia tte ya yah yn"};
constexpr Parts british_surname_parts{
    "Ack Alder Apple Ar Ash Ather Aven Badd Bag Bam Bar Barn Bas Bea Beck Ben Ber Bick Bil Birk Black Blake "
    "Blen Bol "
    "Bos Bough Box Brack Brad Bram Bran Bray Brent Brig Broad Brock Brom Brook Buck Bul Bur Burn Cal Cald "
    "Can Car "
    "Cart Cas Chad Char Chat Chel Ches Chil Clap Clay Cliff Clif Col Con Cop Cor Cot Cour Cow Cran Craw Cray "
    "Cren Crom "
    "Cros Cul Dal Dan Dar Den Der Dock Dods Down Dray Dud Dun Dur East Eccles Edge El Elm Ens Fair Fal Farn "
    "Fen Fern "
    "Flet Ford Fos Fothers Ful Gar Garth Gas Gil Glad Glos God Gold Gos Grant Gras Grim Had Hal Ham Han Har "
    "Hard "
    "Hart Has Hat Haw Hay Hazel Heath Heb Hel Hem Hep Her Hes Hey Hig Hill Hind Hod Hol Hom Hop Horn Hors "
    "Hough How "
    "Hux Ing Ivers Kel Ken Ket Kil King Kirk Knap Knot Lamb Lan Lang Lath Law Led Leigh Lin Lind Lis Lit "
    "Lock Long "
    "Lud Lut Lyn Mal Man Map Mar Mas Mel Mers Mid Mil Mor Mos Mott Nes Net New Nor North Nut Oak Old Or Os "
    "Ot Pad Pal "
    "Pem Pen Per Pick Pil Pin Pol Pres Prid Quin Rad Ram Raw Red Ren Rib Rid Ring Ris Rock Rod Roth Row Rud "
    "Rush "
    "Saf Sal Sand Sax Sed Sel Sher Shel Ship Shut Sib Sin Skel Sles Snel Sol Som South Spar Stain Stan Stap "
    "Sted Stir "
    "Stock Stod Stur Sud Sut Swan Swin Tal Tan Tar Tat Thack Thorn Thur Tid Til Tin Tod Tol Tor Tre Trow Twy "
    "Tyl Up "
    "Wad Wake Wal War Warb Was Wat Way Wel Wen West Whal What Whit Wick Wig Wil Win Wit Wol Wood Wool Wor Wy "
    "Yar Yel",
    "er en ing ers le",
    "ley ton ford field worth wood bury by croft dale don gate ham hurst land low man mere more ridge shaw "
    "stead well "
    "wick brook bottom cock combe cott den ell ens er ett ey head house ing ington ingham ister kin kins "
    "lake lin "
    "ling more mond nell ner over port rick riff sall sell som son stall ster stock stone thorpe thwaite "
    "tree wall "
    "ward way wald win wright yard"};

constexpr std::string_view muslim_boys =
    "Muhammad Mohammed Ibrahim Yusuf Adam Zain Musa Ali Ayaan Abdullah Ahmed Eesa Umar Hamza Hassan Haris "
    "Ismail "
    "Zakariya Rayyan Bilal Yahya Sulaiman Idris Mustafa Isa Aariz Zayn Omar Hussain Usman Dawud Ayub Abdul "
    "Yaqub "
    "Eshaan Rehan Imran Khalid Kareem Saad Salman Shayan Taha Talha Tariq Waleed Zayd Zidane Ziyad Aadam "
    "Aahil Aaryan "
    "Amir Anas Arham Asad Aydin Azaan Daniyal Danish Ehsan Faisal Farhan Faris Fahad Hadi Haroon Harun "
    "Hashim Huzaifa "
    "Ihsan Ilyas Irfan Jibril Junaid Kamran Mikael Mahdi Nabil Nasir Noor Qasim Raees Rahim Rashid Raza "
    "Rizwan Saif "
    "Sameer Shahzaib Shakeel Subhan Tahir Uzair Wahid Yasin Yousaf Zaheer Zubair Luqman Safwan Mubarak Nuh "
    "Sami Arif "
    "Habib Asim Awais Azhar Basit Burhan Fazal Ghulam Hamid Inayat Iqbal Jamal Javed Kashif Majid Mansoor "
    "Mohsin "
    "Muneeb Nadeem Naeem Naveed Nawaz Parvez Pervaiz Sajid Shabir Shafiq Sohail Tanveer Waqas Wasim Yasir "
    "Younis";
constexpr std::string_view muslim_girls =
    "Fatima Aisha Maryam Zainab Khadija Amina Hafsa Zara Inaya Anaya Aleena Safa Noor Sumayyah Ayesha Hana "
    "Iqra Laiba "
    "Mariam Sara Zoya Hannah Eliza Ayla Haniya Alaya Amelia Anum Aqsa Areeba Arisha Asma Ayat Bushra Dua "
    "Eman Eshal "
    "Esha Faiza Farah Fariha Hira Humaira Husna Iman Inayah Isra Jannat Javeria Kainat Kiran Komal Leena "
    "Lubna Maha "
    "Mahnoor Maira Malaika Manal Mehreen Minahil Muskaan Nabiha Nadia Naila Nimra Nusrat Rabia Rida Ruqayyah "
    "Saba "
    "Sadia Safiya Saima Saira Sakina Salma Samina Samira Sana Sania Shabnam Shaista Shazia Sidra Sobia "
    "Tahira "
    "Tayyibah Uzma Wajiha Yasmin Yusra Zahra Zaynab Zeenat Zunaira Sultana Nafisa Tasnim Tahmina Sumaiya "
    "Rukhsana "
    "Nazia Mahira Mehak Maimuna Juwairiyah Halima Haleema Hajra Ghazala Firdaus Farzana Fahmida Afia Adeela "
    "Aamna";
constexpr std::string_view muslim_surnames =
    "Khan Ahmed Hussain Ali Begum Akhtar Mahmood Shah Iqbal Malik Rahman Miah Uddin Hussein Islam Mohammed "
    "Bibi "
    "Mirza Chowdhury Ahmad Aslam Rashid Hassan Butt Saleem Khalid Chaudhry Shaikh Qureshi Siddiqui Nawaz "
    "Raja Zaman "
    "Rehman Bhatti Sheikh Afzal Ashraf Anwar Akram Yousaf Hanif Azam Riaz Ullah Haque Alam Arshad Sadiq "
    "Sharif Yasin "
    "Zaheer Aziz Bashir Choudhury Choudhry Dar Farooq Ghani Hamid Haq Hafeez Ilyas Imran Irfan Javed Karim "
    "Kausar "
    "Kauser Khatun Khanom Latif Majid Mehmood Mughal Munir Nadeem Naeem Naz Nazir Noor Parveen Patel Qadir "
    "Quddus "
    "Rafiq Raza Razzaq Sabir Saeed Saddique Sajid Salim Sarwar Shafiq Sultana Tahir Tariq Ul-Haq Ur-Rehman "
    "Usman "
    "Waheed Wahid Yaqoob Younis Yusuf Zafar Zia Abbasi Ansari Awan Baig Bukhari Chishti Durrani Gilani "
    "Hashmi Jamil "
    "Janjua Kayani Kazmi Khokhar Lodhi Memon Minhas Naqvi Niazi Pervaiz Rizvi Sattar Syed Talukdar Tarar "
    "Wali Warraich";
constexpr Parts muslim_boy_parts{
    "Ab As Az Ba Da Fa Fai Far Ga Ha Has Hu Ih Im Is Ja Ka Kha Ma Mu Na Nau Qa Ra Ri Sa Sha Su Ta Tau U Wa "
    "Ya Za Zu",
    "a ba di fi hi ma ri sa ya z",
    "aan ad ah am an ar deen eed eef eem een far hab hal han id if il im in ir ish iq man mad mir seen sim "
    "yan zad zal"};
constexpr Parts muslim_girl_parts{
    "A Am An As Ba Bu Fa Far Ha Haf Hu Im In Ja Ka Kha La Lu Ma Mah Me Mu Na Naz Ni Nu Ra Ri Ru Sa Sha Su Ta "
    "Tas U Wa "
    "Ya Za Zo Zu",
    "a bi di fi hi li ma mi ni ri sa si ya",
    "ba beeha bina da dah eefa eela eema eena ha hida ia ika ila ima in ina ira isa ma min nah nam ra rah "
    "reen sha ya zia"};
constexpr Parts muslim_surname_parts{
    "Ab Ah Ak Al Am An As At Az Ba Bash Da Dil Fa Far Fir Gha Gul Ha Hab Has Ib Ik Im Is Ja Jam Ka Kal Kha "
    "Kho La Lat "
    "Ma Mah Man Mas Mu Na Naz Ni Nu Pa Per Qa Qam Ra Rah Ri Sa Sal Sar Sha Shau Su Sul Ta Tar U Wa Wak Ya "
    "Zah Zam",
    "a ba da di fa ha hi i la ma na qa ra sa ta ud ul wa za",
    "ad addin ali am an ani ar at aullah dar deen ef een eer eif far hani id if il im in ir ish kat khan mad "
    "man mi mood "
    "nan nawaz qi rani rim ullah war yan zada zai zaman"};

constexpr std::string_view british_like_caribbean_surnames =
    "Campbell Brown Williams Grant Francis Clarke Thomas Joseph Gordon Reid Lewis Morgan Bailey Henry "
    "Stewart Allen "
    "Charles Thompson James Morrison Palmer Walters Facey McKenzie McFarlane Blake Dixon Samuels Daley "
    "Anderson "
    "Robinson Simpson Bryan Edwards Wright Barrett Powell Ferguson Pinnock Gayle Lindo Nembhard Hylton "
    "Mullings "
    "Beckford Brissett Dacosta Whyte Bogle Cummings Downer Ebanks Fearon Fraser Golding Hibbert Levy Lynch "
    "Malcolm "
    "Mattis McLean McLeod Minott Murray Parchment Pryce Ricketts Rowe Salmon Scarlett Senior Shirley "
    "Sinclair Stephenson "
    "Tulloch Vassell Virgo Wallace Watson Wint Alleyne Best Blackman Bovell Braithwaite Brathwaite "
    "Cumberbatch Gittens "
    "Greenidge Griffith Holder Husbands Inniss Jordan Layne Maynard Prescod Rawlins Sobers Weekes Worrell "
    "Yearwood";

constexpr std::string_view sikh_unisex =
    "Arjan Gurpreet Harpreet Jaspreet Simran Manpreet Amrit Kiran Jasleen Harleen Gurleen Avneet Navneet "
    "Prabhjot "
    "Harjot Gurjot Ranjit Sukhpreet Amanpreet Rajan Mandeep Kuldeep Sandeep Hardeep Pardeep Baljit Gurjit "
    "Harjit "
    "Kamaljit Manjit Sarbjit Jagdeep Gagandeep Ramandeep Sukhdeep Lovepreet Khushpreet Dilpreet Karanpreet "
    "Tejinder "
    "Ravinder Surinder Parminder Jatinder Narinder Satinder Baldev Gurdev Harbhajan Jaskaran Karan Fateh "
    "Zorawar Ajeet "
    "Sahib Angad Veer Kabir Arjun Dilan Jai Jeevan Rohan Armaan Jovan Ekam Viraj Aran Akaal Himmat";
constexpr std::string_view sikh_surnames =
    "Singh Kaur Gill Sandhu Dhillon Sidhu Grewal Bains Johal Sahota Dhaliwal Mann Virk Randhawa Atwal Bhogal "
    "Sangha Uppal "
    "Purewal Kang Cheema Deol Chahal Brar Bhandal Basra Bassi Birdi Chana Chohan Dosanjh Ghuman Hayer Heer "
    "Hundal Jassal "
    "Jhutti Jutla Kalsi Khaira Khosa Lalli Mangat Matharu Mavi Nagra Nijjar Pannu Panesar Pooni Powar Rai "
    "Rana Riyat Sagoo "
    "Saini Sanghera Sehmi Sekhon Sohal Somal Sond Sunner Takhar Thandi Thiara Tiwana Toor Vilkhu Bhamra "
    "Bhambra Boparai";
constexpr Parts sikh_parts{
    "Gur Har Jas Man Sukh Kul Bal Par Raj Kam Nav Pra Dal Tej Karan Aman Love Khush Dil Sat Jag Ram "
    "Sim Rup Inder Amar Gagan Jag Kir",
    "", "preet deep jit jot inder leen meet want bir veer neet pal raj tej dev simran jeet vinder want"};
constexpr Parts sikh_surname_parts{
    "Ba Bha Bo Cha Che Da Dha Dho Ga Ghu Gre Ha He Ja Jha Ka Khe La Ma Na Ni Pa Pu Ra Sa San Se "
    "Si So Ta Tha Ti Va Vi",
    "ha la ma na ra ta wa",
    "dhu gar ghera hal hota jar jwa kha l la li lon mra n nda ng ngha r ra rai ria wal war"};

constexpr std::string_view hindu_boys =
    "Aarav Arjun Vihaan Aryan Krish Dev Rohan Ishaan Kiaan Reyansh Advait Ayaan Shaan Vivaan Arnav Dhruv Jay "
    "Nikhil "
    "Rishi Rahul Aditya Aadi Ansh Atharv Ayush Darsh Hari Hrithik Jayden Kabir Karan Kavi Krishna Kunal "
    "Laksh Manav "
    "Milan Mihir Mohit Naman Neel Nihal Om Parth Pranav Prem Raj Ram Ravi Reyan Ronak Rudra Sachin Sahil Sai "
    "Samar "
    "Samir Sanjay Shiv Shivam Shreyas Siddharth Sohan Surya Tarun Tejas Uday Varun Ved Vedant Veer Vijay "
    "Vikram Vinay "
    "Viraj Vishal Vivek Yash Yuvraj Anish Akash Amit Anand Ashwin Bhavesh Chirag Deepak Dinesh Gaurav Harish "
    "Hitesh Jignesh";
constexpr std::string_view hindu_girls =
    "Anaya Diya Aanya Aadhya Anika Isha Priya Riya Saanvi Kiara Myra Avni Navya Pari Shreya Tara Aarohi "
    "Aditi Amaya "
    "Ananya Anjali Anushka Asha Bhavika Charvi Deepa Dhriti Divya Eesha Gauri Heena Ira Ishani Jhanvi Jiya "
    "Kavya "
    "Khushi Krisha Krupa Lakshmi Lavanya Mahi Maya Meera Mira Naina Nandini Neha Nidhi Nila Nisha Nithya "
    "Pooja Prisha "
    "Radha Rani Reena Rhea Ritika Roshni Rupal Sahana Samaira Sarayu Shivani Shruti Siya Sneha Sonia Suhani "
    "Swara "
    "Tanvi Tanya Trisha Uma Urvi Vaishnavi Vani Vedika Vidya Zara Hetal Jinal Komal Krishna Mansi Mital "
    "Payal Hansa";
constexpr std::string_view hindu_surnames =
    "Patel Shah Sharma Kumar Desai Mistry Kapoor Gupta Reddy Nair Verma Joshi Mehta Rao Iyer Chauhan Parmar "
    "Solanki "
    "Perera Fernando Silva Thakur Agarwal Bhatt Chopra Chowdhury Das Dave Dutta Gandhi Ghosh Goswami Jain "
    "Kapadia "
    "Krishnan Kulkarni Lad Malhotra Mishra Modi Mukherjee Naidu Naik Pandya Parekh Parikh Pillai Popat Rajan "
    "Raval Roy "
    "Saha Sen Shetty Shukla Singh Soni Sood Srinivasan Subramaniam Tailor Tandon Trivedi Vaidya Varghese "
    "Vekaria Vyas "
    "Yadav Sivakumar Sivanesan Rajaratnam Kanagasabai Selvarajah Balakrishnan Nathan Ramesh Suresh Thapa "
    "Gurung Rai "
    "Limbu Tamang Pun Shrestha Adhikari Sherpa Magar Thomas George Mathew Jacob Joseph Philip Kurian Cherian "
    "Abraham";
constexpr Parts hindu_boy_parts{
    "Aa Ad Ak Am An Ar Ash Bha Chi Da De Dha Ga Ha Hi In Ja Ka Ke Kri La Ma Mi Na Ni Pa Pra Ra Ri Ro "
    "Sa Sha Shi Si Su Ta Tu Va Vi Ya Yu",
    "a dhi i ma ni ra sh ti vi ya",
    "an av dev esh in ish it jan jay k kar kash l lan mal man n nan nav nesh raj rav raj sh tik ul van vik "
    "yan"};
constexpr Parts hindu_girl_parts{
    "Aa Ad Am An Ar Ash Bha Chi Da De Dha Ga Ha Hi I Ja Ka Ke Kri La Ma Mi Na Ni Pa Pra Ra Ri Ro "
    "Sa Sha Shi Si Su Ta Tri Va Vi Ya",
    "a dhi i ma ni ra sh ti vi ya",
    "dhi hi ika ila ini isha ita iti jali ka la li mi na ni nika nya ra sha shi shree ta ti tha va vi vika "
    "ya"};
constexpr Parts hindu_surname_parts{
    "Agra Ama Ana Bala Bhan Bhar Chan Chat Cha De Dham Dha Ga Gan Go Gos Ha Jay Ja Jo Ka Kana Kan "
    "Kesh Kri Ku Laksh Ma Maha Ma Mano Me Mo Mu Na Naga Nara Pa Pan Para Pra Ra Raja Rama Sa Sar "
    "Sel Sha Shan Siva Sri Su Sun Tha Thi Va Vai Ve Vi Vig Ya Yoga",
    "da ga ka la ma na nan pa ra sa sh tha va",
    "bhai dran gam gar gi hari jan kar kumar lal lingam mani mar nan nath pathy raj rajah ram ran rani "
    "sami sekaran singh swamy than thi tra val varan wala war yan"};

constexpr std::string_view arabic_boys =
    "Mohammed Ahmad Omar Youssef Ali Adam Hamza Abdullah Ibrahim Khaled Hassan Hussein Mustafa Abdulrahman "
    "Karim Mahmoud "
    "Tariq Samir Ziad Anas Bashar Fadi Fahad Faisal Ghassan Hadi Haitham Hamad Hani Hazem Hisham Husam Issa "
    "Jamal Jad "
    "Kamal Kareem Laith Majed Malek Marwan Mazen Mohannad Mousa Munir Nabil Nader Naser Nizar Obaida Osama "
    "Qais Qusai "
    "Raed Rami Rashid Rayan Sadiq Salem Salman Sami Saif Sultan Taha Talal Wael Walid Waleed Yahya Yaman "
    "Yazan Yasser "
    "Zaid Zakaria Zayn Amr Ayman Bilal Elias George Jawad Luay Moataz Suhaib Tamer Thamer";
constexpr std::string_view arabic_girls =
    "Fatima Maryam Aisha Noor Sara Lina Layla Zainab Hala Salma Yasmin Huda Amal Amira Asma Aya Batoul Dalal "
    "Dana Dima "
    "Duaa Farah Ghada Ghina Hadeel Hanan Heba Iman Israa Jana Jood Joury Juman Khadija Lama Lamar Lujain "
    "Maha Mais Malak "
    "Manal Marwa Maya Mira Mona Nada Nadia Nadine Najla Nawal Nour Ola Rahaf Rana Rand Raneem Rania Rasha "
    "Rawan Reem "
    "Rima Rowaida Ruba Ruqaya Sahar Samar Sana Shahad Shaima Sidra Suha Tala Tasneem Wafa Yara Yusra Zahra "
    "Zeina";
constexpr std::string_view arabic_surnames =
    "Ahmed Mohammed Ali Hassan Ibrahim Al-Hassan Al-Ahmad Al-Ali Al-Mohammed Hussein Mahmoud Mustafa Khalil "
    "Saleh Abdullah "
    "Al-Masri El-Sayed Al-Sayed Haddad Khoury Nasser Saeed Salem Saad Hamdan Hamad Al-Hamad Al-Jaber "
    "Al-Khatib Khatib "
    "Al-Najjar Najjar Al-Rashid Al-Salem Al-Shami Shami Al-Tamimi Tamimi Al-Zahrani Al-Ghamdi Al-Harbi "
    "Al-Qahtani "
    "Al-Dosari Al-Mutairi Al-Otaibi Al-Shehri Al-Baghdadi Al-Jabouri Al-Dulaimi Al-Obeidi Al-Hashimi "
    "Al-Maliki Al-Saadi "
    "Al-Asadi Al-Bayati Al-Janabi Al-Kubaisi Al-Rawi Al-Tikriti Benali Bensalem Bouzid Belkacem Boudiaf "
    "Bouchard Cherif "
    "Mansour Mansouri Meziane Saidi Slimani Tahar Toumi Zerrouki El-Amrani El-Idrissi Bennani Berrada Tazi "
    "Alaoui Osman "
    "Elhassan Eltayeb Abdalla Idris Adam Bakr Abubakr Abdelrahman Abdelaziz Awad Fadl Gaber Younes Zaki Aziz "
    "Karim Qasim "
    "Sabah Jawad Jasim Kadhim Abbas Alwan Hadi Mehdi Sharif Daher Darwish Farah Ghanem Hamdi Issa Jaber "
    "Kanaan Mikhail";
constexpr Parts arabic_surname_parts{
    "Al-A Al-Ba Al-Da Al-Fa Al-Gha Al-Ha Al-Ja Al-Ka Al-Kha Al-Ma Al-Mu Al-Na Al-Qa Al-Ra Al-Sa Al-Sha Al-Su "
    "Al-Ta Al-Wa "
    "Al-Za El-A El-Ba El-Ha El-Ma El-Sa A Ba Be Bou Da Fa Gha Ha Ja Ka Kha Ma Na Qa Ra Sa Sha Ta Wa Ya Za",
    "bba dda ffa hha ja lla ma mma na rra ssa za",
    "bi d dani di di dri fi hi id im in ir iri kri l li m mi mri n ni nji qi r ri sh shi si ti wi yi zi"};

constexpr std::string_view somali_boys =
    "Mohamed Abdirahman Abdullahi Ahmed Ali Omar Hassan Ibrahim Ismail Yusuf Abdi Hamza Zakaria Liban Khalid "
    "Mahad Bilal "
    "Abdiaziz Abdikadir Abdimalik Abdinasir Abdiqani Abdirashid Abdirizak Abdisalam Abdiwahab Abdulqadir "
    "Adan Ayanle "
    "Bashir Bile Dahir Daud Farah Faarax Guled Hanad Hirsi Hussein Idiris Jama Jibril Keynan Mahamed Mukhtar "
    "Mustafe "
    "Nuh Osman Roble Sahal Said Sakariye Samatar Shuaib Suhayb Warsame Yahya Yasin Zubeyr Abshir Aweys "
    "Barkhad";
constexpr std::string_view somali_girls =
    "Amina Hodan Fatima Maryan Aisha Khadija Hamdi Ayan Hibo Ifrah Sagal Halima Asha Sahra Zamzam Nasteho "
    "Ubah Fardowsa "
    "Faiza Filsan Hafsa Hani Hawa Idil Iqra Ilhan Istahil Kawthar Ladan Leyla Muna Munira Najma Nimo Nimco "
    "Rahma Ruqiya "
    "Ruweyda Safiya Salma Samira Shukri Sumaya Suad Sucdi Yasmin Zahra Zaynab Zuhur Fartun Deqa Bilan Anab "
    "Caasha Xalimo";
constexpr std::string_view somali_surnames =
    "Mohamed Ali Ahmed Hassan Abdi Omar Ibrahim Yusuf Hussein Farah Osman Jama Abdullahi Warsame Nur Adan "
    "Ismail Mohamud "
    "Hirsi Abdirahman Said Aden Dahir Elmi Mahamud Sheikh Isse Duale Haji Roble Guled Egal Samatar Mire "
    "Barre Abshir "
    "Mumin Salad Muse Bile Awale Artan Barkhadle Bashir Botan Bulhan Cige Dirie Dualeh Esse Fahiye Gabow "
    "Gedi Hagi Hashi "
    "Hersi Jimale Kahin Keynan Kulmiye Liban Madar Magan Mahdi Muhumed Nageye Obsiye Qasim Rage Sahal Shire "
    "Siyad Sugule "
    "Tahlil Ugas Wais Yasin Yonis";
constexpr Parts somali_parts{
    "Ab Abdi Ad Ay Ba Bar Bi Da Dir Du El Fa Far Ga Gu Ha Hir I Ja Ka Key Li Ma Mah Mu Na Nu O Qa Ra Ro "
    "Sa Sam Sha Su Wa War Ya Yo",
    "a ba di ga hi la ma na ra sa",
    "an ane ar ed eh el en ey fe her ir le mo mud nur re rey sha shir ud ule ur we xi"};

constexpr std::string_view turkish_boys =
    "Yusuf Ali Emir Deniz Mehmet Mustafa Ahmet Eren Aras Ayaz Baran Berat Berk Burak Can Cem Cihan Efe Emre "
    "Enes Ferhat "
    "Hakan Hasan Huseyin Ibrahim Kaan Kerem Koray Levent Mert Metin Miran Murat Oguz Okan Omer Onur Orhan "
    "Ozan Rojan "
    "Robin Serhat Sinan Taylan Tolga Tuna Ufuk Umut Volkan Yasin Yigit Zana Azad Baris Dilan Siyar";
constexpr std::string_view turkish_girls =
    "Elif Zeynep Defne Azra Ela Asya Ecrin Eylul Ayse Aylin Aleyna Asli Beren Berfin Bahar Buse Cansu Ceren "
    "Ceylin Damla "
    "Derya Dilara Ebru Ece Eda Esra Ezgi Fatma Gamze Gizem Gul Havin Hazal Helin Ipek Irem Lara Leyla Melek "
    "Melis Merve "
    "Mina Naz Nehir Nisa Nur Ozge Pelin Rojda Selin Sena Sevda Sibel Sude Tugba Yagmur Yaren Yasemin Zilan "
    "Suna";
constexpr std::string_view turkish_surnames =
    "Yilmaz Kaya Demir Celik Sahin Yildiz Yildirim Ozturk Aydin Ozdemir Arslan Dogan Kilic Aslan Cetin Kara "
    "Koc Kurt Ozkan "
    "Simsek Polat Korkmaz Cakir Erdogan Acar Aktas Aksoy Akin Alkan Altin Atas Avci Aydogan Balci Bayram "
    "Bozkurt Bulut "
    "Can Ceylan Coskun Dag Dincer Duman Durmaz Ekinci Erdem Eren Genc Guler Gul Gunes Gungor Isik Karaca "
    "Karakus Karatas "
    "Keskin Kocak Kucuk Mutlu Oz Ozcan Ozer Ozen Sari Sen Soylu Tas Tekin Toprak Tunc Turan Turk Unal Uzun "
    "Yavuz Yalcin Yuksel";
constexpr Parts turkish_parts{
    "Ak Al Alt Ar As At Ay Bal Bay Bil Boz Bul Cel Cev Cos Dal Dem Din Dog Dur Ek El Er Gok Gul Gun Il Kal "
    "Kan "
    "Kar Kay Kes Kil Koc Kur Oz Pol Sa Sar Sel Sev Son Tas Tek Top Tun Tur Uc Un Us Var Yal Yav Yil",
    "a ba da i in la u",
    "al alp an ay baz ci demir dogan el en er gul han in kan kaya li man maz oglu oz sever soy tas tekin "
    "turk uz van yol"};

constexpr std::string_view polish_boys =
    "Jakub Filip Adam Oliwier Kacper Szymon Mateusz Antoni Nikodem Jan Alan Aleksander Alex Bartosz Dawid "
    "Dominik Fabian "
    "Franciszek Gabriel Hubert Igor Kamil Karol Krystian Krzysztof Leon Maciej Maksymilian Marcel Marcin "
    "Michal Mikolaj "
    "Milosz Natan Norbert Oskar Patryk Pawel Piotr Rafal Sebastian Stanislaw Tomasz Tymon Wiktor Wojciech "
    "Łukasz Ignacy "
    "Julian Borys Kajetan Konrad Marek Grzegorz";
constexpr std::string_view polish_girls =
    "Zofia Maja Julia Lena Hanna Oliwia Zuzanna Amelia Alicja Natalia Nikola Nadia Wiktoria Aleksandra "
    "Antonina Anna "
    "Barbara Blanka Dominika Emilia Ewa Gabriela Iga Izabela Jagoda Joanna Julita Kaja Karolina Katarzyna "
    "Kinga Klara "
    "Kornelia Laura Liliana Magdalena Malgorzata Maria Marta Martyna Michalina Milena Nina Ola Patrycja "
    "Paulina Pola Roksana "
    "Sandra Sara Vanessa Weronika Agnieszka Małgorzata";
constexpr std::string_view polish_surnames =
    "Nowak Kowalski Wisniewski Wójcik Kowalczyk Kaminski Lewandowski Zielinski Szymanski Wozniak Dabrowski "
    "Kozlowski "
    "Jankowski Mazur Kwiatkowski Krawczyk Piotrowski Grabowski Nowakowski Pawlowski Michalski Adamczyk Dudek "
    "Zajac "
    "Wieczorek Jablonski Krol Majewski Olszewski Jaworski Wrobel Malinowski Pawlak Witkowski Walczak Stepien "
    "Gorski "
    "Rutkowski Michalak Sikora Ostrowski Baran Duda Szewczyk Tomaszewski Pietrzak Marciniak Wroblewski "
    "Zalewski Jakubowski "
    "Jasinski Zawadzki Sadowski Bak Chmielewski Wlodarczyk Borkowski Czarnecki Sawicki Sokolowski Urbanski "
    "Kubiak "
    "Maciejewski Szczepanski Kucharski Wilk Kalinowski Lis Mazurek Wysocki Adamski Kazmierczak Wasilewski "
    "Sobczak Czerwinski "
    "Andrzejewski Cieslak Glowacki Zakrzewski Kolodziej Sikorski Krajewski Gajewski Szymczak Szulc "
    "Baranowski Laskowski "
    "Brzezinski Makowski Ziolkowski Przybylski Łuczak Błaszczyk";
constexpr Parts polish_surname_parts{
    "Ba Bar Bia Bo Bor Bro Brze Cho Cie Cza Czer Da Dob Dom Dra Dzie Fi Ga Gli Go Gra Gro Ja Je Jur Ka "
    "Kar Klim Ko Kor Kra Kru Ku La Le Lip Lu Ma Mar Mi Mro Na Nie No O Ol Pa Pe Pie Pio Po Ra Ro Ru Rze "
    "Sa Ser Sie Ski Sla So Sta Ste Stru Swi Sza Szcze Szy To Tra Tur U Wa We Wie Wil Wo Za Zbo Ze Zie Zu",
    "ba bo cha da go ko la le li lo ma mi mo na ni no ra ro sa so ta wa wi za zy",
    "cki cz czak czyk czuk dowski dzki inski kowski lak larz lec licki linski lski mski niak nicki nik "
    "nowski nski rek rowski rski sek sik siewicz ski szek tkowski walski wicz wski zek zewski"};

constexpr std::string_view romanian_boys =
    "David Andrei Luca Matei Stefan Alexandru Ionut Gabriel Mihai Cristian Adrian Darius Denis Eduard Albert "
    "Alex Antonio "
    "Bogdan Catalin Ciprian Constantin Cosmin Daniel Dragos Dumitru Emanuel Fabian Florin George Ianis Ioan "
    "Ion Iulian "
    "Laurentiu Liviu Lucian Marian Marius Nicolae Nicolas Patrick Paul Petru Rares Razvan Robert Roberto "
    "Samuel Sebastian "
    "Sergiu Sorin Teodor Tudor Vasile Victor Vlad Valentin Armando Mario Romeo";
constexpr std::string_view romanian_girls =
    "Maria Sofia Andreea Ioana Elena Alexandra Daria Anastasia Ana Antonia Ariana Bianca Carla Casiana "
    "Cristina Daniela "
    "Delia Denisa Diana Ema Emilia Erika Eva Evelina Florentina Gabriela Georgiana Ilinca Ingrid Irina Iulia "
    "Larisa Laura "
    "Lavinia Loredana Lorena Luiza Madalina Mihaela Miruna Monica Nadia Natalia Nicoleta Oana Patricia "
    "Raluca Ramona Rebeca "
    "Roxana Sara Simona Sonia Stefania Teodora Valentina Vanesa Victoria Esmeralda Narcisa";
constexpr std::string_view romanian_surnames =
    "Popescu Popa Ionescu Radu Dumitru Stan Stoica Gheorghe Matei Constantin Ciobanu Rusu Marin Florea Lazar "
    "Munteanu Toma "
    "Ilie Dobre Diaconu Nistor Barbu Nicolae Dinu Ene Moldovan Cristea Tudor Serban Sandu Iordache Mihai "
    "Oprea Ungureanu "
    "Stanciu Lupu Mocanu Neagu Manole Voicu Vasile Georgescu Dragomir Preda Anghel Avram Balan Cojocaru "
    "Costea Craciun "
    "Dragan Dumitrescu Filip Grigore Iancu Ion Istrate Luca Manea Marinescu Miron Mitrea Muresan Nedelcu "
    "Negru Olteanu Pavel "
    "Petre Pop Rotaru Sava Simion Stefan Stoian Suciu Trandafir Turcu Ursu Vlad Zamfir Ivanov Dimitrov "
    "Georgiev Petrov "
    "Hristov Angelov Todorov Covaci Lacatus Calin Caldararu Ciurar Horvath Balog";
constexpr Parts romanian_surname_parts{
    "Al An Ar Ba Bo Bra Bu Ca Ce Chi Cio Co Cos Cri Da Di Do Dra Du Fi Flo Fra Ga Ghe Gri Hor Ia In Io "
    "Is La Lu Ma Mi Mo Mun Na Ne Ni No O Pa Pe Pi Po Pre Ra Ro Ru Sa Se Si Sta Sto Su Ta To Tru Tu Un "
    "Ur Va Vi Vla Za",
    "ba be ca co da di do ga la li lo ma mi mo na ni ra ri ro sa ta ti va",
    "an anu ar aru asu ban can ceanu ciu cu dea du escu eanu ea ga la lan lea mir nea nescu nita noiu "
    "re ru rescu san scu su tan tescu tu uta vici"};

constexpr std::string_view ukrainian_boys =
    "Oleksandr Maksym Artem Dmytro Mykhailo Andriy Ivan Danylo Matviy Tymofiy Bohdan Denys Nazar Vladyslav "
    "Yaroslav Kyrylo "
    "Illia Mark David Yehor Oleh Serhiy Volodymyr Vitaliy Roman Mykola Pavlo Petro Taras Yevhen Yuriy Lukas "
    "Matas Jonas "
    "Dominykas Nojus Daniel Martynas Arturs Roberts Kristaps Nikita Aleksei Timur Ruslan Stanislav";
constexpr std::string_view ukrainian_girls =
    "Anastasiia Sofiia Mariia Anna Viktoriia Polina Daria Kateryna Yelyzaveta Oleksandra Solomiia Veronika "
    "Zlata Milana "
    "Alina Alisa Arina Diana Iryna Ivanna Kira Khrystyna Liubov Marharyta Nadiia Natalia Oksana Olena Olha "
    "Svitlana "
    "Tetiana Uliana Valeriia Yana Yuliia Emilija Gabija Liepa Ugne Austeja Kamile Evelina Elina Sabine "
    "Ksenia Zhanna";
constexpr std::string_view ukrainian_surnames =
    "Melnyk Shevchenko Kovalenko Bondarenko Boyko Tkachenko Kravchenko Kovalchuk Koval Oliynyk Shevchuk "
    "Polishchuk Lysenko "
    "Bondar Tkachuk Marchenko Savchenko Rudenko Petrenko Moroz Klymenko Kravchuk Kuzmenko Pavlenko Savchuk "
    "Levchenko "
    "Havryliuk Ponomarenko Vasylenko Sydorenko Karpenko Hnatiuk Panchenko Mazur Zakharchenko Romanenko "
    "Fedorenko Yurchenko "
    "Kostenko Tymoshenko Ivanenko Kazlauskas Jankauskas Petrauskas Stankevicius Vasiliauskas Butkus "
    "Zukauskas Paulauskas "
    "Urbonas Kavaliauskas Berzins Kalnins Ozolins Jansons Liepins Balodis Ivanova Petrova Kuznetsov Volkov "
    "Sokolov Popov";
constexpr Parts ukrainian_surname_parts{
    "Ba Bi Bo Bra Bu Cha Che Chor Da De Do Dra Du Fe Ha Hla Ho Hry Hu Ia Iva Ka Kar Khar Kho Kly Ko Kor Kra "
    "Kry "
    "Ku La Le Li Lu Ly Ma Mar Me My Na Ne Ny O Os Pa Pe Ple Po Pry Ra Ro Ru Sa Se Shu Shy Ska Sli So Sta "
    "Ste Stri Su Ta Ti To Tro Tsy Va Ve Vi Vo Ya Ye Yu Za Ze Zha Zho",
    "ba bo da do ha ho ka ko la lo ma mo na ni ro ry sa sy ta va vy",
    "chenko chuk chyk dko enko iuk iv ivskyi ka kin ko lenko liak lko lyk menko nenko niuk nko nyk renko "
    "rko ryk senko shko shyn skyi tenko tsky uk vych yshyn zhenko"};

constexpr std::string_view west_african_boys =
    "Emmanuel David Daniel Samuel Joshua Michael Elijah Oluwaseun Tobi Kwame Ayomide Chidera Chinedu "
    "Chukwuemeka Femi Kofi "
    "Kwabena Kwaku Kwesi Nana Obinna Oluwadamilare Oluwafemi Oluwatobi Oluwatobiloba Oluwaseyi Olamide Emeka "
    "Ebuka Ifeanyi "
    "Ikenna Jideofor Kelechi Kenechukwu Nnamdi Okechukwu Somtochukwu Uche Ugochukwu Temidayo Temitope Tolu "
    "Toluwani Wale "
    "Ademola Adebayo Adewale Ayobami Ayodele Babatunde Boluwatife Damilola Darasimi Efe Isaac Jeremiah "
    "Josiah Malachi Caleb "
    "Moses Nathaniel Ezekiel Abdulmalik Ibrahim Yaw Akwasi Fiifi Ebenezer Prince Gabriel Divine";
constexpr std::string_view west_african_girls =
    "Blessing Esther Grace Deborah Oluwadamilola Temitope Chiamaka Abena Adaeze Adaobi Ayomide Chidinma "
    "Chioma Ebunoluwa "
    "Efua Eniola Faith Favour Folasade Ifeoma Ifeoluwa Ireoluwa Joy Kemi Mercy Moyosoreoluwa Ngozi Nkechi "
    "Nneka Ogechi "
    "Oluwabukola Oluwaseun Oluwatomisin Oluwatoni Oreoluwa Peace Precious Princess Rachel Ruth Semilore "
    "Simisola Titilayo "
    "Tofunmi Toluwalase Tomisin Uchechi Victoria Yetunde Zainab Adjoa Akosua Ama Afia Afua Akua Maame Serwaa "
    "Nana Abigail "
    "Anuoluwapo Boluwatife Damilola Fiyinfoluwa Gloria Hannah Naomi Sarah Oyinkansola Omotola";
constexpr std::string_view west_african_surnames =
    "Mensah Owusu Boateng Adeyemi Okafor Osei Asante Agyemang Appiah Balogun Nwosu Eze Okonkwo Bello Kamara "
    "Sesay Diallo "
    "Ogunleye Adebayo Adeleke Adesanya Afolabi Akande Akinola Alabi Amoah Ampofo Ansah Antwi Asamoah Ayodele "
    "Bamgbose "
    "Bangura Boakye Bonsu Chukwu Conteh Dapaah Danso Ekwueme Fashola Frimpong Gyamfi Ibe Igwe Jalloh Kuti "
    "Lawal Mbah "
    "Nwachukwu Nwankwo Obi Oduya Odukoya Ofori Ogbonna Ojo Okeke Okoro Okoye Oladipo Olatunji Olawale "
    "Olusanya Onyeama "
    "Opoku Osborne Osinowo Owolabi Oyelaran Oyinlola Quaye Sarpong Sowah Tetteh Turay Uche Umeh Yeboah Addo "
    "Adjei Acheampong "
    "Amponsah Anane Arthur Baah Badu Darko Donkor Gyasi Kuffour Kwarteng Nkansah Nyarko Obeng Oppong Sackey "
    "Tawiah "
    "Mohammed Ibrahim Abubakar Yusuf Johnson Williams Cole Davies George Thomas";
constexpr Parts west_african_parts{
    "Ade Adek Ado Agbo Aki Akin Ala Ama Ani Ayo Baba Bam Chi Chuk Eke Eme Eze Fa Fola Ibe Ife Ige Ike Iro "
    "Jide Ka Ke Kolo Kwa Ma Mba Ndu Ngo Nka Nna Nwa Nya O Obi Ode Odu Ofo Ogbo Ogun Oke Oko Ola Olo Olu "
    "Omo Ona Onu Onye Opo Osa Ose Oso Oye Oyin Sa Sho So Sowe Tai Te Uba Uche Udo Ugo Uka Uzo Wa Ya Ye",
    "ba bo da de du fe fu ga ka ke ko la lo ma me mi na ni nu ra ri sa se ta ti to wu ya",
    "bi bo bunmi chi dele demi do dipo dotun fe femi gbe goke gun jo ka ke kemi kunle kwu la lade lana laja "
    "lola luwa ma mide mole na ndu nle nmi nna nu nya pe ran ri sanya si so soji sun ta tayo tobi tola tope "
    "tunde wale wo wu yemi yinka"};

constexpr std::string_view chinese_boys =
    "Zihan Haoran Yuxuan Junjie Zixuan Haoyu Yichen Jiaming Hoi Ka-Ho Chun-Hei Ho-Yin Tsz-Hin Lok-Yin "
    "Wai-Kit Wing-Ho "
    "Jiahao Mingze Bowen Haotian Jianing Junhao Kaiwen Lei Ming Peng Qiang Ruoxi Shuo Tianyu Wei Xiang Yang "
    "Yifan Yuchen "
    "Zhiyuan Zhihao Chi-Hang Cheuk-Hei Ching-Yin Hin-Long Kai-Yu Long-Hin Pak-Hei Shing-Chun Yat-Long";
constexpr std::string_view chinese_girls =
    "Yutong Xinyi Zihan Yuxi Ruoxi Jiayi Xinyu Wing-Yan Tsz-Ching Hoi-Ching Ka-Yan Cheuk-Yiu Hei-Tung "
    "Lok-Yiu Sum-Yuet "
    "Meiling Li Na Fang Jing Ying Yan Yue Xiaoyu Xue Siyu Shiqi Mengqi Keying Jingyi Huimin Chenxi Anqi "
    "Yinuo Yiran "
    "Hau-Yi Hiu-Tung Hoi-Lam Man-Ting Nga-Man Pui-Yi Sze-Wing Tin-Yan Wai-Lam Yan-Tung";
constexpr std::string_view chinese_surnames =
    "Chen Wang Li Zhang Liu Wong Chan Lin Huang Lau Cheung Lee Ng Leung Ho Yang Zhao Wu Zhou Xu Sun Ma Zhu "
    "Hu Guo He Gao Luo "
    "Zheng Liang Xie Song Tang Han Feng Deng Cao Peng Zeng Xiao Tian Dong Pan Yuan Cai Jiang Yu Du Ye Cheng "
    "Wei Su Lu Ding "
    "Ren Shen Yao Lam Lai Kwok Yip Tse Tsang Chow Chu Fung Mak Poon Szeto Siu Tam Yeung Yuen Kwan Hui Cheng "
    "Au Au-Yeung "
    "Nguyen Tran Le Pham Hoang Phan Vu Dang Bui Kim Park Choi Tanaka Santos Reyes Cruz Garcia Bautista "
    "Ocampo Mendoza Ramos";
constexpr Parts chinese_parts{
    "Bo Chao Chen Ching Chun Fei Gui Hai Hao Hei Hong Hua Hui Jia Jian Jie Jin Jing Jun Kai Lan Lei Ling "
    "Long Man Mei Min "
    "Ming Ning Pei Ping Qi Qing Rong Rui Shan Shi Shu Si Tao Ting Tong Wan Wei Wen Xia Xin Xing Xuan Ya Yan "
    "Yi "
    "Ying Yong Yu Yuan Yun Ze Zhen Zhi Zi Zhong",
    "",
    "an bin bo chen chun dong fan fei feng hai han hao hong hua hui jia jian jie jin jing jun kai lan lei li "
    "lin ling long "
    "lun mei min ming na ning peng qi qian qin qing rong rui shan shu ting tong wei wen xi xin xuan yan yang "
    "yi "
    "yin ying yu yuan yue yun zhen"};

constexpr std::string_view iberian_boys =
    "Gabriel Lucas Miguel Santiago Mateo Rafael Daniel Leonardo Davi Tiago Diego Martim Rodrigo Afonso "
    "Alejandro Andres "
    "Andre Antonio Bernardo Bruno Caio Carlos Cristiano Diogo Duarte Eduardo Enzo Felipe Fernando Francisco "
    "Guilherme "
    "Gustavo Henrique Hugo João Joaquim Jorge José Juan Juan-Pablo Kevin Leandro Lorenzo Luis Manuel Marcos "
    "Martin Matheus "
    "Nicolas Nuno Pablo Paulo Pedro Ricardo Salvador Samuel Sebastian Simão Thiago Tomas Vicente Vitor";
constexpr std::string_view iberian_girls =
    "Sofia Maria Isabella Valentina Laura Beatriz Leonor Matilde Mariana Alice Ana Lara Julia Camila Luana "
    "Carolina Inês "
    "Emma Valeria Lucia Martina Daniela Gabriela Alejandra Amanda Andrea Bruna Bianca Carla Catarina Clara "
    "Constança "
    "Diana Elena Eva Fernanda Francisca Helena Isabel Joana Larissa Leticia Livia Lorena Luisa Luna Manuela "
    "Margarida "
    "Mariana Micaela Natalia Nicole Paula Rafaela Rita Salome Samara Sara Tatiana Vitoria Yara Maria-Clara "
    "Ana-Sofia";
constexpr std::string_view iberian_surnames =
    "Silva Santos Garcia Rodriguez Fernandes Ferreira Pereira Costa Martins Oliveira Sousa Gomes Gonzalez "
    "Lopez Rodrigues "
    "Lopes Martinez Sanchez Perez Almeida Alves Andrade Araujo Azevedo Barbosa Barros Batista Borges Brito "
    "Cabral Cardoso "
    "Carneiro Carvalho Castro Coelho Correia Cruz Cunha Dias Diaz Duarte Esteves Faria Fonseca Freitas "
    "Gonçalves Guerra "
    "Gutierrez Hernandez Jimenez Leite Lima Macedo Machado Marques Matos Medeiros Melo Mendes Monteiro "
    "Morais Moreira "
    "Moreno Moura Muñoz Nascimento Neves Nogueira Nunes Núñez Pinheiro Pinto Pires Ramirez Ramos Ribeiro "
    "Rivera Rocha Romero "
    "Ruiz Salazar Sequeira Serrano Simões Soares Suarez Tavares Teixeira Torres Valencia Vargas Vasquez Vaz "
    "Vieira Zapata "
    "Rossi Russo Ferrari Esposito Bianchi Romano Greco Conti";
constexpr Parts iberian_surname_parts{
    "Ab Ag Al Am An Ar Ba Be Bo Bra Ca Cam Car Ce Co Cor Da De Do Es Fa Fe Fi Fo Fra Ga Gar Go Gra Gue Hi Ji "
    "La Le "
    "Lo Lu Ma Mar Me Mi Mo Mon Na No Ol Or Pa Par Pe Pi Po Que Ra Re Ri Ro Sa Sal San Se So Ta Te To Tri "
    "Va Ve Vi Za",
    "ba ca da do ga la lo ma mi na ni ra re ro sa ta ti va ve",
    "bal bo bra ces cho cio dal des do dor dos ga gal gas jo la lar les lho lo los ma mar mes mo nal nes "
    "nha nho no ño ra ral ras res ria ro ros so tes to tos va val ves xo za zo"};

constexpr std::string_view afghan_boys =
    "Mohammad Ahmad Ali Reza Farhad Hamid Omid Amir Ehsan Abdul Ahmadullah Ainullah Asadullah Aziz Azizullah "
    "Baryalai Bashir "
    "Dawood Esmatullah Faridullah Fazal Ghulam Habibullah Hamidullah Hashmat Hekmatullah Idrees Ihsanullah "
    "Jawad Kamran "
    "Karimullah Khalil Mirwais Mujtaba Najibullah Naqibullah Nasratullah Nematullah Noorullah Qudratullah "
    "Rafiullah Rahmatullah "
    "Sahil Samiullah Sayed Shafiullah Sherzad Wahidullah Yasin Zabihullah Zakir Arash Arman Behzad Kaveh "
    "Siavash Dariush "
    "Karwan Rebin Dilovan Hawkar Sardar Rawand Mehdi Hossein";
constexpr std::string_view afghan_girls =
    "Fatima Zahra Maryam Parwana Frishta Sadaf Shabnam Mursal Nilofar Hosna Arezo Bahara Benafsha Farida "
    "Farzana Fereshta "
    "Freshta Ghezal Hadia Hasina Kawsar Khatera Laila Latifa Mahsa Malalai Marwa Masuda Mina Muzhda Nargis "
    "Nazanin Nooria "
    "Palwasha Roya Sahar Samira Setayesh Shirin Shukria Soraya Tahmina Wajma Yalda Zainab Zohra Parisa Ava "
    "Kimia Tara Shilan";
constexpr std::string_view afghan_surnames =
    "Ahmadi Mohammadi Ahmadzai Hussaini Khan Stanikzai Noori Rahimi Karimi Safi Amiri Hosseini Rezai Haidari "
    "Ibrahimi Sherzad "
    "Wardak Yousafzai Zadran Alizai Amini Azizi Barakzai Ebrahimi Faizi Ghafoori Habibi Hakimi Hamidi "
    "Hashemi Hotak Jafari "
    "Kakar Kohistani Momand Nabizada Nasiri Nazari Niazi Omarkhel Popal Qaderi Rasooli Sadat Saidi Salehi "
    "Shinwari Sultani "
    "Tajik Tokhi Wahidi Yaqubi Zaheer Zazai Ghorbani Moradi Kazemi Sharifi Rostami Mahmoudi Abdi Qadir Hama "
    "Rasul";
constexpr Parts afghan_surname_parts{
    "Ab Ah Ak Al Am Ar As Az Ba Da Eh Fa Ga Gha Gul Ha Hai Ja Ka Kha Kho La Ma Mo Na Ni Noor O Pa Qa Ra Sa "
    "Sha Sher "
    "Su Ta Wa Ya Za Zia",
    "a ba da di ha i ma na ra sa wa za",
    "di dari far him khel khil li mand mi mi nabi nai ni nzai qi rani ri rzad shi si stani ti wal war yar "
    "zada zadah zai zoi"};

constexpr std::string_view horn_boys =
    "Abel Natnael Filmon Yonas Daniel Robel Samuel Henok Amanuel Biniam Bereket Aman Ermias Eyob Fitsum "
    "Gebre Haben Habtom "
    "Isaias Kibrom Kidane Mebrahtu Medhanie Merhawi Mikal Mussie Nahom Okbay Petros Senay Simon Tesfay "
    "Temesgen Tekle Yafet "
    "Yohannes Yared Yosief Zerai Abdulkerim Idris Jemal Dawit Mulugeta Abebe Getachew";
constexpr std::string_view horn_girls =
    "Helen Rahel Selam Feven Bethlehem Eden Hermela Luwam Mahlet Makda Mariam Meron Miriam Natsnet Rim Ruta "
    "Saba Sara "
    "Semhar Senait Sosina Tirhas Tsega Winta Yodit Yordanos Zewdi Aster Bana Betiel Delina Elsa Fiyori "
    "Heaven Liya Soliana";
constexpr std::string_view horn_surnames =
    "Tesfay Haile Tekle Abraham Gebremedhin Gebremariam Ghebre Kidane Habte Berhane Mehari Asfaha Abraha "
    "Tesfamariam Yohannes "
    "Weldu Woldemariam Gebreyesus Araya Asmerom Bekele Alemu Tadesse Mengistu Girma Kebede Tsegay Hagos "
    "Kahsay Negash "
    "Fessehaye Ghebremeskel Goitom Ghirmay Hailu Iyasu Kiflom Medhanie Mehreteab Ogbamichael Okubay Russom "
    "Sebhat Solomon "
    "Teklemariam Tewolde Weldegebriel Zeray Zerom Idris Osman Saleh Ibrahim";
constexpr Parts horn_parts{
    "Ab Al Am As Be Bir Da De Es Fe Fit Ga Ge Ghe Gir Go Ha Hab Hai Hi Is Ka Ke Ki La Le Ma Me Mi Mu Na Ne "
    "Og Ra Ro Ru Sa Se "
    "Sol Ta Te Tes Tse We Wel Wol Ya Ye Yo Za Ze",
    "be bre de ga ge ha le ma me ne ra se te wo",
    "ab ay de du fay gas han hay kal ke lem lu mar mariam may meskel mariam michael nay "
    "nes net rab ras rem ret sa sha som tom wit yas yesus zgi"};

constexpr std::string_view welsh_boys =
    "Dylan Rhys Osian Harri Macsen Elis Ioan Tomos Gethin Iwan Owain Gruffydd Ieuan Evan Carwyn Dafydd Emlyn "
    "Gwilym Hari Huw "
    "Idris Jac Llew Llewelyn Mabon Morgan Rhodri Siôn Steffan Taliesin Cai Caio Bryn Aled Alun Ifan Emrys";
constexpr std::string_view welsh_girls =
    "Seren Mali Cadi Efa Megan Ffion Nia Erin Alys Anwen Bethan Beca Cari Carys Catrin Ceri Elin Elen Eleri "
    "Eira Enfys Ffraid Gwen "
    "Gwenllian Haf Heledd Lowri Llinos Mari Martha Mabli Nansi Non Rhian Rhiannon Siân Sioned Tegan Tesni";
constexpr std::string_view welsh_surnames =
    "Jones Williams Davies Evans Thomas Roberts Lewis Hughes Morgan Griffiths Edwards Owen James Rees Price "
    "Morris Richards "
    "Lloyd Phillips Parry Jenkins Powell Harris Davis John Pritchard Howells Watkins Hopkins Bowen Humphreys "
    "Llewellyn "
    "Pugh Vaughan Bevan Beynon Ellis Francis Gittins Gwyn Gwynne Harries Meredith Mostyn Nicholas Picton "
    "Probert Prosser "
    "Pryce Rhys Rowlands Samuel Thomas-Jones Treharne Tudor Walters ap_Rhys ab_Owen Ap_Gwilym";
constexpr std::string_view scottish_boys =
    "Rory Finlay Callum Lewis Fraser Cameron Angus Archie Hamish Euan Ewan Lachlan Struan Murray Gregor "
    "Innes Blair Brodie Calum Duncan "
    "Craig Keir Logan Magnus Ross Ruaridh Stuart Iain Alasdair Alistair Fergus Fergus Malcolm Sandy";
constexpr std::string_view scottish_girls =
    "Isla Eilidh Skye Ailsa Iona Catriona Mhairi Kirsty Morven Rowan Freya Fiona Heather Ainsley Aileen Beth "
    "Bonnie Catherine "
    "Effie Elspeth Esme Flora Greer Islay Jessica Lorna Mairi Morag Murron Orla Rhona Shona Una";
constexpr std::string_view scottish_surnames =
    "Smith Brown Wilson Campbell Stewart Robertson Thomson Anderson Macdonald Scott Reid Murray Taylor Clark "
    "Ross Watson Morrison "
    "Paterson Young Mitchell Walker Fraser Miller McDonald Gray Henderson Hamilton Johnston Duncan Graham "
    "Ferguson Kerr "
    "Davidson Bell Cameron Kelly Martin Hunter Grant Mackenzie McKenzie Mackay McKay Allan Simpson MacLeod "
    "McLeod "
    "Marshall Black Russell Wallace Gibson Burns Gordon Kennedy McLean MacLean Craig Sutherland McIntosh "
    "Muir Stevenson Milne "
    "Munro Sinclair McMillan Crawford Cunningham Rennie Buchanan Christie Bruce Baird Baxter Barr Boyd "
    "Dickson Docherty "
    "Donaldson Douglas Drummond Dunlop Elliot Findlay Forbes Galloway Gillespie Innes Irvine Lamont Leslie "
    "MacGregor McGregor McAllister McCallum McCulloch McDougall McFarlane McGowan McIntyre McKinnon McLaren "
    "McNeil McPherson McRae";
constexpr std::string_view irish_boys =
    "Jack James Conor Sean Seán Oisin Liam Patrick Cillian Tadhg Fionn Darragh Cian Aidan Brendan Brian "
    "Cormac Daire Declan Diarmuid Donal "
    "Eoin Fergal Finn Kevin Kieran Lorcan Michael Niall Padraig Rian Ronan Ruairi Shane Shay Tiernan John "
    "Martin Miles";
constexpr std::string_view irish_girls =
    "Aoife Saoirse Niamh Caoimhe Ciara Roisin Sinead Siobhan Orla Aisling Grace Fiadh Eimear Clodagh Cara "
    "Erin Eabha Ailbhe Aine "
    "Bridget Brigid Deirdre Dervla Emer Fionnuala Grainne Kathleen Maeve Margaret Maura Nora Nuala Oonagh "
    "Riona Sorcha Tara Una Bridie Kizzy";
constexpr std::string_view irish_surnames =
    "Murphy Kelly O'Brien Walsh Byrne Ryan O'Connor O'Neill O'Sullivan Doyle McCarthy Gallagher Doherty "
    "Kennedy Lynch Murray Quinn Moore "
    "McLaughlin Connolly Daly O'Connell Wilson Dunne Brennan Burke Collins Clarke Johnston Hughes Farrell "
    "Fitzgerald Brown Martin Maguire "
    "Nolan Flynn Thompson Callaghan O'Donnell Duffy Mahony O'Mahony Boyle Healy O'Shea White Sweeney Hayes "
    "Kavanagh Power McGrath Moran Brady "
    "Stewart Casey Foley Fitzpatrick O'Leary McDonnell MacMahon McMahon Donnelly Regan O'Reilly Reilly Ward "
    "Connors Delaney Maughan Mongan "
    "McDonagh Joyce Stokes Cash Doran Purcell Cawley Sheridan Keenan O'Hara O'Rourke O'Toole O'Keeffe "
    "O'Dwyer O'Grady McKenna McCabe McCann "
    "McGuinness McGinley McHugh McNamara Keane Kearney Hogan Dolan Cullen Corcoran Conway Costello Crowley "
    "Cronin Cusack";
constexpr std::string_view caribbean_boys =
    "Tyrese Jayden Malachi Kymani Isaiah Elijah Jerome Jermaine Tyrone Nathaniel Micah Kai Theo Josiah Zion "
    "Kyrie Tyrell Rico Reuben Andre "
    "Aaron Marlon Dwayne Leon Romario Shaquille Kemar Delroy Winston Curtis Kofi Amari Jahmal Jaheim Tyreke "
    "Malakai Khalil Ezekiel Nathan";
constexpr std::string_view caribbean_girls =
    "Shanice Aaliyah Tianna Imani Renee Alicia Naomi Tia Kezia Zariah Amaya Chantelle Ebony Gabrielle Jada "
    "Janae Jasmine Kayla Keisha "
    "Kiana Latoya Leah Mya Nevaeh Rhianna Rihanna Sade Savannah Shaniqua Shanelle Sienna Tamara Tanisha "
    "Tiana Zahara Zaria";

constexpr std::array<NameLists, origins> all{{
    {"british", 612, british_boys, british_girls, british_boys_2000, british_girls_2000, british_surnames,
     british_boy_parts, british_girl_parts, british_surname_parts, 0, 0, false},
    {"welsh", 20, welsh_boys, welsh_girls, "", "", welsh_surnames, british_boy_parts, british_girl_parts,
     british_surname_parts, 60, 15, false},
    {"scottish", 30, scottish_boys, scottish_girls, "", "", scottish_surnames, british_boy_parts,
     british_girl_parts, british_surname_parts, 60, 15, false},
    {"irish", 35, irish_boys, irish_girls, "", "", irish_surnames, british_boy_parts, british_girl_parts,
     british_surname_parts, 50, 10, false},
    {"caribbean", 25, caribbean_boys, caribbean_girls, "", "", british_like_caribbean_surnames,
     british_boy_parts, british_girl_parts, british_surname_parts, 45, 15, false},
    {"south_asian_muslim", 85, muslim_boys, muslim_girls, "", "", muslim_surnames, muslim_boy_parts,
     muslim_girl_parts, muslim_surname_parts, 3, 1, true},
    {"sikh", 15, sikh_unisex, sikh_unisex, "", "", sikh_surnames, sikh_parts, sikh_parts, sikh_surname_parts,
     10, 1, true},
    {"hindu", 32, hindu_boys, hindu_girls, "", "", hindu_surnames, hindu_boy_parts, hindu_girl_parts,
     hindu_surname_parts, 8, 1, true},
    {"arabic", 22, arabic_boys, arabic_girls, "", "", arabic_surnames, muslim_boy_parts, muslim_girl_parts,
     arabic_surname_parts, 3, 1, true},
    {"somali", 13, somali_boys, somali_girls, "", "", somali_surnames, somali_parts, muslim_girl_parts,
     somali_parts, 1, 0, true},
    {"turkish", 9, turkish_boys, turkish_girls, "", "", turkish_surnames, turkish_parts, turkish_parts,
     turkish_parts, 8, 1, false},
    {"polish", 22, polish_boys, polish_girls, "", "", polish_surnames, british_boy_parts, british_girl_parts,
     polish_surname_parts, 20, 1, false},
    {"romanian", 20, romanian_boys, romanian_girls, "", "", romanian_surnames, british_boy_parts,
     british_girl_parts, romanian_surname_parts, 10, 1, false},
    {"ukrainian", 8, ukrainian_boys, ukrainian_girls, "", "", ukrainian_surnames, british_boy_parts,
     british_girl_parts, ukrainian_surname_parts, 5, 0, true},
    {"west_african", 38, west_african_boys, west_african_girls, "", "", west_african_surnames,
     west_african_parts, west_african_parts, west_african_parts, 30, 3, false},
    {"chinese", 10, chinese_boys, chinese_girls, "", "", chinese_surnames, chinese_parts, chinese_parts,
     chinese_parts, 40, 1, true},
    {"iberian", 14, iberian_boys, iberian_girls, "", "", iberian_surnames, british_boy_parts,
     british_girl_parts, iberian_surname_parts, 10, 1, false},
    {"afghan", 7, afghan_boys, afghan_girls, "", "", afghan_surnames, muslim_boy_parts, muslim_girl_parts,
     afghan_surname_parts, 1, 0, true},
    {"horn_of_africa", 5, horn_boys, horn_girls, "", "", horn_surnames, horn_parts, horn_parts, horn_parts, 8,
     0, true},
}};

}  // namespace

const NameLists& lists_of(Origin origin) { return all[static_cast<std::size_t>(origin)]; }

}  // namespace sendhub::identity::testing
