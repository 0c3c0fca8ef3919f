#include "identity/link/load.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>
#include <set>

#include "base/nearest.hpp"
#include "identity/engine/text_index.hpp"
#include "identity/link/clean_values.hpp"
#include "identity/link/column_values.hpp"

namespace sendhub::identity::link {
namespace {

constexpr std::size_t most_sources = 60'000;

class Loader {
  public:
    Loader(const std::vector<std::string>& paths, const LoadHints& hints, const FileRead& told)
        : paths_(paths), hints_(hints), told_(told) {}

    Result<Loaded> run() {
        SENDHUB_TRY(read());
        SENDHUB_TRY(mapped_columns_exist());
        std::size_t rows = 0;
        for (const RawTable& raw : raw_) rows += raw.rows;
        out_.table.source.reserve(rows);
        SENDHUB_TRY(number_sources());
        make_keys();
        match_columns();
        return std::move(out_);
    }

  private:
    Status read() {
        if (hints_.ids.size() > 1 && hints_.ids.size() != paths_.size())
            return fail(ErrorCode::usage, "--id was given " + std::to_string(hints_.ids.size()) +
                                              " times for " + std::to_string(paths_.size()) +
                                              " files; give it once for all, or once a file");
        if (!hints_.source.empty() && paths_.size() > 1)
            return fail(ErrorCode::usage, "--source is for a single file: of several files each is a source");
        for (std::size_t f = 0; f < paths_.size(); ++f) {
            const auto begin = std::chrono::steady_clock::now();
            SENDHUB_ASSIGN(RawTable raw, read_table(paths_[f], {.delimiter = hints_.delimiter,
                                                                .header_row = hints_.header_row,
                                                                .threads = hints_.threads}));
            clean_values(raw, hints_.threads);
            Hints hints{.id = hints_.ids.empty()       ? ""
                              : hints_.ids.size() == 1 ? hints_.ids[0]
                                                       : hints_.ids[f],
                        .source = hints_.source,
                        .roles = hints_.roles,
                        .threads = hints_.threads};
            SENDHUB_ASSIGN(FileReading reading, recognise(raw, hints));
            tidy_columns(raw, reading, hints_.threads);
            if (paths_.size() > 1 && reading.source >= 0) {
                ColumnReading& column = reading.columns[static_cast<std::size_t>(reading.source)];
                column.use = Use::ignored;
                column.why = "of several files each is a source";
                reading.source = -1;
                if (reading.id_within_source)
                    return fail(ErrorCode::input,
                                "the ids of " + raw.name +
                                    " repeat from source to source; link that file by itself "
                                    "first, or name another column with --id");
            }
            out_.files.push_back({paths_[f], raw.name, raw.rows, std::move(reading)});
            out_.notes.insert(out_.notes.end(), raw.notes.begin(), raw.notes.end());
            if (told_)
                told_(out_.files.back(),
                      std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count());
            raw_.push_back(std::move(raw));
        }
        const bool any = std::any_of(out_.files.begin(), out_.files.end(), [](const LoadedFile& file) {
            return std::any_of(file.reading.columns.begin(), file.reading.columns.end(),
                               [](const ColumnReading& c) { return c.use == Use::compared; });
        });
        if (!any)
            return fail(ErrorCode::input,
                        "no column was recognised; say what they are with --map COLUMN=ROLE "
                        "(such as --map \"Given name=forename\")");
        return {};
    }

    Status mapped_columns_exist() {
        std::vector<std::string_view> known;
        for (const RawTable& raw : raw_) known.insert(known.end(), raw.names.begin(), raw.names.end());
        for (const auto& [name, role] : hints_.roles)
            if (std::find(known.begin(), known.end(), name) == known.end())
                return fail(ErrorCode::usage, "there is no column " + name + nearest_hint(name, known));
        return {};
    }

    Status number_sources() {
        Table& table = out_.table;
        if (raw_.size() == 1 && out_.files[0].reading.source >= 0) {
            const auto& values = raw_[0].columns[static_cast<std::size_t>(out_.files[0].reading.source)];
            TextIndex index;
            std::vector<std::string_view> names{""};  // by code
            std::vector<std::uint32_t> code(values.size());
            for (std::size_t i = 0; i < values.size(); ++i) {
                const auto next = static_cast<std::uint32_t>(names.size());
                code[i] = index.find_or_add(values[i], next, [&](std::uint32_t c) { return names[c]; });
                if (code[i] == next) names.push_back(values[i]);
                if (names.size() - 1 > most_sources)
                    return fail(ErrorCode::input, "the column of sources has more than " +
                                                      std::to_string(most_sources) + " values");
            }
            // in order of name, so that the order of rows does not matter
            std::vector<std::uint32_t> by_name(names.size() - 1);
            std::iota(by_name.begin(), by_name.end(), 1u);
            std::sort(by_name.begin(), by_name.end(),
                      [&](std::uint32_t x, std::uint32_t y) { return names[x] < names[y]; });
            std::vector<std::uint16_t> number(names.size());
            for (const std::uint32_t c : by_name) {
                number[c] = static_cast<std::uint16_t>(table.source_names.size());
                table.source_names.emplace_back(names[c]);
            }
            for (const std::uint32_t c : code) table.source.push_back(number[c]);
            return {};
        }
        std::set<std::string> taken;
        for (std::size_t f = 0; f < raw_.size(); ++f) {
            const std::string stem = std::filesystem::path(raw_[f].name).stem().string();
            std::string name = stem;
            for (int n = 2; !taken.insert(name).second; ++n) name = stem + "_" + std::to_string(n);
            table.source_names.push_back(std::move(name));
            table.source.insert(table.source.end(), raw_[f].rows, static_cast<std::uint16_t>(f));
        }
        return {};
    }

