// What the engine is given: person records as columns of text, each column with a role. It knows nothing of
// feeds, files or the store. A record is a source number, a key that is unique over all records, and its
// values.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sendhub::identity {

// Many short texts in one buffer. An empty text is a value that is not there.
class TextColumn {
  public:
    void push(std::string_view text) {
        if (!text.empty()) bytes_.insert(bytes_.end(), text.begin(), text.end());
        end_at(bytes_.size());
    }
    std::string_view operator[](std::size_t i) const {
        const std::size_t begin = i == 0 ? 0 : end_of(i - 1);
        return {bytes_.data() + begin, end_of(i) - begin};
    }
    [[nodiscard]] std::size_t size() const { return ends_.size(); }
    void reserve(std::size_t texts, std::size_t bytes) {
        ends_.reserve(texts);
        bytes_.reserve(bytes);
    }
    void append(const TextColumn& other);
    [[nodiscard]] std::size_t memory() const {
        return bytes_.capacity() + ends_.capacity() * sizeof ends_[0];
    }

  private:
    // The lower half of an end. Of a column of 4 GiB and more, the texts from which on the upper half is one
    // more stand beside.
    void end_at(std::size_t end) {
        if (end >> 32 != wraps_.size()) [[unlikely]]
            wrap(end);
        ends_.push_back(static_cast<std::uint32_t>(end));
    }
    [[nodiscard]] std::size_t end_of(std::size_t i) const {
        return wraps_.empty() ? ends_[i] : upper(i) << 32 | ends_[i];
    }
    void wrap(std::size_t end);
    [[nodiscard]] std::size_t upper(std::size_t i) const;

    std::vector<char> bytes_;
    std::vector<std::uint32_t> ends_;
    std::vector<std::size_t> wraps_;
};

// What a column means. Several columns may have one role where a person can hold several values at once
// (known names, former names, earlier postcodes, former UPNs); of other roles the first column counts.
enum class Role : std::uint8_t {
    forename,
    known_forename,
    middle_names,
    surname,
    known_surname,
    former_surname,
    full_name,  // forenames then surname, or "surname, forenames"
    birth_date,
    birth_year,
    sex,
    postcode,
    previous_postcode,
    uprn,
    house,     // number or name
    street,    // or a first address line
    locality,  // town, suburb, city
    region,    // state, county
    upn,
    former_upn,
    nhs_number,
    nhs_status,  // verified, traced …; without it a valid number counts as verified
    uln,
    identifier,  // any other number of the person: proves much, vetoes nothing
    email,
    phone,
    school,
    death_date,   // a child who died cannot be one who was active later (veto V9)
    active_date,  // last sign of life in this record
    text,         // compared by likeness: place of birth, occupation …
    category,     // compared by equality
    number,       // compared by difference
    ignore,
};
std::string_view to_string(Role role);
std::optional<Role> role_named(std::string_view name);

struct Column {
    std::string name;  // as the file or the store calls it; shown in explanations
    Role role = Role::ignore;
    TextColumn values;
};

struct Table {
    std::vector<std::string> source_names;
    std::vector<std::uint16_t> source;  // per record
    TextColumn key;                     // per record; unique, in any order
    std::vector<Column> columns;        // each as long as key

    [[nodiscard]] std::size_t size() const { return source.size(); }
    Column& add(std::string name, Role role) {
        columns.push_back({std::move(name), role, {}});
        return columns.back();
    }
};

// A person's word about two records, by position in the table. It stands above any score.
enum class Verdict : std::uint8_t {
    same,       // must link
    different,  // cannot link (veto V5)
    sealed,     // barrier (V6): the two sides never meet in candidates, review, explanation or log
};
struct Decision {
    std::uint32_t a, b;
    Verdict verdict;
};

}  // namespace sendhub::identity
