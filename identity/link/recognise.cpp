#include "identity/link/recognise.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

#include "base/nearest.hpp"
#include "identity/engine/parallel.hpp"
#include "identity/link/column_names.hpp"
#include "identity/link/column_values.hpp"

namespace sendhub::identity::link {
namespace {

// Roles of which a person can have several values at once, and those whose columns stand for themselves.
bool may_repeat(Role role) {
    switch (role) {
        case Role::known_forename:
        case Role::known_surname:
        case Role::former_surname:
        case Role::previous_postcode:
        case Role::former_upn:
        case Role::locality:
        case Role::identifier:
        case Role::email:
        case Role::phone:
        case Role::text:
        case Role::category:
        case Role::number:
            return true;
        default:
            return false;
    }
}

class Recogniser {
  public:
    Recogniser(const RawTable& table, const Hints& hints) : table_(table), hints_(hints) {}

    Result<FileReading> run() {
        looks_.resize(table_.columns.size());
        parallel_tasks(hints_.threads, looks_.size(),
                       [&](std::size_t c) { looks_[c] = look_at(table_.columns[c]); });
        for (std::size_t c = 0; c < table_.columns.size(); ++c) {
            out_.columns.push_back({.name = table_.names[c], .filled = looks_[c].filled});
            said_.push_back(0);
        }
        SENDHUB_TRY(take_hints());
        for (std::size_t c = 0; c < looks_.size(); ++c)
            if (!said_[c] && out_.columns[c].use == Use::ignored) by_name(c);
        for (std::size_t c = 0; c < looks_.size(); ++c)
            if (!said_[c] && out_.columns[c].use == Use::ignored && out_.columns[c].why.empty()) by_values(c);
        one_of_each();
        find_source();
        SENDHUB_TRY(find_id());
        for (ColumnReading& column : out_.columns)
            if (column.use == Use::ignored && column.why.empty())
                column.why = id_rank(column.name)
                                 ? "not the key of a record here; a number of some record or group"
                                 : "not known; --map \"" + column.name + "=ROLE\" uses it";
        return std::move(out_);
    }

  private:
    [[nodiscard]] int find(std::string_view name) const {
        const auto at = std::find(table_.names.begin(), table_.names.end(), name);
        return at == table_.names.end() ? -1 : static_cast<int>(at - table_.names.begin());
    }
    [[nodiscard]] Result<int> named(std::string_view name, std::string_view option) const {
        if (const int c = find(name); c >= 0) return c;
        const std::vector<std::string_view> known(table_.names.begin(), table_.names.end());
        return fail(ErrorCode::usage, std::string(option) + ": " + table_.name + " has no column " +
                                          std::string(name) + nearest_hint(name, known));
    }
    void set(std::size_t c, Role role) {
        out_.columns[c].use = role == Role::ignore ? Use::ignored : Use::compared;
        out_.columns[c].role = role;
    }
    void ignore(std::size_t c, std::string why) {
        out_.columns[c].use = Use::ignored;
        out_.columns[c].role = Role::ignore;
        out_.columns[c].why = std::move(why);
    }
    [[nodiscard]] bool has(Role role) const {
        return std::any_of(out_.columns.begin(), out_.columns.end(), [&](const ColumnReading& column) {
            return column.use == Use::compared && column.role == role;
        });
    }

    // Columns that this file does not have may be another file's.
    Status take_hints() {
        for (const auto& [name, role] : hints_.roles) {
            const int c = find(name);
            if (c < 0) continue;
            const auto at = static_cast<std::size_t>(c);
            set(at, role);
            said_[at] = 1;
            if (role == Role::ignore) out_.columns[at].why = "as you said";
        }
        if (!hints_.id.empty()) {
            SENDHUB_ASSIGN(out_.id, named(hints_.id, "--id"));
            take(out_.id, Use::id);
        }
        if (!hints_.source.empty()) {
            SENDHUB_ASSIGN(out_.source, named(hints_.source, "--source"));
            take(out_.source, Use::source);
        }
        return {};
    }
    void take(int c, Use use) {
        ColumnReading& column = out_.columns[static_cast<std::size_t>(c)];
        column.use = use;
        column.role = Role::ignore;
        column.why.clear();
        said_[static_cast<std::size_t>(c)] = 1;
    }

