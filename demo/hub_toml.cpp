#include "demo/hub_toml.hpp"

namespace sendhub::demo {
namespace {

constexpr std::string_view head =
    R"toml(# Settings of the demo county. docs/contracts.md says what each key means.
[hub]
name = "Demo County Council"
la_code = "873"
state = "state"

[plugins]
development = true                    # unsigned plugins may be loaded: for a demo only

[serve]
listen = "127.0.0.1:8080"

[schedule]
nightly = "30 1 * * *"
missed_run = "once"
retry_attempts = 3
retry_first_wait_seconds = 60

[publish]
keep_versions = 7
collapse_percent = 50
)toml";

constexpr std::string_view feeds = R"toml(inclusive_day_rule = true

[match]
precedence = ["school_census", "cme", "ehe", "part_time", "off_roll", "moves", "health_advice", "youth_justice"]
[match.precedence_of]
postcode = ["cme", "moves", "ehe", "school_census", "off_roll", "part_time", "health_advice", "youth_justice"]

[feed.schools]
connector = "schools"
transport = "folder"
purpose = "Register of schools: names, types, numbers and successors."
[feed.schools.fetch]
folder = "feeds/schools"
patterns = ["*.csv"]

[feed.school_census]
connector = "school_census"
transport = "folder"
guard_percent = 20
guard_min_rows = 10
purpose = "Education Act 1996 s537A return: roll, SEN, attendance, exclusions."
[feed.school_census.fetch]
folder = "feeds/school_census"
patterns = ["*.xml", "*.zip"]
[feed.school_census.settings]
la_code = "873"

[feed.cme]
connector = "missing_education"
transport = "folder"
purpose = "Education Act 1996 s436A: children missing education."
[feed.cme.fetch]
folder = "feeds/cme"
patterns = ["*.csv"]
[feed.cme.settings]
list = "cme"
encoding = "auto"
mode = "snapshot"
[feed.cme.settings.columns]
child_ref = "Child Ref"
upn = "UPN"
surname = "Surname"
forename = "Forename"
preferred_forename = "Known As"
birth_date = "DOB"
sex = "Gender"
ethnicity_code = "Ethnicity"
address_line_1 = "Address 1"
address_line_2 = "Address 2"
postcode = "Postcode"
status = "Case Status"
opened_date = "Date Opened"
referral_date = "Date Referred"
referrer_type = "Referred By"
reason = "Reason"
last_attended_date = "Last Attended"
off_roll_date = "Off Roll Date"
ground = "Ground"
last_school_urn = "Last School URN"
last_school_name = "Last School"
previous_la_code = "Previous LA"
closed_date = "Date Closed"
outcome = "Outcome"
checks_done = "Checks Made"
reported_sen_provision = "SEN Status"
reported_social_care_status = "Social Care"
reported_yj = "YJS Known"
officer_ref = "Officer"
last_contact_date = "Last Contact"
home_visit_date = "Home Visit"
next_action = "Next Action"
next_action_due_date = "Next Action Due"
[feed.cme.settings.values]
"sex.Male" = "M"
"sex.Female" = "F"
"sex.Not known" = "U"
"status.Open" = "open"
"status.Closed" = "closed"
"reason.Awaiting school place" = "awaiting_place"
"reason.Whereabouts unknown" = "whereabouts_unknown"
"reason.Moved into area" = "moved_in"
"reason.EHE found unsuitable" = "unsuitable_ehe"
"reason.Off roll - no destination" = "off_roll_no_destination"
"reason._" = "other"
"outcome.On roll" = "in_school"
"outcome.Suitable EHE" = "ehe_suitable"
"outcome.Moved - confirmed" = "moved_confirmed"
"outcome.Left UK - confirmed" = "abroad_confirmed"
"outcome.Accepted by other LA" = "other_la_accepted"
"outcome.Post 16 place" = "post_16_place"
"outcome._" = "other"
"reported_sen_provision.EHC Plan" = "E"
"reported_sen_provision.SEN Support" = "K"
"reported_sen_provision.None" = "N"
"reported_social_care_status.Early Help" = "EH"
"reported_social_care_status.Child in Need" = "CIN"
"reported_social_care_status.Child Protection" = "CP"
"reported_social_care_status.Looked After" = "CLA"

[feed.ehe]
connector = "missing_education"
transport = "folder"
purpose = "Education Act 1996 s436A and s437: elective home education."
[feed.ehe.fetch]
folder = "feeds/ehe"
patterns = ["*.csv"]
[feed.ehe.settings]
list = "ehe"
encoding = "auto"
mode = "snapshot"
[feed.ehe.settings.columns]
child_ref = "EHE_ID"
upn = "UPN"
surname = "SURNAME"
forename = "FORENAME"
middle_names = "MIDDLE_NAMES"
former_surname = "FORMER_SURNAME"
birth_date = "DATE_OF_BIRTH"
sex = "SEX"
postcode = "POSTCODE"
uprn = "UPRN"
start_date = "EHE_START"
notified_date = "LA_NOTIFIED"
previous_school_urn = "PREV_SCHOOL_URN"
previous_setting = "PREV_SETTING"
reason = "PRIMARY_REASON"
reported_sen_provision = "SEN"
reported_social_care_status = "CSC_STATUS"
suitability = "SUITABILITY"
last_contact_date = "LAST_CONTACT"
contact_method = "CONTACT_METHOD"
s437_notice_date = "S437_NOTICE"
sao_issued_date = "SAO_ISSUED"
sao_revoked_date = "SAO_REVOKED"
end_date = "EHE_END"
end_reason = "END_REASON"
return_to_school_date = "RETURNED_TO_SCHOOL"
challenged_with_school = "CHALLENGED"
[feed.ehe.settings.values]
"reason.Mental health" = "mental_health"
"reason.Physical health" = "physical_health"
"reason.School dissatisfaction general" = "school_dissatisfaction_general"
"reason.School dissatisfaction SEND" = "school_dissatisfaction_send"
"reason.School dissatisfaction bullying" = "school_dissatisfaction_bullying"
"reason.Lifestyle" = "lifestyle"
"reason.Philosophical or preferential" = "philosophical_or_preferential"
"reason.Religious" = "religious"
"reason.Risk of school exclusion" = "risk_of_school_exclusion"
"reason.Did not get school preference" = "did_not_get_school_preference"
"reason.Difficulty accessing suitable school place" = "difficulty_accessing_suitable_place"
"reason.No reason given" = "no_reason_given"
"reason._" = "other"
"suitability.Suitable" = "suitable"
"suitability.Unsuitable" = "unsuitable"
"suitability.Not yet assessed" = "not_yet_known"
"suitability.No response" = "no_response"
"end_reason.Returned to school" = "returned_to_school"
"end_reason.Moved away" = "moved"
"end_reason.Over age" = "over_age"
"end_reason.CME" = "cme"
"end_reason._" = "other"
"reported_sen_provision.EHCP" = "E"
"reported_sen_provision.SENS" = "K"
"reported_sen_provision.NONE" = "N"
"reported_social_care_status.EH" = "EH"
"reported_social_care_status.CIN" = "CIN"
"reported_social_care_status.CPP" = "CP"
"reported_social_care_status.LAC" = "CLA"

[feed.off_roll]
connector = "missing_education"
transport = "folder"
purpose = "SI 2024/208 reg 13: deletions from the admission register."
[feed.off_roll.fetch]
folder = "feeds/off_roll"
patterns = ["*.csv"]
[feed.off_roll.settings]
list = "off_roll"
encoding = "auto"
mode = "snapshot"
[feed.off_roll.settings.columns]
child_ref = "Notice No"
upn = "UPN"
uln = "ULN"
surname = "Legal Surname"
forename = "Legal Forename"
preferred_surname = "Preferred Surname"
birth_date = "Date of Birth"
sex = "Sex"
address_line_1 = "Address"
postcode = "Post Code"
school_urn = "School URN"
date_off_roll = "Date Off Roll"
notified_date = "Date Notified"
ground = "Ground (reg 9)"
destination = "Destination"
destination_urn = "Destination URN"
destination_confirmed_date = "Destination Confirmed"
[feed.off_roll.settings.values]
"ground.9(1)(a)" = "A"
"ground.9(1)(b)" = "B"
"ground.9(1)(c)" = "C"
"ground.9(1)(d)" = "D"
"ground.9(1)(e)" = "E"
"ground.9(1)(f)" = "F"
"ground.9(1)(g)" = "G"
"ground.9(1)(h)" = "H"
"ground.9(1)(i)" = "I"
"ground.9(1)(j)" = "J"
"ground.9(1)(k)" = "K"
"ground.9(1)(l)" = "L"
"ground.9(1)(m)" = "M"
"ground.9(1)(n)" = "N"
"ground.9(1)(o)" = "O"

[feed.part_time]
connector = "missing_education"
transport = "folder"
purpose = "Part-time timetables that schools report to the council."
[feed.part_time.fetch]
folder = "feeds/part_time"
patterns = ["*.csv"]
[feed.part_time.settings]
list = "part_time"
encoding = "auto"
mode = "snapshot"
[feed.part_time.settings.columns]
child_ref = "ref"
upn = "upn"
surname = "surname"
forename = "forename"
birth_date = "dob"
sex = "sex"
postcode = "postcode"
school_urn = "school_urn"
start_date = "start_date"
planned_end_date = "planned_end"
actual_end_date = "actual_end"
hours_per_week = "hours_offered"
full_time_hours = "full_time_hours"
reason = "reason"
parent_agreed = "parent_agreed"
review_date = "next_review"
last_review_date = "last_review"
notified_date = "notified"
reported_sen_provision = "sen"
reported_nil = "nil_return"
[feed.part_time.settings.values]
"reason.Medical" = "medical"
"reason.Reintegration" = "reintegration"
"reason.Behaviour" = "behaviour"
"reason.SEND" = "send"
"reason.Attendance" = "attendance"
"reason.Safeguarding" = "safeguarding"
"reason._" = "other"

[feed.moves]
connector = "missing_education"
transport = "folder"
purpose = "Children who move into or out of the area."
[feed.moves.fetch]
folder = "feeds/moves"
patterns = ["*.csv"]
[feed.moves.settings]
list = "moves"
encoding = "auto"
mode = "snapshot"
[feed.moves.settings.columns]
child_ref = "Move Ref"
upn = "UPN"
nhs_number = "NHS No"
surname = "Family Name"
forename = "Given Name"
birth_date = "Born"
sex = "M/F"
postcode = "Postcode"
direction = "Direction"
from_la_code = "From LA"
to_la_code = "To LA"
move_date = "Date of Move"
notified_date = "Notified On"
notified_by = "Notified By"
reported_sen_provision = "SEND"
reported_social_care_status = "Social Care"
placed_date = "Placed On"
placed_school_urn = "Placed At URN"
[feed.moves.settings.values]
"sex.Boy" = "M"
"sex.Girl" = "F"
"direction.Moved in" = "in"
"direction.Moved out" = "out"
"reported_sen_provision.Plan" = "E"
"reported_sen_provision.Support" = "K"
"reported_sen_provision.No SEND" = "N"
"reported_social_care_status.Early help" = "EH"
"reported_social_care_status.CIN" = "CIN"
"reported_social_care_status.CP" = "CP"
"reported_social_care_status.CLA" = "CLA"

[feed.health_advice]
connector = "health_advice"
transport = "folder"
purpose = "SEND Regulations 2014 reg 6 and 8: health advice in EHC needs assessments."
[feed.health_advice.fetch]
folder = "feeds/health_advice"
patterns = ["*.csv"]

[feed.youth_justice]
connector = "youth_justice"
transport = "folder"
purpose = "Crime and Disorder Act 1998 s39: education of children the youth justice service works with."
[feed.youth_justice.fetch]
folder = "feeds/youth_justice"
patterns = ["*.csv"]
)toml";

std::string as_at_line(std::string_view as_at) {
    return "as_at = \"" + std::string(as_at) +
           "\"                  # the demo's reporting day: runs are repeatable\n";
}

}  // namespace

std::string hub_toml(std::string_view as_at) {
    std::string out;
    out.reserve(head.size() + feeds.size() + 100);
    out.append(head).append(as_at_line(as_at)).append(feeds);
    return out;
}

std::string with_as_at(std::string_view existing, std::string_view as_at) {
    std::string out;
    bool found = false;  // someone who took the line out wants today: leave that alone
    for (std::size_t at = 0; at < existing.size();) {
        const std::size_t end = existing.find('\n', at);
        const std::size_t next = end == std::string_view::npos ? existing.size() : end + 1;
        const std::string_view line = existing.substr(at, next - at);
        if (!found && line.starts_with("as_at = ")) {
            out += as_at_line(as_at);
            found = true;
        } else {
            out += line;
        }
        at = next;
    }
    return out;
}

}  // namespace sendhub::demo
