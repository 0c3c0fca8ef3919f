#include "demo/words.hpp"

#include <array>
#include <span>

namespace sendhub::demo {
namespace {

constexpr Forename british_boys[] = {{"Oliver", "Ollie"},
                                     {"George", ""},
                                     {"Noah", ""},
                                     {"Arthur", ""},
                                     {"Harry", ""},
                                     {"Leo", ""},
                                     {"Jack", ""},
                                     {"Charlie", ""},
                                     {"Oscar", ""},
                                     {"Jacob", "Jake"},
                                     {"Thomas", "Tom"},
                                     {"Henry", ""},
                                     {"William", "Will"},
                                     {"Alfie", ""},
                                     {"Freddie", ""},
                                     {"Archie", ""},
                                     {"Joshua", "Josh"},
                                     {"Theodore", "Theo"},
                                     {"James", "Jamie"},
                                     {"Alexander", "Alex"},
                                     {"Edward", "Ted"},
                                     {"Isaac", ""},
                                     {"Samuel", "Sam"},
                                     {"Max", ""},
                                     {"Logan", ""},
                                     {"Daniel", "Dan"},
                                     {"Benjamin", "Ben"},
                                     {"Mason", ""},
                                     {"Harrison", ""},
                                     {"Lucas", ""},
                                     {"Toby", ""},
                                     {"Joseph", "Joe"},
                                     {"Ethan", ""},
                                     {"Zachary", "Zac"},
                                     {"Matthew", "Matt"},
                                     {"Christopher", "Chris"},
                                     {"Nathaniel", "Nathan"},
                                     {"Finley", "Finn"},
                                     {"Dylan", ""},
                                     {"Luke", ""},
                                     {"Jayden", ""},
                                     {"Reuben", ""},
                                     {"Michael", "Mike"},
                                     {"Callum", "Cal"},
                                     {"Frederick", "Fred"},
                                     {"Gabriel", "Gabe"},
                                     {"Rory", ""},
                                     {"Elliot", ""},
                                     {"Robert", "Rob"},
                                     {"Cameron", "Cam"},
                                     {"Kai", ""},
                                     {"Stanley", "Stan"},
                                     {"Jude", ""},
                                     {"Rhys", ""},
                                     {"Dominic", "Dom"},
                                     {"Bartholomew", "Bart"},
                                     {"Tristan", ""},
                                     {"Seán", ""},
                                     {"Kieran", ""},
                                     {"Anthony", "Tony"}};
constexpr Forename british_girls[] = {{"Olivia", "Liv"},
                                      {"Amelia", "Millie"},
                                      {"Isla", ""},
                                      {"Ava", ""},
                                      {"Ivy", ""},
                                      {"Freya", ""},
                                      {"Lily", ""},
                                      {"Florence", "Flo"},
                                      {"Mia", ""},
                                      {"Willow", ""},
                                      {"Rosie", ""},
                                      {"Sophia", "Sophie"},
                                      {"Isabella", "Bella"},
                                      {"Grace", ""},
                                      {"Daisy", ""},
                                      {"Sienna", ""},
                                      {"Poppy", ""},
                                      {"Elsie", ""},
                                      {"Emily", "Em"},
                                      {"Ella", ""},
                                      {"Evelyn", "Evie"},
                                      {"Phoebe", ""},
                                      {"Charlotte", "Lottie"},
                                      {"Matilda", "Tilly"},
                                      {"Harriet", "Hattie"},
                                      {"Eliza", ""},
                                      {"Alice", ""},
                                      {"Jessica", "Jess"},
                                      {"Emma", ""},
                                      {"Eva", ""},
                                      {"Ruby", ""},
                                      {"Erin", ""},
                                      {"Eleanor", "Ellie"},
                                      {"Lucy", ""},
                                      {"Chloe", ""},
                                      {"Zoë", "Zoe"},
                                      {"Chloé", "Chloe"},
                                      {"Molly", ""},
                                      {"Katherine", "Katie"},
                                      {"Elizabeth", "Beth"},
                                      {"Abigail", "Abi"},
                                      {"Imogen", "Immy"},
                                      {"Georgia", ""},
                                      {"Samantha", "Sam"},
                                      {"Alexandra", "Alex"},
                                      {"Madeleine", "Maddie"},
                                      {"Megan", "Meg"},
                                      {"Niamh", ""},
                                      {"Rebecca", "Becky"},
                                      {"Victoria", "Vicky"},
                                      {"Holly", ""},
                                      {"Summer", ""},
                                      {"Rose", ""},
                                      {"Esme", ""},
                                      {"Penelope", "Penny"},
                                      {"Scarlett", ""},
                                      {"Martha", ""},
                                      {"Renée", "Renee"},
                                      {"Hannah", ""},
                                      {"Beatrice", "Bea"}};
constexpr Forename asian_boys[] = {{"Muhammad", "Mohammed"},
                                   {"Mohammed", "Mo"},
                                   {"Ayaan", ""},
                                   {"Ibrahim", ""},
                                   {"Yusuf", "Yousuf"},
                                   {"Zain", ""},
                                   {"Hamza", ""},
                                   {"Arjun", ""},
                                   {"Aarav", ""},
                                   {"Rohan", ""},
                                   {"Adam", ""},
                                   {"Bilal", ""},
                                   {"Dev", ""},
                                   {"Harpreet", "Harry"},
                                   {"Imran", ""},
                                   {"Kabir", ""},
                                   {"Rayyan", ""},
                                   {"Sulaiman", ""},
                                   {"Vihaan", ""},
                                   {"Umar", "Omar"}};
constexpr Forename asian_girls[] = {
    {"Aisha", "Ayesha"}, {"Fatima", ""},  {"Maryam", "Mariam"}, {"Zara", ""},  {"Anaya", ""},
    {"Inaya", ""},       {"Hafsa", ""},   {"Khadija", ""},      {"Priya", ""}, {"Simran", ""},
    {"Anika", ""},       {"Zainab", ""},  {"Noor", ""},         {"Safa", ""},  {"Ishani", ""},
    {"Jasleen", "Jas"},  {"Sumaiya", ""}, {"Amina", ""},        {"Diya", ""},  {"Rukhsana", ""}};
constexpr Forename african_boys[] = {
    {"Emmanuel", "Manny"}, {"Kwame", ""},     {"Tobi", ""},          {"Oluwaseun", "Seun"}, {"Malachi", ""},
    {"Abdi", ""},          {"Elijah", "Eli"}, {"Caleb", ""},         {"Femi", ""},          {"Jerome", ""},
    {"Chinedu", ""},       {"Tyrese", ""},    {"Abdullahi", "Abdul"}};
constexpr Forename african_girls[] = {
    {"Blessing", ""},  {"Amara", ""},   {"Esther", ""},         {"Temitope", "Temi"}, {"Hodan", ""},
    {"Naomi", ""},     {"Imani", ""},   {"Chiamaka", "Chichi"}, {"Abena", ""},        {"Faith", ""},
    {"Ifeoma", "Ify"}, {"Shanice", ""}, {"Zawadi", ""}};
constexpr Forename european_boys[] = {
    {"Jakub", "Kuba"},   {"Filip", ""},    {"Mateusz", ""}, {"Andrei", ""}, {"Luca", ""},
    {"Tomasz", "Tomek"}, {"Lukas", ""},    {"Matteo", ""},  {"Szymon", ""}, {"Stefan", ""},
    {"José", "Jose"},    {"João", "Joao"}, {"Dominik", ""}};
constexpr Forename european_girls[] = {
    {"Zofia", "Zosia"}, {"Maja", ""},         {"Julia", ""},    {"Anastasia", "Ana"}, {"Aleksandra", "Ola"},
    {"Elena", ""},      {"Gabriela", "Gabi"}, {"Natalia", ""},  {"Sofia", ""},        {"Emilija", ""},
    {"Inês", "Ines"},   {"Oliwia", ""},       {"Kornelija", ""}};

constexpr std::string_view british_surnames[] = {
    "Smith",   "Jones",    "Taylor",   "Brown",   "Williams", "Wilson",   "Johnson",  "Davies",    "Robinson",
    "Wright",  "Thompson", "Evans",    "Walker",  "White",    "Roberts",  "Green",    "Hall",      "Wood",
    "Jackson", "Clarke",   "Clark",    "Harris",  "Lewis",    "Cooper",   "King",     "Lee",       "Martin",
    "Baker",   "Turner",   "Morris",   "Hill",    "Moore",    "Ward",     "Scott",    "Edwards",   "Watson",
    "Allen",   "Parker",   "Bennett",  "Young",   "Carter",   "Hughes",   "Phillips", "Price",     "Shaw",
    "Murphy",  "O'Brien",  "O'Connor", "O'Neill", "Kelly",    "Fraser",   "McDonald", "MacDonald", "McCarthy",
    "Reid",    "Stewart",  "Stephens", "Stevens", "Philips",  "Gray",     "Grey",     "Read",      "Reed",
    "Webb",    "Rogers",   "Hunt",     "Mills",   "Palmer",   "Knight",   "Barker",   "Fox",       "Marsh",
    "Kaye",    "Holt",     "Frost",    "Byrne",   "D'Arcy",   "Van Dyke", "St John",  "Pye"};
constexpr std::string_view name_starts[] = {
    "Ash",   "Bram", "Brad", "Brock", "Burn", "Cald",  "Chad", "Clay", "Cot", "Cran", "Dal",  "Den",  "Down",
    "Dray",  "East", "Ell",  "Fair",  "Fen",  "Garth", "Glad", "Gold", "Had", "Hal",  "Ham",  "Hart", "Haw",
    "Hazel", "Hol",  "Ing",  "Ket",   "Lang", "Led",   "Lin",  "Long", "Mar", "Mid",  "Mor",  "New",  "Nor",
    "Oak",   "Old",  "Pem",  "Pres",  "Rad",  "Red",   "Ring", "Rock", "Sed", "Shel", "Stan", "Sut",  "Thorn",
    "Tod",   "Up",   "Wake", "Wal",   "Wel",  "West",  "Whit", "Win",  "Wood"};
constexpr std::string_view name_ends[] = {"ley",   "ton",   "ford", "field", "worth", "wood",  "bury",
                                          "by",    "croft", "dale", "don",   "gate",  "ham",   "hurst",
                                          "land",  "low",   "man",  "mere",  "more",  "ridge", "shaw",
                                          "stead", "well",  "wick", "brook"};
constexpr std::string_view asian_surnames[] = {
    "Khan",   "Patel",    "Singh",     "Ahmed",    "Ali",     "Hussain", "Begum",  "Shah",    "Kaur",
    "Malik",  "Akhtar",   "Chowdhury", "Rahman",   "Mahmood", "Iqbal",   "Miah",   "Sharma",  "Uddin",
    "Mirza",  "Hassan",   "Qureshi",   "Siddiqui", "Butt",    "Bhatti",  "Sandhu", "Dhillon", "Gill",
    "Desai",  "Mistry",   "Kapoor",    "Islam",    "Haque",   "Sheikh",  "Nawaz",  "Rashid",  "Al-Farsi",
    "Ul-Haq", "Chaudhry", "Perera",    "Nair",     "Reddy",   "Gupta",   "Verma",  "Joshi",   "Mehta",
    "Bibi",   "Yasin",    "Zaman",     "Karim",    "Aziz"};
constexpr std::string_view african_surnames[] = {
    "Adeyemi", "Okafor",  "Mensah", "Boateng", "Mohamed", "Campbell", "Osei",    "Balogun", "Nwosu",
    "Abdi",    "Francis", "Joseph", "Owusu",   "Eze",     "Appiah",   "Ibrahim", "Okonkwo", "Warsame",
    "Grant",   "Asante",  "Obi",    "Diallo",  "Kamara",  "Sesay",    "Bello"};
constexpr std::string_view european_surnames[] = {
    "Kowalski", "Nowak",       "Popescu", "Ionescu", "Wisniewski", "Silva",     "Santos",  "Kazlauskas",
    "Petrov",   "Lewandowski", "Rossi",   "Müller",  "Novák",      "Zielinska", "Wozniak", "Ferreira",
    "Garcia",   "Núñez",       "Balogh",  "Jansons", "Kaminski",   "Dumitru",   "Stan",    "Horvath",
    "Mazur",    "Pavlov",      "Costa",   "Bianchi", "Schmidt",    "Dubois"};

constexpr std::string_view street_ends[] = {"Road",  "Street", "Lane",    "Avenue",   "Close",
                                            "Drive", "Way",    "Gardens", "Crescent", "Court"};
constexpr std::string_view towns[] = {"Fenmarket",  "Great Ousby", "Ashmere", "Thornwick",
                                      "Kettlebury", "Saltham",     "Wendle",  "Marlow Fen"};
constexpr std::string_view saints[] = {"St Mary’s", "St Peter’s", "All Saints", "Holy Trinity",
                                       "St Anne’s", "St John’s",  "St Zoë’s",   "Queen Elizabeth’s"};

template <std::size_t N>
std::string_view skewed(Rng& rng, const std::string_view (&list)[N]) {
    return list[rng.skewed(static_cast<std::uint32_t>(N))];
}
template <std::size_t N>
const Forename& skewed(Rng& rng, const Forename (&list)[N]) {
    return list[rng.skewed(static_cast<std::uint32_t>(N))];
}

std::string composed(Rng& rng) {
    std::string out(rng.pick(name_starts));
    const std::string_view end = rng.pick(name_ends);
    if (!out.empty() && out.back() == end.front() && rng.percent(60)) out.pop_back();
    out += end;
    return out;
}

}  // namespace

Origin draw_origin(Rng& rng) {
    static constexpr int shares[] = {76, 12, 5, 7};
    return static_cast<Origin>(rng.weighted(shares));
}

std::string draw_surname(Rng& rng, Origin origin) {
    switch (origin) {
        case Origin::south_asian:
            return std::string(skewed(rng, asian_surnames));
        case Origin::african:
            return std::string(skewed(rng, african_surnames));
        case Origin::european:
            return std::string(skewed(rng, european_surnames));
        default:
            break;
    }
    std::string out = rng.percent(45) ? std::string(skewed(rng, british_surnames)) : composed(rng);
    if (rng.percent(5))
        out += "-" + (rng.percent(60) ? std::string(skewed(rng, british_surnames)) : composed(rng));
    return out;
}

const Forename& draw_forename(Rng& rng, Origin origin, bool male) {
    if (origin != Origin::british && rng.percent(20)) origin = Origin::british;
    switch (origin) {
        case Origin::south_asian:
            return male ? skewed(rng, asian_boys) : skewed(rng, asian_girls);
        case Origin::african:
            return male ? skewed(rng, african_boys) : skewed(rng, african_girls);
        case Origin::european:
            return male ? skewed(rng, european_boys) : skewed(rng, european_girls);
        default:
            return male ? skewed(rng, british_boys) : skewed(rng, british_girls);
    }
}

std::string_view draw_ethnicity(Rng& rng, Origin origin) {
    static constexpr std::string_view british[] = {"WBRI", "WBRI", "WBRI", "WBRI", "WBRI", "WBRI",
                                                   "WBRI", "WBRI", "WBRI", "WBRI", "WIRI", "MWBC",
                                                   "MOTH", "WIRT", "NOBT", "MWAS"};
    static constexpr std::string_view asian[] = {"APKN", "AIND", "ABAN", "APKN", "AOTH", "MWAS"};
    static constexpr std::string_view african[] = {"BAFR", "BAFR", "BCRB", "MWBA", "BOTH"};
    static constexpr std::string_view european[] = {"WOTH", "WOTH", "WOTH", "WROM", "OOTH"};
    switch (origin) {
        case Origin::south_asian:
            return rng.pick(asian);
        case Origin::african:
            return rng.pick(african);
        case Origin::european:
            return rng.pick(european);
        default:
            return rng.pick(british);
    }
}

std::string_view draw_language(Rng& rng, Origin origin) {
    static constexpr std::string_view asian[] = {"URD", "PNJ", "BNG", "ENG", "GUJ"};
    static constexpr std::string_view african[] = {"ENG", "ENG", "SOM", "YOR", "OTB"};
    static constexpr std::string_view european[] = {"POL", "LIT", "ENG", "POR", "OTB"};
    switch (origin) {
        case Origin::south_asian:
            return rng.pick(asian);
        case Origin::african:
            return rng.pick(african);
        case Origin::european:
            return rng.pick(european);
        default:
            return rng.percent(97) ? "ENG" : "ENB";
    }
}

std::string draw_street(Rng& rng) {
    std::string out = composed(rng);
    out += ' ';
    out += rng.pick(street_ends);
    return out;
}

std::string_view draw_town(Rng& rng) { return rng.pick(towns); }

std::string draw_school_name(Rng& rng, bool church) {
    if (church) return std::string(rng.pick(saints)) + " " + composed(rng);
    return composed(rng);
}

std::string other_spelling(Rng& rng, std::string_view surname) {
    std::string out(surname);
    if (const auto hyphen = out.find('-'); hyphen != std::string::npos) {
        switch (rng.below(3)) {
            case 0:
                out[hyphen] = ' ';
                return out;
            case 1:
                out.erase(hyphen);
                return out;
            default:
                return out.substr(hyphen + 1);
        }
    }
    if (const auto quote = out.find('\''); quote != std::string::npos) {
        out.erase(quote, 1);
        return out;
    }
    static constexpr std::array<std::array<std::string_view, 2>, 12> swaps{{{"ph", "v"},
                                                                            {"ey", "ay"},
                                                                            {"ke", "k"},
                                                                            {"ks", "x"},
                                                                            {"ley", "ly"},
                                                                            {"field", "feild"},
                                                                            {"son", "sen"},
                                                                            {"ss", "s"},
                                                                            {"tt", "t"},
                                                                            {"ll", "l"},
                                                                            {"ham", "am"},
                                                                            {"ck", "k"}}};
    for (const auto& [from, to] : swaps)
        if (const auto at = out.find(from); at != std::string::npos && at > 0) {
            out.replace(at, from.size(), to);
            return out;
        }
    // else two letters typed in the wrong order, not the first
    if (out.size() >= 4) {
        const std::size_t at = 1 + rng.below(static_cast<std::uint32_t>(out.size() - 2));
        const auto ascii = [](char c) { return (c >= 'a' && c <= 'z'); };
        if (ascii(out[at]) && at + 1 < out.size() && ascii(out[at + 1])) std::swap(out[at], out[at + 1]);
    }
    return out;
}

}  // namespace sendhub::demo