    void by_name(std::size_t c) {
        const std::string& name = table_.names[c];
        const ValueLook& look = looks_[c];
        if (look.seen == 0) return ignore(c, "empty");
        if (is_bookkeeping(name))
            return ignore(c, "book-keeping, or the answer: not a fact about the person");
        if (is_of_another_person(name)) return ignore(c, "about another person");
        const auto role = role_by_name(name);
        if (!role) return;
        // a number that is on every row once is a key, not a school
        if (*role == Role::school && look.seen > 50 && look.distinct > 0.9) return;
        if ((*role == Role::birth_date || *role == Role::birth_year) && look.dates < 0.5) {
            if (look.years >= 0.5) return set(c, Role::birth_year);
            return ignore(c, "named as a birth date, but few of its values are dates");
        }
        if (*role == Role::birth_year && look.years < 0.5) return set(c, Role::birth_date);
        if (*role == Role::full_name && look.several_words < 0.3 && table_.names.size() > 1)
            return set(c, Role::forename);  // "name" beside "surname"; put right in one_of_each
        if (const auto why = too_poor(*role, look); !why.empty()) return ignore(c, why);
        set(c, *role);
    }

    static std::string percent(double share) {
        char text[16];
        std::snprintf(text, sizeof text, "%.1f %%", share * 100);
        return text;
    }
    static std::string too_poor(Role role, const ValueLook& look) {
        if (look.seen >= 20 && look.commonest > 0.995)
            return "the same value on nearly every row tells nobody apart";
        const bool proof = role <= Role::former_surname || role == Role::upn || role == Role::former_upn ||
                           role == Role::nhs_number || role == Role::uln || role == Role::identifier ||
                           role == Role::previous_postcode || role == Role::death_date;
        if (!proof && look.filled < 0.01) return "filled on only " + percent(look.filled) + " of the rows";
        return {};
    }

    void by_values(std::size_t c) {
        const ValueLook& look = looks_[c];
        constexpr double most = 0.8;
        if (look.seen < 5) return;
        auto found = [&](Role role, const char* what) {
            set(c, role);
            out_.columns[c].why = std::string("by its values: ") + what;
        };
        if (look.emails > most) return found(Role::email, "e-mail addresses");
        if (look.upns > most && !has(Role::upn)) return found(Role::upn, "valid UPNs");
        if (look.nhs_numbers > most && !has(Role::nhs_number))
            return found(Role::nhs_number, "valid NHS numbers");
        if (look.postcodes > most && !has(Role::postcode)) return found(Role::postcode, "postcodes");
    }

    // Of roles that a person has once, the first column counts; a full name adds nothing to its two parts.
    void one_of_each() {
        for (std::size_t c = 0; c < out_.columns.size(); ++c) {
            ColumnReading& column = out_.columns[c];
            if (column.use != Use::compared) continue;
            if (column.role == Role::full_name && !said_[c] && has(Role::forename) && has(Role::surname)) {
                ignore(c, "says what the forename and the surname say");
                continue;
            }
            if (column.role == Role::birth_year && !said_[c] && has(Role::birth_date)) {
                ignore(c, "says what the birth date says");
                continue;
            }
            if (may_repeat(column.role)) continue;
            for (std::size_t d = 0; d < out_.columns.size(); ++d) {
                const ColumnReading& other = out_.columns[d];
                if (d == c || other.use != Use::compared || other.role != column.role) continue;
                if (said_[d] < said_[c] || (said_[d] == said_[c] && d > c)) continue;
                ignore(c, other.name + " is the " + std::string(to_string(other.role)) + " already");
                break;
            }
        }
    }

