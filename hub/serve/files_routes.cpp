// /files/{version|latest|current}/datapackage.json and
// /files/{version|latest|current}/{dataset}/data.csv|data.parquet. No part of the address ever becomes part
// of a path: the version must be one that is published, the dataset one that its description names and the
// key may read, the file one of these.
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>

#include "hub/serve/csv_excel.hpp"
#include "hub/serve/site.hpp"

namespace sendhub::serve {
namespace {

constexpr std::size_t kReadBytes = 256u << 10;

class FileBody final : public Body {
  public:
    FileBody(int fd, std::unique_ptr<AuditedRead> audited, std::int64_t rows, std::unique_ptr<ExcelCsv> excel)
        : fd_(fd), audited_(std::move(audited)), rows_(rows), excel_(std::move(excel)) {}
    FileBody(const FileBody&) = delete;
    FileBody& operator=(const FileBody&) = delete;
    ~FileBody() override { ::close(fd_); }

    Result<bool> fill(std::string& out) override {
        block_.resize(kReadBytes);
        ssize_t n = 0;
        do n = ::read(fd_, block_.data(), block_.size());
        while (n < 0 && errno == EINTR);
        if (n < 0) return fail(ErrorCode::storage, "a published file could not be read to its end");
        const std::string_view bytes(block_.data(), static_cast<std::size_t>(n));
        if (excel_)
            excel_->add(bytes, out);
        else
            out += bytes;
        if (n > 0) return true;
        audited_->add_rows(rows_);
        audited_->finish();
        return false;
    }

  private:
    int fd_;
    std::unique_ptr<AuditedRead> audited_;
    std::int64_t rows_;
    std::unique_ptr<ExcelCsv> excel_;
    std::string block_;
};

Reply not_found(const Call& call) {
    return json_error(call.request, 404, "NotFound", "there is no such file, or this key may not read it");
}

}  // namespace

Reply serve_files(const Call& call) {
    const auto& path = call.url.path;
    if (path.size() < 3 || path.size() > 4) return not_found(call);
    std::shared_ptr<const Version> version = call.site.publication->current();
    if (path[1] != "latest" && path[1] != "current") {
        if (!is_version_name(path[1])) return not_found(call);
        auto named = call.site.publication->version(path[1]);
        if (!named) {
            if (named.error().code == ErrorCode::not_found)
                return json_error(call.request, 410, "VersionGone",
                                  "this version is no longer kept, or never was; take the latest");
            return json_error(call.request, 503, "DataUnavailable",
                              "this version cannot be read at the moment");
        }
        version = *named;
    }
    if (!version) return json_error(call.request, 503, "NothingPublished", "nothing has been published yet");
    Reply reply;
    if (path.size() == 3) {
        if (path[2] != "datapackage.json") return not_found(call);
        auto package = filtered_package(*version, call.caller);
        if (!package)
            return json_error(call.request, 500, "InternalError",
                              "the description of this version cannot be read");
        reply.text = std::move(*package);
        reply.set("Content-Type", "application/json;charset=utf-8");
        reply.route = "/files/{version}/datapackage.json";
        return reply;
    }
    const Dataset* dataset = version->dataset(path[2]);
    const bool csv = path[3] == "data.csv";
    if (!dataset || !call.may_read(*dataset) || (!csv && path[3] != "data.parquet")) return not_found(call);
    const std::string* const variant = call.url.option("variant");
    const bool excel = csv && variant && *variant == "excel";
    if (variant && !excel)
        return json_error(call.request, 400, "BadOption", "variant may only be excel, and only for data.csv");
    const std::string etag = "W/\"" + version->name + (excel ? "-excel" : "") + "\"";
    reply.route = csv ? "/files/{version}/{dataset}/data.csv" : "/files/{version}/{dataset}/data.parquet";
    reply.set("ETag", etag);
    if (matches_etag(call.request, etag)) {
        reply.status = 304;
        return reply;
    }
    const std::filesystem::path file = dataset->folder / (csv ? "data.csv" : "data.parquet");
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    struct stat info{};
    if (fd < 0 || ::fstat(fd, &info) != 0 || !S_ISREG(info.st_mode)) {
        if (fd >= 0) ::close(fd);
        return json_error(call.request, 410, "VersionGone",
                          "this version is no longer kept; take the latest");
    }
    reply.set("Content-Type",
              csv ? "text/csv; charset=utf-8; header=present" : "application/vnd.apache.parquet");
    reply.set("Content-Disposition",
              "attachment; filename=\"" + dataset->name + (csv ? ".csv\"" : ".parquet\""));
    if (!excel) reply.length = static_cast<std::uint64_t>(info.st_size);
    if (call.request.is_head()) {
        ::close(fd);
        return reply;
    }
    auto audited = AuditedRead::begin(call, *version, *dataset, csv ? "read.csv" : "read.parquet", "");
    if (!audited) {
        ::close(fd);
        return json_error(call.request, 503, "DataUnavailable",
                          "the audit log cannot be written, so nothing restricted is read");
    }
    std::unique_ptr<ExcelCsv> transform;
    if (excel) {
        std::vector<bool> is_text;
        for (const Field& field : dataset->fields) is_text.push_back(field.type == FieldType::string);
        transform = std::make_unique<ExcelCsv>(std::move(is_text));
    }
    reply.body = std::make_unique<FileBody>(fd, std::move(*audited), dataset->rows, std::move(transform));
    return reply;
}

}  // namespace sendhub::serve