    // The ids as they stand where they are unique over all files; else with their source before them.
    void make_keys() {
        TextColumn ids;
        for (std::size_t f = 0; f < raw_.size(); ++f) {
            if (const int id = out_.files[f].reading.id; id >= 0)
                take_up(ids, raw_[f].columns[static_cast<std::size_t>(id)]);
            else
                for (std::size_t i = 0; i < raw_[f].rows; ++i) ids.push(std::to_string(i + 1));
        }
        out_.qualified = raw_.size() == 1 ? out_.files[0].reading.id_within_source
                                          : first_repeat(ids, nullptr, hints_.threads).kind != Repeat::none;
        if (!out_.qualified) {
            out_.table.key = std::move(ids);
            return;
        }
        out_.notes.emplace_back("ids occur in more than one source; they are written SOURCE:ID");
        std::string key;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            key = out_.table.source_names[out_.table.source[i]];
            key += ':';
            key += ids[i];
            out_.table.key.push(key);
        }
    }

    // Which columns of the files are one: those of one role, where each file has it at most once; else those
    // of one role and name, and what is left in the order of the files.
    struct Joined {
        Role role;
        std::string name;
        std::vector<int> of_file;
    };
    void match_columns() {
        std::map<Role, std::vector<std::size_t>> most;  // per role: how many columns each file has of it
        for (std::size_t f = 0; f < raw_.size(); ++f)
            for (const ColumnReading& column : out_.files[f].reading.columns)
                if (column.use == Use::compared) {
                    auto& counts = most[column.role];
                    counts.resize(raw_.size());
                    ++counts[f];
                }
        std::vector<Joined> joined;
        for (std::size_t f = 0; f < raw_.size(); ++f) {
            const auto& columns = out_.files[f].reading.columns;
            for (std::size_t c = 0; c < columns.size(); ++c) {
                if (columns[c].use != Use::compared) continue;
                const auto& counts = most[columns[c].role];
                const bool single =
                    std::all_of(counts.begin(), counts.end(), [](std::size_t n) { return n <= 1; });
                auto at = std::find_if(joined.begin(), joined.end(), [&](const Joined& j) {
                    return j.role == columns[c].role && j.of_file[f] < 0 &&
                           (single || j.name == columns[c].name);
                });
                if (at == joined.end()) {
                    joined.push_back({columns[c].role, columns[c].name, std::vector<int>(raw_.size(), -1)});
                    at = joined.end() - 1;
                }
                at->of_file[f] = static_cast<int>(c);
            }
        }
        out_.table.columns.reserve(joined.size());
        for (const Joined& j : joined) fill(out_.table.add(j.name, j.role), j);
        if (raw_.size() > 1) tell_lonely(joined);
    }

    void fill(Column& column, const Joined& joined) {
        if (raw_.size() > 1) {
            std::size_t bytes = 0;
            for (std::size_t f = 0; f < raw_.size(); ++f)
                if (joined.of_file[f] >= 0)
                    bytes += raw_[f].columns[static_cast<std::size_t>(joined.of_file[f])].memory();
            column.values.reserve(out_.table.size(), bytes);
        }
        for (std::size_t f = 0; f < raw_.size(); ++f)
            if (joined.of_file[f] >= 0)
                take_up(column.values, raw_[f].columns[static_cast<std::size_t>(joined.of_file[f])]);
            else
                for (std::size_t i = 0; i < raw_[f].rows; ++i) column.values.push({});
    }
    // Into a column that has no memory yet the values are moved, into another they are copied.
    static void take_up(TextColumn& to, TextColumn& from) {
        if (to.memory() == 0)
            to = std::move(from);
        else
            to.append(from);
        from = {};
    }

    // Other names, earlier places and former numbers are compared with the current ones of the other file.
    static bool meets_other_roles(Role role) {
        switch (role) {
            case Role::known_forename:
            case Role::known_surname:
            case Role::former_surname:
            case Role::middle_names:
            case Role::full_name:
            case Role::previous_postcode:
            case Role::former_upn:
            case Role::nhs_status:
            case Role::birth_year:
                return true;
            default:
                return false;
        }
    }
    void tell_lonely(const std::vector<Joined>& joined) {
        for (const Joined& j : joined) {
            const auto has = [](int c) { return c >= 0; };
            if (meets_other_roles(j.role) || std::count_if(j.of_file.begin(), j.of_file.end(), has) > 1)
                continue;
            const auto f = static_cast<std::size_t>(std::find_if(j.of_file.begin(), j.of_file.end(), has) -
                                                    j.of_file.begin());
            const std::string role(to_string(j.role));
            out_.notes.push_back("only " + out_.files[f].name + " has a column like " + j.name +
                                 (j.name == role ? "" : " (" + role + ")") +
                                 ": it helps within that file, not across files");
        }
    }

    const std::vector<std::string>& paths_;
    const LoadHints& hints_;
    const FileRead& told_;
    std::vector<RawTable> raw_;
    Loaded out_;
};

}  // namespace

Result<Loaded> load_files(const std::vector<std::string>& paths, const LoadHints& hints,
                          const FileRead& told) {
    return Loader(paths, hints, told).run();
}

}  // namespace sendhub::identity::link