    void find_source() {
        if (out_.source >= 0) return;
        for (std::size_t c = 0; c < out_.columns.size(); ++c) {
            const ValueLook& look = looks_[c];
            const bool few = look.filled > 0.999 && look.distinct * static_cast<double>(look.seen) <= 64;
            if (said_[c] || !is_source_name(table_.names[c]) || !few || look.distinct > 0.5) continue;
            out_.source = static_cast<int>(c);
            take(out_.source, Use::source);
            return;
        }
    }

    [[nodiscard]] const TextColumn* sources() const {
        return out_.source < 0 ? nullptr : &table_.columns[static_cast<std::size_t>(out_.source)];
    }

    Status find_id() {
        if (out_.id >= 0) {
            const auto& values = table_.columns[static_cast<std::size_t>(out_.id)];
            Repeat repeat = first_repeat(values, nullptr, hints_.threads);
            if (repeat.kind == Repeat::repeated && sources() != nullptr) {
                repeat = first_repeat(values, sources(), hints_.threads);
                out_.id_within_source = repeat.kind == Repeat::none;
            }
            const std::string column = table_.names[static_cast<std::size_t>(out_.id)] + " of " + table_.name;
            if (repeat.kind == Repeat::empty)
                return fail(ErrorCode::input, "the id column " + column + " is empty in row " +
                                                  std::to_string(repeat.row + 1) +
                                                  "; leave --id out to number the rows instead");
            if (repeat.kind == Repeat::repeated)
                return fail(ErrorCode::input, "the id column " + column + " has the same value in rows " +
                                                  std::to_string(repeat.other + 1) + " and " +
                                                  std::to_string(repeat.row + 1) +
                                                  "; leave --id out to number the rows instead");
            return {};
        }
        std::vector<std::pair<std::size_t, std::size_t>> candidates;  // rank, column
        for (std::size_t c = 0; c < out_.columns.size(); ++c) {
            if (said_[c] || out_.columns[c].use != Use::ignored || looks_[c].filled < 1) continue;
            const auto rank = id_rank(table_.names[c]);
            // a column that is not known may be the key too; book-keeping (the answer) may not
            if (!rank && !out_.columns[c].why.empty()) continue;
            candidates.emplace_back(rank.value_or(1000), c);
        }
        std::sort(candidates.begin(), candidates.end());
        for (const bool within : {false, true}) {
            if (within && sources() == nullptr) break;
            for (const auto& [rank, c] : candidates) {
                if (within && rank == 1000) continue;
                if (first_repeat(table_.columns[c], within ? sources() : nullptr, hints_.threads).kind !=
                    Repeat::none)
                    continue;
                out_.id = static_cast<int>(c);
                out_.id_within_source = within;
                take(out_.id, Use::id);
                if (rank == 1000) out_.columns[c].why = "no two rows have the same value";
                return {};
            }
        }
        return {};
    }

    const RawTable& table_;
    const Hints& hints_;
    FileReading out_;
    std::vector<ValueLook> looks_;
    std::vector<std::uint8_t> said_;  // per column: a person said what it is
};

}  // namespace

Result<FileReading> recognise(const RawTable& table, const Hints& hints) {
    return Recogniser(table, hints).run();
}

std::string to_words(const FileReading& reading) {
    std::size_t width = 0;
    for (const ColumnReading& column : reading.columns) width = std::max(width, column.name.size());
    std::string out;
    for (const ColumnReading& column : reading.columns) {
        out += "  " + column.name + std::string(width - column.name.size(), ' ') + " → ";
        switch (column.use) {
            case Use::compared:
                out += to_string(column.role);
                break;
            case Use::id:
                out += "id of the record";
                break;
            case Use::source:
                out += "source";
                break;
            case Use::ignored:
                out += "not used";
        }
        if (!column.why.empty()) out += " (" + column.why + ")";
        out += '\n';
    }
    if (reading.id < 0) out += "  no column is the key of a record: rows are numbered from 1\n";
    return out;
}

}  // namespace sendhub::identity::link
