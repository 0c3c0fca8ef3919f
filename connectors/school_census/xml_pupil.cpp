#include "connectors/school_census/xml_pupil.hpp"

#include "connectors/school_census/values.hpp"

namespace sendhub::census {
namespace {

using pugi::xml_node;

// Element names as numbers, so that one switch knows them all: FNV-1a over the lower-case name without its
// prefix. The labels of a switch are checked by the compiler to differ; an unknown name that met one of them
// by chance (1 in 2^64) would be read as that element.
constexpr std::uint64_t start_hash = 0xcbf29ce484222325ULL;
constexpr std::uint64_t hash_name(const char* name) {
    std::uint64_t hash = start_hash;
    for (; *name != '\0'; ++name) {
        if (*name == ':') {
            hash = start_hash;
            continue;
        }
        const char c = *name >= 'A' && *name <= 'Z' ? static_cast<char>(*name + ('a' - 'A')) : *name;
        hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
    }
    return hash;
}
consteval std::uint64_t operator""_name(const char* name, std::size_t) { return hash_name(name); }

std::uint64_t name_of(const xml_node& node) { return hash_name(node.name()); }

template <class Each>
void each_child(const xml_node& node, Each&& each) {
    for (xml_node child = node.first_child(); child; child = child.next_sibling())
        if (child.type() == pugi::node_element) each(child);
}

}  // namespace

std::string_view ElementReader::text(const xml_node& element) {
    const xml_node first = element.first_child();
    if (!first) return trim(element.value());  // parse_embed_pcdata: the text is the element's own value
    bool several = *element.value() != '\0';
    const char* only = several ? element.value() : "";
    for (xml_node child = first; child; child = child.next_sibling()) {
        if (child.type() != pugi::node_pcdata && child.type() != pugi::node_cdata) continue;
        if (*only != '\0')
            several = true;
        else
            only = child.value();
    }
    if (!several) return trim(only);
    std::string& out = joined_.emplace_back(element.value());
    for (xml_node child = first; child; child = child.next_sibling())
        if (child.type() == pugi::node_pcdata || child.type() == pugi::node_cdata) out += child.value();
    return trim(out);
}

void ElementReader::header(const xml_node& element, HeaderText& out) {
    joined_.clear();
    each_child(element, [&](const xml_node& group) {
        each_child(group, [&](const xml_node& field) {
            switch (name_of(field)) {
                case "collection"_name:
                    out.collection = text(field);
                    break;
                case "term"_name:
                    out.term = text(field);
                    break;
                case "referencedate"_name:
                    out.reference_date = text(field);
                    break;
                case "lea"_name:
                    out.lea = text(field);
                    break;
                case "estab"_name:
                    out.estab = text(field);
                    break;
                case "urn"_name:
                    out.urn = text(field);
                    break;
                default:
                    break;
            }
        });
    });
}

void ElementReader::pupil(const xml_node& element, PupilText& out) {
    joined_.clear();
    each_child(element, [&](const xml_node& group) {
        switch (name_of(group)) {
            case "pupilidentifiers"_name:
            case "pupilcharacteristics"_name:
            case "pupilstatus"_name:
                fields(group, out);
                break;
            case "specialeducationalneeds"_name:
                special_needs(group, out);
                break;
            case "homeinformation"_name:
            case "addresses"_name:
                each_child(group, [&](const xml_node& child) {
                    if (name_of(child) == "address"_name) address(child, out.addresses.emplace_back());
                });
                break;
            case "address"_name:
                address(group, out.addresses.emplace_back());
                break;
            case "exclusions"_name:
            case "termlyexclusions"_name:
                each_child(group, [&](const xml_node& child) {
                    if (name_of(child) == "termlyexclusion"_name)
                        exclusion(child, out.exclusions.emplace_back());
                });
                break;
            case "attendance"_name:
                each_child(group, [&](const xml_node& child) {
                    switch (name_of(child)) {
                        case "termlyattendance"_name:
                            attendance(child, out.attendance[std::size_t(Period::term)]);
                            break;
                        case "summerhalfterm2attendance"_name:
                            attendance(child, out.attendance[std::size_t(Period::half_term_2)]);
                            break;
                        case "annualattendance"_name:
                            attendance(child, out.attendance[std::size_t(Period::annual)]);
                            break;
                        default:
                            break;
                    }
                });
                break;
            default:
                break;
        }
    });
}

void ElementReader::fields(const xml_node& group, PupilText& out) {
    each_child(group, [&](const xml_node& field) {
        switch (name_of(field)) {
            case "upn"_name:
                out.upn = text(field);
                break;
            case "formerupn"_name:
                out.former_upn = text(field);
                break;
            case "uln"_name:
            case "uniquelearnernumber"_name:
                out.uln = text(field);
                break;
            case "surname"_name:
                out.surname = text(field);
                break;
            case "forename"_name:
                out.forename = text(field);
                break;
            case "middlenames"_name:
                out.middle_names = text(field);
                break;
            case "preferredsurname"_name:
                out.preferred_surname = text(field);
                break;
            case "formersurname"_name:
                out.former_surname = text(field);
                break;
            case "gender"_name:  // before 2023/24
            case "sex"_name:
                out.sex = text(field);
                break;
            case "dob"_name:
                out.birth_date = text(field);
                break;
            case "ethnicity"_name:
                out.ethnicity = text(field);
                break;
            case "language"_name:
                out.language = text(field);
                break;
            case "enrolstatus"_name:
                out.enrol_status = text(field);
                break;
            case "classtype"_name:
                out.class_type = text(field);
                break;
            case "entrydate"_name:
                out.entry_date = text(field);
                break;
            case "leavingdate"_name:
                out.leaving_date = text(field);
                break;
            case "ncyearactual"_name:
            case "ncyearleaving"_name:
                out.nc_year = text(field);
                break;
            case "parttime"_name:
                out.part_time = text(field);
                break;
            case "boarder"_name:
                out.boarder = text(field);
                break;
            case "fundedhours"_name:
                out.funded_hours = text(field);
                break;
            case "hoursatsetting"_name:
                out.hours_at_setting = text(field);
                break;
            default:
                break;
        }
    });
}

void ElementReader::special_needs(const xml_node& group, PupilText& out) {
    const auto need = [&](const xml_node& element) {
        NeedText& row = out.needs.emplace_back();
        each_child(element, [&](const xml_node& field) {
            switch (name_of(field)) {
                case "sentyperank"_name:
                    row.rank = text(field);
                    break;
                case "sentype"_name:
                    row.type = text(field);
                    break;
                default:
                    break;
            }
        });
    };
    each_child(group, [&](const xml_node& field) {
        switch (name_of(field)) {
            case "senprovision"_name:
                out.sen_provision = text(field);
                break;
            case "senunitindicator"_name:
                out.sen_unit = text(field);
                break;
            case "resourcedprovisionindicator"_name:
                out.resourced_provision = text(field);
                break;
            case "senneed"_name:
                need(field);
                break;
            case "senneeds"_name:
                each_child(field, [&](const xml_node& child) {
                    if (name_of(child) == "senneed"_name) need(child);
                });
                break;
            default:
                break;
        }
    });
}

void ElementReader::address(const xml_node& element, AddressText& out) {
    const auto part = [&](const xml_node& field) {
        switch (name_of(field)) {
            case "saon"_name:
                out.saon = text(field);
                return true;
            case "paon"_name:
                out.paon = text(field);
                return true;
            case "street"_name:
                out.street = text(field);
                return true;
            case "locality"_name:
                out.locality = text(field);
                return true;
            case "town"_name:
                out.town = text(field);
                return true;
            case "administrativearea"_name:
                out.administrative_area = text(field);
                return true;
            case "posttown"_name:
                out.post_town = text(field);
                return true;
            case "uprn"_name:
            case "uniquepropertyreferencenumber"_name:
                out.uprn = text(field);
                return true;
            case "postcode"_name:
                out.postcode = text(field);
                return true;
            case "addressline1"_name:
                out.line[0] = text(field);
                return true;
            case "addressline2"_name:
                out.line[1] = text(field);
                return true;
            case "addressline3"_name:
                out.line[2] = text(field);
                return true;
            case "addressline4"_name:
                out.line[3] = text(field);
                return true;
            case "addressline5"_name:
                out.line[4] = text(field);
                return true;
            default:
                return false;
        }
    };
    each_child(element, [&](const xml_node& field) {
        // Some systems put the parts into a block of their own (BS7666Address, AddressLines).
        if (!part(field)) each_child(field, part);
    });
}

void ElementReader::exclusion(const xml_node& element, ExclusionText& out) {
    each_child(element, [&](const xml_node& field) {
        switch (name_of(field)) {
            case "category"_name:
                out.category = text(field);
                break;
            case "startdate"_name:
                out.start_date = text(field);
                break;
            case "sessions"_name:
                out.sessions = text(field);
                break;
            case "reason"_name:  // one reason, before 2020/21
            case "reason1"_name:
                out.reason[0] = text(field);
                break;
            case "reason2"_name:
                out.reason[1] = text(field);
                break;
            case "reason3"_name:
                out.reason[2] = text(field);
                break;
            case "senprovision"_name:
                out.sen_provision = text(field);
                break;
            default:
                break;
        }
    });
}

void ElementReader::attendance(const xml_node& element, AttendanceText& out) {
    const auto detail = [&](const xml_node& row) {
        if (name_of(row) != "sessiondetail"_name) return;
        MarkText& mark = out.marks.emplace_back();
        each_child(row, [&](const xml_node& field) {
            switch (name_of(field)) {
                case "attendancereason"_name:
                    mark.mark = text(field);
                    break;
                case "absencesessions"_name:  // before 2020/21
                case "sessions"_name:
                    mark.sessions = text(field);
                    break;
                default:
                    break;
            }
        });
    };
    each_child(element, [&](const xml_node& field) {
        switch (name_of(field)) {
            case "sessionspossible"_name:
                out.possible = text(field);
                break;
            case "sessionsauthorised"_name:
                out.authorised = text(field);
                break;
            case "sessionsunauthorised"_name:
                out.unauthorised = text(field);
                break;
            case "sessiondetails"_name:
                each_child(field, detail);
                break;
            case "sessiondetail"_name:
                detail(field);
                break;
            default:
                break;
        }
    });
}

}  // namespace sendhub::census
