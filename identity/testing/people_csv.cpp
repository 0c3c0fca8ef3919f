#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "identity/testing/made_people.hpp"
#include "identity/testing/written_text.hpp"

namespace sendhub::identity::testing {
namespace {

namespace fs = std::filesystem;

class OutFile {
  public:
    explicit OutFile(const fs::path& path) : path_(path.string()), file_(std::fopen(path_.c_str(), "wb")) {
        if (!file_) fail();
        text.reserve(limit * 2);
    }
    void row_ended() {
        if (text.size() >= limit) flush();
    }
    std::expected<void, std::string> close() {
        flush();
        if (file_ && std::fclose(file_.release()) != 0) fail();
        if (!error_.empty()) return std::unexpected(error_);
        return {};
    }
    std::string text;

  private:
    static constexpr std::size_t limit = 1U << 20;
    struct Close {
        void operator()(std::FILE* f) const { std::fclose(f); }
    };
    void fail() {
        if (error_.empty()) error_ = "cannot write " + path_ + ": " + std::strerror(errno);
    }
    void flush() {
        if (file_ && std::fwrite(text.data(), 1, text.size(), file_.get()) != text.size()) fail();
        text.clear();
    }
    std::string path_, error_;
    std::unique_ptr<std::FILE, Close> file_;
};

std::expected<void, std::string> write_records(const PeopleFile& file, const fs::path& path) {
    OutFile out(path);
    CsvLine line(out.text);
    for (const std::string_view name : column_names) line << name;
    line.end("\n");
    for (std::size_t row = 0; row < file.records(); ++row) {
        for (const TextColumn& column : file.texts) line << column[row];
        line.end("\n");
        out.row_ended();
    }
    return out.close();
}

std::expected<void, std::string> write_truth(const PeopleFile& file, const fs::path& path) {
    OutFile out(path);
    CsvLine line(out.text);
    line << "id" << "person" << "slices" << "household" << "birth";
    line.end("\n");
    for (std::size_t row = 0; row < file.records(); ++row) {
        const Person& person = file.people[file.person[row]];
        line << file.column(Column::id)[row] << file.person[row] + 1 << slices_text(person)
             << person.household;
        if (person.birth == 0) {
            line << "";
        } else {
            line << person.birth;
        }
        line.end("\n");
        out.row_ended();
    }
    return out.close();
}

std::expected<void, std::string> write_sealed(const PeopleFile& file, const fs::path& path) {
    OutFile out(path);
    CsvLine line(out.text);
    line << "id_a" << "id_b";
    line.end("\n");
    const TextColumn& ids = file.column(Column::id);
    for (const auto& [a, b] : file.sealed_pairs) {
        line << ids[a] << ids[b];
        line.end("\n");
        out.row_ended();
    }
    return out.close();
}

}  // namespace

std::string slices_text(const Person& person) {
    std::string out;
    for (std::size_t bit = 0; bit < slice_names.size(); ++bit)
        if ((person.slices >> bit & 1) != 0) out.append(slice_names[bit]).append(";");
    return out.append("origin:").append(lists_of(person.origin).name);
}

std::expected<void, std::string> write_people(const PeopleFile& file, const fs::path& dir) {
    std::error_code error;
    fs::create_directories(dir, error);
    if (error) return std::unexpected("cannot make the folder " + dir.string() + ": " + error.message());
    if (auto done = write_records(file, dir / "people.csv"); !done) return done;
    if (auto done = write_truth(file, dir / "truth.csv"); !done) return done;
    return write_sealed(file, dir / "sealed_pairs.csv");
}

}  // namespace sendhub::identity::testing
