#include "tests/linkage/evaluation_files.hpp"

#include <algorithm>
#include <fstream>
#include <memory>
#include <optional>

namespace sendhub::linkage {
namespace {

namespace fs = std::filesystem;
template <class T>
using Result = std::expected<T, std::string>;

// A CSV file in memory, read field by field. Quoted fields may hold commas, line breaks and doubled quotes.
class Csv {
  public:
    static Result<Csv> open(const fs::path& path) {
        std::ifstream in(path, std::ios::binary | std::ios::ate);
        if (!in) return std::unexpected("cannot read " + path.string());
        Csv out;
        out.path_ = path.string();
        out.text().resize(static_cast<std::size_t>(in.tellg()));
        in.seekg(0);
        in.read(out.text().data(), static_cast<std::streamsize>(out.text().size()));
        if (!in) return std::unexpected("cannot read " + path.string());
        if (out.text().starts_with("\xEF\xBB\xBF")) out.at_ = 3;
        if (!out.next(out.header_)) return std::unexpected(out.path_ + " is empty");
        return out;
    }

    [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const {
        const auto at = std::ranges::find(header_, name);
        if (at == header_.end()) return std::nullopt;
        return static_cast<std::size_t>(at - header_.begin());
    }
    [[nodiscard]] Result<std::size_t> column(std::string_view name) const {
        if (const auto at = find(name)) return *at;
        return std::unexpected(path_ + " has no column “" + std::string(name) + "”");
    }
    // False at the end of the file. The views are good as long as the Csv.
    bool next(std::vector<std::string_view>& fields) {
        fields.clear();
        while (at_ < text().size() && (text()[at_] == '\n' || text()[at_] == '\r')) ++at_;
        if (at_ >= text().size()) return false;
        for (bool more = true; more;) {
            fields.push_back(field());
            more = at_ < text().size() && text()[at_] == ',';
            if (more) ++at_;
        }
        return true;
    }
    [[nodiscard]] std::size_t columns() const { return header_.size(); }
    [[nodiscard]] std::string where() const {
        return path_ + ", line " +
               std::to_string(
                   1 + std::count(text().begin(), text().begin() + static_cast<std::ptrdiff_t>(at_), '\n'));
    }

  private:
    std::string_view field() {
        while (at_ < text().size() && text()[at_] == ' ') ++at_;
        if (at_ < text().size() && text()[at_] == '"') return quoted();
        const std::size_t begin = at_;
        at_ = end_of_field(begin);
        std::size_t end = at_;
        while (end > begin && text()[end - 1] == ' ') --end;
        return std::string_view(text()).substr(begin, end - begin);
    }
    [[nodiscard]] std::size_t end_of_field(std::size_t at) const {
        const char* bytes = text().data();
        const std::size_t size = text().size();
        while (at < size && bytes[at] != ',' && bytes[at] != '\n' && bytes[at] != '\r') ++at;
        return at;
    }
    std::string_view quoted() {  // written together in place, which only makes it shorter
        const std::size_t begin = ++at_;
        std::size_t to = begin;
        for (; at_ < text().size(); ++at_) {
            if (text()[at_] == '"') {
                if (at_ + 1 < text().size() && text()[at_ + 1] == '"') {
                    ++at_;
                } else {
                    ++at_;
                    break;
                }
            }
            text()[to++] = text()[at_];
        }
        at_ = end_of_field(at_);
        return std::string_view(text()).substr(begin, to - begin);
    }

    std::string path_;
    std::unique_ptr<std::string> own_ =
        std::make_unique<std::string>();  // stays where it is when the Csv is moved
    std::string& text() { return *own_; }
    [[nodiscard]] const std::string& text() const { return *own_; }
    std::size_t at_ = 0;
    std::vector<std::string_view> header_;
};

// Numbers names from 0 in the order in which they come. Open addressing: a million names in a tenth of a
// second.
class Numbered {
  public:
    // The number, and whether the name is new.
    std::pair<std::uint32_t, bool> add(std::string_view name) {
        if (names_.size() * 2 >= slots_.size()) grow();
        const std::uint64_t hash = std::hash<std::string_view>{}(name);
        std::uint32_t& slot = slots_[find_slot(hash, name)];
        if (slot != none) return {slot, false};
        slot = static_cast<std::uint32_t>(names_.size());
        names_.push_back(name);
        hashes_.push_back(hash);
        return {slot, true};
    }
    [[nodiscard]] std::uint32_t find(std::string_view name) const {
        return slots_.empty() ? none : slots_[find_slot(std::hash<std::string_view>{}(name), name)];
    }
    [[nodiscard]] const std::vector<std::string_view>& names() const { return names_; }
    static constexpr std::uint32_t none = UINT32_MAX;

