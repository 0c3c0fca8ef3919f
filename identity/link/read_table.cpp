#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "base/duckdb.hpp"
#include "identity/link/raw_table.hpp"
#include "plugins/sdk/tabular/file_kind.hpp"

namespace sendhub::identity::link {
namespace {

// The bytes of a file, read by the kernel as they are looked at.
class MappedFile {
  public:
    static Result<MappedFile> open(const std::filesystem::path& path) {
        const int fd = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
        if (fd < 0) return failed(path);
        struct stat info{};
        if (::fstat(fd, &info) != 0) {
            auto error = failed(path);
            ::close(fd);
            return error;
        }
        if (!S_ISREG(info.st_mode)) {
            ::close(fd);
            return fail(ErrorCode::usage, path.string() + " is not a file; give CSV or Parquet files");
        }
        MappedFile file;
        file.size_ = static_cast<std::size_t>(info.st_size);
        if (file.size_ > 0) {
            file.data_ = ::mmap(nullptr, file.size_, PROT_READ, MAP_PRIVATE, fd, 0);
            if (file.data_ == MAP_FAILED) {
                file.data_ = nullptr;
                auto error = failed(path);
                ::close(fd);
                return error;
            }
            ::madvise(file.data_, file.size_, MADV_SEQUENTIAL);
        }
        ::close(fd);
        return file;
    }
    MappedFile(MappedFile&& other) noexcept
        : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}
    MappedFile& operator=(MappedFile&&) = delete;
    ~MappedFile() {
        if (data_ != nullptr) ::munmap(data_, size_);
    }
    [[nodiscard]] std::string_view bytes() const { return {static_cast<const char*>(data_), size_}; }

  private:
    MappedFile() = default;
    static std::unexpected<Error> failed(const std::filesystem::path& path) {
        const int why = errno;
        return fail(why == ENOENT ? ErrorCode::not_found : ErrorCode::storage,
                    "could not read " + path.string() + ": " + std::system_category().message(why));
    }
    void* data_ = nullptr;
    std::size_t size_ = 0;
};

// How each column is read as text. A number that is whole is written as a whole number. What a floating point
// number cannot hold exactly has lost digits: it is read as empty, and counted.
struct ParquetColumns {
    std::string list;
    std::vector<std::string> floating, lost;  // names, and what counts the values that lost digits
};

Result<ParquetColumns> describe(duck::Connection& connection, const std::string& file,
                                const std::string& name) {
    auto described = connection.query("describe select * from read_parquet(?)", {std::string_view(file)});
    if (!described)
        return fail(ErrorCode::input,
                    "could not read " + name + " as Parquet: " + described.error().sentence);
    duck::Rows& rows = *described;
    ParquetColumns out;
    while (rows.next()) {
        const std::string column = duck::quoted_name(rows.text(0));
        const std::string_view type = rows.text(1);
        if (!out.list.empty()) out.list += ", ";
        if (type == "DOUBLE" || type == "FLOAT") {
            const std::string most = type == "DOUBLE" ? "9007199254740992" : "16777216";
            const std::string exact = "abs(" + column + ") < " + most;
            out.list += "case when " + exact + " and " + column + " = trunc(" + column + ") then " + column +
                        "::BIGINT::VARCHAR when " + exact + " then " + column + "::VARCHAR end as " + column;
            out.floating.emplace_back(rows.text(0));
            out.lost.push_back("count(*) filter (" + column + " is not null and not isnan(" + column +
                               ") and not (" + exact + "))");
        } else if (type.starts_with("DECIMAL")) {
            out.list += "case when " + column + " = trunc(" + column + ") then trunc(" + column +
                        ")::HUGEINT::VARCHAR else " + column + "::VARCHAR end as " + column;
        } else {
            out.list += column + "::VARCHAR as " + column;
        }
    }
    return out;
}

}  // namespace

Result<RawTable> read_parquet(const std::filesystem::path& path, std::string name, unsigned threads) {
    SENDHUB_ASSIGN(auto database, duck::Database::open({}, {{"threads", std::to_string(threads)}}));
    SENDHUB_ASSIGN(auto connection, database.connect());
    const std::string file = path.string();
    // a path is never a pattern: read_parquet would take *, ? and [ as one
    if (file.find_first_of("*?[") != std::string::npos)
        return fail(ErrorCode::usage, "the name of " + file + " has a *, ? or [ in it; rename the file");
    SENDHUB_TRY(connection.run("set TimeZone = 'UTC'"));  // moments are texts in UTC
    SENDHUB_ASSIGN(const ParquetColumns columns, describe(connection, file, name));
    auto read =
        connection.stream("select " + columns.list + " from read_parquet(?)", {std::string_view(file)});
    if (!read)
        return fail(ErrorCode::input, "could not read " + name + " as Parquet: " + read.error().sentence);
    duck::Rows rows = std::move(*read);
    RawTable out;
    out.name = std::move(name);
    for (std::size_t c = 0; c < rows.column_count(); ++c) out.names.emplace_back(rows.column_name(c));
    out.columns.resize(out.names.size());
    while (duckdb_data_chunk chunk = rows.next_chunk()) {
        const idx_t n = duckdb_data_chunk_get_size(chunk);
        out.rows += n;
        for (std::size_t c = 0; c < out.columns.size(); ++c) {
            duckdb_vector vector = duckdb_data_chunk_get_vector(chunk, c);
            auto* texts = static_cast<duckdb_string_t*>(duckdb_vector_get_data(vector));
            std::uint64_t* valid = duckdb_vector_get_validity(vector);
            for (idx_t r = 0; r < n; ++r) {
                if (valid != nullptr && !duckdb_validity_row_is_valid(valid, r)) {
                    out.columns[c].push({});
                    continue;
                }
                std::string_view text(duckdb_string_t_data(&texts[r]), duckdb_string_t_length(texts[r]));
                while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
                while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
                out.columns[c].push(text);
            }
        }
    }
    if (const auto failed = rows.failure())
        return fail(ErrorCode::input, "could not read all of " + out.name + ": " + *failed);
    if (out.rows == 0) return fail(ErrorCode::input, out.name + " has no row");
    if (!columns.lost.empty()) {
        std::string counts;
        for (const std::string& count : columns.lost) counts += (counts.empty() ? "" : ", ") + count;
        SENDHUB_ASSIGN(auto lost, connection.query("select " + counts + " from read_parquet(?)",
                                                   {std::string_view(file)}));
        if (lost.next())
            for (std::size_t c = 0; c < columns.lost.size(); ++c)
                if (const auto n = lost.integer(c); n > 0)
                    out.notes.push_back(out.name + ": " + columns.floating[c] +
                                        " is stored as floating point, and " + std::to_string(n) +
                                        " of its numbers are too large for it and have lost digits; they are "
                                        "empty; store the column as text");
    }
    return out;
}

Result<RawTable> read_table(const std::filesystem::path& path, const CsvReading& how) {
    SENDHUB_ASSIGN(const MappedFile file, MappedFile::open(path));
    const std::string_view bytes = file.bytes();
    const std::string name = path.filename().string();
    if (bytes.starts_with("PAR1")) return read_parquet(path, name, how.threads);
    if (const auto why = tabular::not_a_table(bytes)) return fail(ErrorCode::input, name + ": " + *why);
    return read_csv(bytes, name, how);
}

}  // namespace sendhub::identity::link