  private:
    [[nodiscard]] std::size_t find_slot(std::uint64_t hash, std::string_view name) const {
        std::size_t at = hash & (slots_.size() - 1);
        while (slots_[at] != none && (hashes_[slots_[at]] != hash || names_[slots_[at]] != name))
            at = (at + 1) & (slots_.size() - 1);
        return at;
    }
    void grow() {
        slots_.assign(std::max<std::size_t>(1024, slots_.size() * 4), none);
        for (std::uint32_t i = 0; i < names_.size(); ++i) {
            std::size_t at = hashes_[i] & (slots_.size() - 1);
            while (slots_[at] != none) at = (at + 1) & (slots_.size() - 1);
            slots_[at] = i;
        }
    }
    std::vector<std::string_view> names_;
    std::vector<std::uint64_t> hashes_;
    std::vector<std::uint32_t> slots_;
};

struct TruthFile {
    Csv csv;
    Numbered record_of;
    std::vector<std::uint32_t> person, birth;
    std::vector<std::uint64_t> slices;
    std::vector<std::string> slice_names;
    bool has_birth = false, has_slices = false;
};

Result<std::uint64_t> slice_bits(TruthFile& truth, Numbered& texts, std::vector<std::uint64_t>& known,
                                 std::string_view text) {
    const auto [number, is_new] = texts.add(text);
    if (!is_new) return known[number];
    std::uint64_t bits = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const std::string_view name = rest.substr(0, rest.find(';'));
        rest.remove_prefix(std::min(name.size() + 1, rest.size()));
        if (name.empty()) continue;
        auto at = std::ranges::find(truth.slice_names, name);
        if (at == truth.slice_names.end()) {
            if (truth.slice_names.size() == 64) return std::unexpected("more than 64 slices");
            at = truth.slice_names.insert(truth.slice_names.end(), std::string(name));
        }
        bits |= 1ULL << (at - truth.slice_names.begin());
    }
    known.push_back(bits);
    return bits;
}

Result<TruthFile> read_truth(const EvaluationFiles& files) {
    auto csv = Csv::open(files.truth);
    if (!csv) return std::unexpected(csv.error());
    TruthFile out{.csv = std::move(*csv)};
    const auto id = out.csv.column(files.truth_id_column), person = out.csv.column(files.truth_column);
    if (!id) return std::unexpected(id.error());
    if (!person) return std::unexpected(person.error());
    const auto slices = out.csv.find("slices"), birth = out.csv.find("birth");
    out.has_slices = slices.has_value();
    out.has_birth = birth.has_value();
    Numbered persons, births;
    births.add("");  // 0: born alone
    Numbered texts;
    std::vector<std::uint64_t> known;
    std::vector<std::string_view> fields;
    while (out.csv.next(fields)) {
        if (fields.size() < out.csv.columns())
            return std::unexpected(out.csv.where() + ": a field is missing");
        if (!out.record_of.add(fields[*id]).second)
            return std::unexpected(out.csv.where() + ": this id stood there before");
        const std::uint32_t who = persons.add(fields[*person]).first;
        out.person.push_back(who);
        if (who < out.slices.size()) continue;
        const auto bits = slice_bits(out, texts, known, slices ? fields[*slices] : std::string_view{});
        if (!bits) return std::unexpected(out.csv.where() + ": " + bits.error());
        out.slices.push_back(*bits);
        out.birth.push_back(birth ? births.add(fields[*birth]).first : 0);
    }
    return out;
}

Result<std::vector<RecordPair>> read_pairs(const fs::path& path, const TruthFile& truth,
                                           std::uint64_t& unknown) {
    std::vector<RecordPair> out;
    if (path.empty()) return out;
    auto csv = Csv::open(path);
    if (!csv) return std::unexpected(csv.error());
    const auto a = csv->column("id_a"), b = csv->column("id_b");
    if (!a) return std::unexpected(a.error());
    if (!b) return std::unexpected(b.error());
    std::vector<std::string_view> fields;
    while (csv->next(fields)) {
        if (fields.size() < csv->columns()) return std::unexpected(csv->where() + ": a field is missing");
        const auto first = truth.record_of.find(fields[*a]), second = truth.record_of.find(fields[*b]);
        if (first == Numbered::none || second == Numbered::none) {
            ++unknown;
        } else {
            out.emplace_back(first, second);
        }
    }
    return out;
}

}  // namespace

std::expected<EvaluatedFiles, std::string> evaluate_files(const EvaluationFiles& files) {
    auto truth = read_truth(files);
    if (!truth) return std::unexpected(truth.error());
    auto csv = Csv::open(files.clusters);
    if (!csv) return std::unexpected(csv.error());
    const auto id = csv->column(files.id_column), cluster = csv->column(files.cluster_column);
    if (!id) return std::unexpected(id.error());
    if (!cluster) return std::unexpected(cluster.error());

    EvaluatedFiles out;
    constexpr std::uint32_t none = Numbered::none;
    std::vector<std::uint32_t> clusters(truth->person.size(), none);
    Numbered numbers;
    std::vector<std::string_view> fields;
    while (csv->next(fields)) {
        if (fields.size() < csv->columns()) return std::unexpected(csv->where() + ": a field is missing");
        const auto at = truth->record_of.find(fields[*id]);
        if (at == Numbered::none) {
            ++out.without_truth;
            continue;
        }
        if (clusters[at] != none) return std::unexpected(csv->where() + ": this id stood there before");
        clusters[at] = numbers.add(fields[*cluster]).first;
    }
    auto next = static_cast<std::uint32_t>(numbers.names().size());
    for (std::uint32_t& c : clusters)
        if (c == none) {
            c = next++;
            ++out.without_cluster;
        }
    const auto review = read_pairs(files.pairs_in_review, *truth, out.unknown_review_pairs);
    if (!review) return std::unexpected(review.error());
    const auto sealed = read_pairs(files.sealed_pairs, *truth, out.unknown_sealed_pairs);
    if (!sealed) return std::unexpected(sealed.error());

    Truth given{.person = truth->person};
    if (truth->has_slices) {
        given.slices = truth->slices;
        given.slice_names = truth->slice_names;
    }
    if (truth->has_birth) given.birth = truth->birth;
    out.evaluation = evaluate(clusters, given, {.in_review = *review, .sealed = *sealed});
    out.ids.assign(truth->record_of.names().begin(), truth->record_of.names().end());
    return out;
}

}  // namespace sendhub::linkage
