#include "hub/worker/stage.hpp"

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>

#include "base/duckdb.hpp"
#include "base/files.hpp"
#include "base/json_writer.hpp"
#include "base/mask.hpp"
#include "hub/handover/wire.hpp"
#include "hub/worker/arrow_rows.hpp"
#include "hub/worker/key_set.hpp"
#include "hub/worker/parquet_stream.hpp"
#include "hub/worker/row_check.hpp"
#include "hub/worker/unpack.hpp"
#include "schemas/rules/utf8.hpp"

namespace sendhub::worker {
namespace {

using schema::FieldType;

constexpr Micros kHour = 3'600'000'000;

struct StagedFile {
    std::int64_t seq = 0;
    std::string name, sha256;
    std::uint64_t bytes = 0;
    Micros received_at = 0;
    std::string refused;  // why; empty: read
};

struct Scope {
    std::uint32_t record = 0;
    std::string name;
    std::uint32_t mode = 0;
    Days as_of = 0;
    std::uint64_t rows = 0, rejected = 0;
    std::vector<std::uint32_t> files;  // that declared it or have rows in it, ascending
    bool refused = false;
    void touch(std::uint32_t file) {
        if (!files.empty() && files.back() == file) return;
        const auto at = std::lower_bound(files.begin(), files.end(), file);
        if (at == files.end() || *at != file) files.insert(at, file);
    }
};

// One record type that the connector fills.
struct Filled {
    const schema::Record* record = nullptr;
    std::size_t field_count = 0;
    std::optional<RowCheck> check;
    std::size_t source_key = 0;  // where it stands among the values
    std::unique_ptr<ParquetStream> out;
    KeySet keys;
    std::map<std::uint32_t, std::uint64_t> rejected_without_scope;  // by file
};

duckdb_type engine_type(FieldType type) {
    switch (type) {
        case FieldType::string:
            return DUCKDB_TYPE_VARCHAR;
        case FieldType::integer:
            return DUCKDB_TYPE_BIGINT;
        case FieldType::number:
            return DUCKDB_TYPE_DECIMAL;
        case FieldType::boolean:
            return DUCKDB_TYPE_BOOLEAN;
        case FieldType::date:
            return DUCKDB_TYPE_DATE;
        case FieldType::datetime:
            return DUCKDB_TYPE_TIMESTAMP_TZ;
    }
    return DUCKDB_TYPE_VARCHAR;
}

std::string text_of(const shp_value& value) {
    switch (value.kind) {
        case SHP_TEXT:
            return std::string(view(value.as.text).substr(0, 200));
        case SHP_REAL:
            return std::to_string(value.as.d);
        case SHP_BOOL:
            return value.as.i ? "true" : "false";
        case SHP_DATE:
            return value.as.i >= kFirstDay && value.as.i <= kLastDay
                       ? format_date(static_cast<Days>(value.as.i))
                       : std::to_string(value.as.i);
        case SHP_NULL:
            return {};
        default:
            return std::to_string(value.as.i);
    }
}

class Stage final : public Host {
  public:
    Stage(const handover::StageJob& job, const LoadedPlugin& plugin, Report& report,
          std::vector<std::pair<std::string, std::string>> settings)
        : Host(report, std::move(settings)),
          job_(job),
          plugin_(plugin),
          folder_(job.staging / (job.batch_id + ".tmp")),
          started_at_(now_micros()) {
        for (const handover::RecordDescription& declared : plugin.description.records) {
            Filled filled;
            filled.record = schema::find_record(declared.name);
            filled.field_count = declared.fields.size();
            filled.check.emplace(*filled.record, declared.fields);
            filled.source_key = static_cast<std::size_t>(
                std::find(declared.fields.begin(), declared.fields.end(), "source_key") -
                declared.fields.begin());
            records_.push_back(std::move(filled));
        }
        fill_table();
    }

    Ending run() {
        if (job_.check) return with_open_plugin(plugin_, [](void*) { return Ending{}; });
        if (auto status = prepare(); !status) return storage(status.error());
        Ending ending = with_open_plugin(plugin_, [this](void* instance) { return read_all(instance); });
        if (ending.state != handover::OutcomeState::ok) return ending;
        if (auto status = complete(); !status) return storage(status.error());
        return {};
    }

  private:
    // ---- the run ----

    Status prepare() {
        std::error_code error;
        std::filesystem::remove_all(folder_, error);
        SENDHUB_TRY(make_folder(folder_));
        const std::string memory =
            std::to_string(std::max<std::int64_t>(job_.limits.memory_mb * 6 / 10, 128)) + "MB";
        SENDHUB_ASSIGN(auto database, duck::Database::open({}, {{"threads", "1"},
                                                                {"memory_limit", memory},
                                                                {"temp_directory", ""},
                                                                {"preserve_insertion_order", "false"}}));
        database_.emplace(std::move(database));
        const auto text = [](const char* name) { return ParquetColumn{name, DUCKDB_TYPE_VARCHAR, 0, 0}; };
        SENDHUB_ASSIGN(rejects_, ParquetStream::open(*database_, "rejects",
                                                     {text("severity"),
                                                      text("record"),
                                                      {"scope_no", DUCKDB_TYPE_INTEGER, 0, 0},
                                                      {"file_no", DUCKDB_TYPE_INTEGER, 0, 0},
                                                      text("file_name"),
                                                      {"source_row", DUCKDB_TYPE_BIGINT, 0, 0},
                                                      text("field"),
                                                      text("value_masked"),
                                                      text("rule"),
                                                      text("reason"),
                                                      text("advice"),
                                                      text("source_key"),
                                                      text("person_ref")},
                                                     folder_ / "rejects.parquet"));
        return {};
    }

    Ending storage(const Error& error) const {
        if (error.sentence.find("Out of Memory") != std::string::npos ||
            error.sentence.find("failed to allocate") != std::string::npos)
            return {handover::OutcomeState::out_of_memory,
                    "feed " + job_.feed + ": writing the batch needed more than the limit of " +
                        std::to_string(job_.limits.memory_mb) + " MB; raise limits.memory_mb of the feed"};
        return {handover::OutcomeState::failed, "feed " + job_.feed + ": the batch " + job_.batch_id +
                                                    " could not be written: " + error.sentence};
    }

    Ending read_all(void* instance) {
        for (const handover::Delivery& delivery : job_.deliveries) {
            if (Ending ending = read_delivery(instance, delivery); ending.state != handover::OutcomeState::ok)
                return ending;
        }
        scopes_of_call_.clear();
        in_finish_ = true;
        current_file_ = files_.empty() ? SHP_NONE : static_cast<std::uint32_t>(files_.size() - 1);
        clear_error();
        const Called called = call_plugin([&] { return plugin_.connector.finish(instance); });
        in_finish_ = false;
        return after(plugin_, called, "finish");
    }

    Ending read_delivery(void* instance, const handover::Delivery& delivery) {
        std::error_code error;
        const auto path = job_.landing / delivery.sha256;
        if (const auto size = std::filesystem::file_size(path, error); !error && size != delivery.bytes)
            return {handover::OutcomeState::failed,
                    "feed " + job_.feed + ": the landed file " + path.string() + " has " +
                        std::to_string(size) + " bytes, " + std::to_string(delivery.bytes) +
                        " arrived; somebody has changed it, restore it or fetch it again"};
        auto landed = LandedFile::open(path, delivery.name);
        if (!landed && landed.error().code == ErrorCode::storage)
            return {handover::OutcomeState::failed, "feed " + job_.feed + ": " + landed.error().sentence};
        if (!landed) {
            files_.push_back(
                {delivery.seq, delivery.name, delivery.sha256, delivery.bytes, delivery.received_at, {}});
            refuse_file(landed.error().sentence);
            ++report().counts.files;
            return {};
        }
        const auto& members = (*landed)->members();
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (cancelled()) return {handover::OutcomeState::cancelled, "the run was stopped by the hub"};
            files_.push_back({delivery.seq, members[i].name, delivery.sha256, 0, delivery.received_at, {}});
            ++report().counts.files;
            auto source = (*landed)->member(i);
            if (!source) {
                refuse_file(source.error().sentence);
                continue;
            }
            if (Ending ending = read_file(instance, delivery, members[i], **source);
                ending.state != handover::OutcomeState::ok)
                return ending;
        }
        return {};
    }

    Ending read_file(void* instance, const handover::Delivery& delivery, const LandedFile::Member& member,
                     ByteSource& source) {
        scopes_of_call_.clear();
        current_file_ = static_cast<std::uint32_t>(files_.size() - 1);
        source_ = &source;
        clear_error();
        report().working();
        shp_file file{};
        file.size = sizeof file;
        file.number = current_file_;
        file.name = to_c(member.name);
        file.bytes = member.bytes;
        file.received_at = delivery.received_at;
        const Called called = call_plugin([&] { return plugin_.connector.read_file(instance, &file); });
        source_ = nullptr;
        if (stopped_.state != handover::OutcomeState::ok) return stopped_;
        if (!called.threw && !source.why().empty())
            refuse_file(source.why());  // whatever the plugin made of it
        else if (!called.threw && called.code == SHP_REFUSED_FILE)
            refuse_file(error().empty()
                            ? "the connector " + plugin_.description.name + " refused it and did not say why"
                            : error());
        else if (called.code != SHP_OK)
            return after(plugin_, called,
                         "read_file (file " + std::to_string(current_file_) + " of the batch)");
        return {};
    }

    void refuse_file(const std::string& why) { refuse(files_.back(), why); }
    void refuse(StagedFile& file, const std::string& why) {
        if (!file.refused.empty()) return;  // the first reason is the cause
        file.refused = handover::one_line(why, 1000);
        ++report().counts.files_refused;
    }

    // No source can say how things will stand: a statement as of a later day than that of its receipt is a
    // mistyped date, and would make every right one after it look old. An hour more: in summer the day begins
    // an hour earlier in London.
    void check_statement_date(Days as_of) {
        StagedFile& file = files_[current_file_];
        const Days received = day_of(file.received_at + kHour);
        if (as_of > received)
            refuse(file, "it is dated " + format_date(as_of) + ", after the day it was received (" +
                             format_date(received) +
                             "); ask the sender to correct the date and send it again");
    }

    // ---- the host's table ----

    static Stage& self(void* ctx) { return *static_cast<Stage*>(static_cast<Host*>(ctx)); }

    [[nodiscard]] const void* interface(std::string_view id) const override {
        if (id == SHP_HOST_CONNECTOR) return &rows_;
        if (id == SHP_HOST_ARROW) return &batches_;
        return nullptr;
    }

    void fill_table() {
        rows_.size = sizeof rows_;
        rows_.read = [](void* ctx, void* buffer, std::uint64_t capacity) noexcept {
            return self(ctx).read(buffer, capacity);
        };
        rows_.scope = [](void* ctx, std::uint32_t record, shp_str name, std::uint32_t mode,
                         std::int32_t as_of) noexcept {
            return self(ctx).scope(record, view(name), mode, as_of);
        };
        rows_.add_row = [](void* ctx, std::uint32_t record, std::uint32_t scope, std::uint64_t row,
                           const shp_value* values, std::uint32_t count) noexcept {
            return self(ctx).add_row(record, scope, row, values, count);
        };
        rows_.add_issue = [](void* ctx, const shp_issue* issue) noexcept {
            return self(ctx).add_issue(issue);
        };
        batches_.size = sizeof batches_;
        batches_.add_batch = [](void* ctx, std::uint32_t record, std::uint32_t scope, std::uint64_t first_row,
                                const ArrowSchema* schema, const ArrowArray* batch) noexcept {
            return self(ctx).add_batch(record, scope, first_row, schema, batch);
        };
        rows_.set_file = [](void* ctx, std::uint32_t number) noexcept {
            Stage& stage = self(ctx);
            if (stage.in_finish_ && number < stage.files_.size())
                stage.current_file_ = number;
            else
                stage.misuse("called set_file for file " + std::to_string(number) +
                             (stage.in_finish_ ? ", which the run does not have" : " outside finish"));
        };
    }

    std::int32_t add_batch(std::uint32_t record, std::uint32_t scope_no, std::uint64_t first_row,
                           const ArrowSchema* schema, const ArrowArray* batch) {
        if (stopped_.state != handover::OutcomeState::ok) return SHP_FAILED;
        if (record >= records_.size()) return misuse("gave a batch of a record type that it did not declare");
        auto rows = ArrowRows::bind(schema, batch, plugin_.description.records[record].fields);
        if (!rows) return misuse("gave a batch of rows that cannot be read: " + rows.error());
        for (std::int64_t i = 0; i < rows->size(); ++i) {
            const std::int32_t code = add_row(record, scope_no, rows->source_row(i, first_row),
                                              rows->values(i), rows->field_count());
            if (code != SHP_OK) return code;
        }
        return SHP_OK;
    }

    std::int32_t misuse(const std::string& what) {
        return stop(handover::OutcomeState::failed,
                    "the plugin " + plugin_.description.name + " " + what + "; tell its author");
    }
    std::int32_t stop(handover::OutcomeState state, std::string sentence) {
        if (stopped_.state == handover::OutcomeState::ok) stopped_ = {state, std::move(sentence)};
        return SHP_FAILED;
    }

    std::int64_t read(void* buffer, std::uint64_t capacity) {
        if (stopped_.state != handover::OutcomeState::ok) return -1;
        if (!source_) {
            misuse("called read outside read_file");
            return -1;
        }
        if (cancelled()) {
            stop(handover::OutcomeState::cancelled, "the run was stopped by the hub");
            return -1;
        }
        if (capacity == 0 || !buffer) return 0;
        const std::int64_t n = source_->read(buffer, capacity);
        if (n > 0) {
            files_.back().bytes += static_cast<std::uint64_t>(n);
            report().counts.bytes += static_cast<std::uint64_t>(n);
            report().working();
        }
        return n;
    }

    std::uint32_t scope(std::uint32_t record, std::string_view name, std::uint32_t mode, std::int32_t as_of) {
        const auto wrong = [&](const std::string& what) {
            misuse(what);
            return SHP_NONE;
        };
        if (stopped_.state != handover::OutcomeState::ok) return SHP_NONE;
        if (record >= records_.size())
            return wrong("named a scope of record type " + std::to_string(record) +
                         ", which it did not declare");
        if (mode != SHP_SCOPE_SNAPSHOT && mode != SHP_SCOPE_DELTA)
            return wrong("named a scope of mode " + std::to_string(mode));
        if (current_file_ == SHP_NONE) return wrong("named a scope and no file was read");
        if (as_of < kFirstDay || as_of > kLastDay)
            return wrong("named a scope as of a day outside the years 1 to 9999");
        check_statement_date(as_of);
        // Connectors ask for every row: found without an allocation.
        scope_key_.assign(std::to_string(record))
            .append(" ")
            .append(std::to_string(as_of))
            .append(" ")
            .append(name.substr(0, 501));
        if (const auto found = scopes_of_call_.find(scope_key_); found != scopes_of_call_.end()) {
            Scope& s = scopes_[found->second];
            if (s.mode != mode) return wrong("named one scope both as snapshot and as delta");
            s.touch(current_file_);
            return found->second;
        }
        if (name.size() > 500 || handover::one_line(name, 501) != name)
            return wrong("named a scope that is not one line of UTF-8 of at most 500 bytes");
        if (scopes_.size() >= 1'000'000) return wrong("named more than a million scopes");
        Scope s;
        s.record = record;
        s.name = name;
        s.mode = mode;
        s.as_of = as_of;
        s.files = {current_file_};
        scopes_.push_back(std::move(s));
        scopes_of_call_.emplace(scope_key_, static_cast<std::uint32_t>(scopes_.size() - 1));
        return static_cast<std::uint32_t>(scopes_.size() - 1);
    }

    std::int32_t add_row(std::uint32_t record, std::uint32_t scope_no, std::uint64_t source_row,
                         const shp_value* values, std::uint32_t count) {
        if (stopped_.state != handover::OutcomeState::ok) return SHP_FAILED;
        if (record >= records_.size())
            return misuse("added a row of record type " + std::to_string(record) +
                          ", which it did not declare");
        if (scope_no >= scopes_.size() || scopes_[scope_no].record != record)
            return misuse("added a row to a scope that is not one of that record type");
        Filled& filled = records_[record];
        if (count != filled.field_count || !values)
            return misuse("added a row of " + std::string(filled.record->name) + " with " +
                          std::to_string(count) + " values, it declared " +
                          std::to_string(filled.field_count));
        Scope& scope = scopes_[scope_no];
        scope.touch(current_file_);
        handover::Counts& counts = report().counts;
        ++counts.rows_received;
        if ((counts.rows_received & 1023) == 0 && !still_going()) return SHP_CANCELLED;

        const auto faults = filled.check->check(values);
        values = filled.check->row();
        const shp_value& key = values[filled.source_key];
        const bool has_key = key.kind == SHP_TEXT && key.as.text.data;
        const KeySet::Slot slot = has_key ? filled.keys.look(scope_no, view(key.as.text)) : KeySet::Slot{};
        if (!faults.empty()) {
            for (const RowFault& fault : faults) reject(fault, filled, scope_no, source_row, key);
            ++scope.rejected;
            ++counts.rows_rejected;
            return issue_status();
        }
        if (!filled.keys.insert(slot)) {
            reject({RowRule::repeat, &filled.record->fields[0], &key}, filled, scope_no, source_row, key);
            ++scope.rejected;
            ++counts.rows_rejected;
            return issue_status();
        }
        if (!filled.out && !open_output(filled)) return SHP_FAILED;
        for (const RowFault& cleaned : filled.check->cleaned())
            tell(SHP_ISSUE_WARNING, cleaned, filled, scope_no, source_row, key);
        write_row(filled, scope_no, source_row, values);
        ++scope.rows;
        ++counts.rows_staged;
        if (!filled.out->end_row()) return writer_failed(*filled.out);
        return SHP_OK;
    }

    bool open_output(Filled& filled) {
        std::vector<ParquetColumn> columns{{"scope_no", DUCKDB_TYPE_INTEGER, 0, 0},
                                           {"file_no", DUCKDB_TYPE_INTEGER, 0, 0},
                                           {"source_row", DUCKDB_TYPE_BIGINT, 0, 0}};
        for (const schema::Field& field : filled.record->fields)
            columns.push_back(
                {std::string(field.name), engine_type(field.type), field.precision, field.scale});
        const std::string name(filled.record->name);
        auto out = ParquetStream::open(*database_, name, std::move(columns), folder_ / (name + ".parquet"));
        if (!out) {
            stopped_ = storage(out.error());
            return false;
        }
        filled.out = std::move(*out);
        return true;
    }

    void write_row(Filled& filled, std::uint32_t scope_no, std::uint64_t source_row,
                   const shp_value* values) {
        ParquetStream& out = *filled.out;
        out.set(0, static_cast<std::int32_t>(scope_no));
        out.set(1, static_cast<std::int32_t>(current_file_));
        out.set(2, static_cast<std::int64_t>(source_row & 0x7fffffffffffffffull));
        const auto positions = filled.check->positions();
        for (std::size_t i = 0; i < positions.size(); ++i) {
            const std::size_t column = i + 3;
            if (positions[i] < 0) continue;
            const shp_value& value = values[positions[i]];
            if (value.kind == SHP_NULL) continue;
            switch (filled.record->fields[i].type) {
                case FieldType::string:
                    if (value.as.text.size > 0)  // empty text is no value
                        out.set_text(column,
                                     {value.as.text.data, static_cast<std::size_t>(value.as.text.size)});
                    break;
                case FieldType::number:
                    out.set_decimal(column,
                                    value.kind == SHP_INT ? static_cast<double>(value.as.i) : value.as.d);
                    break;
                case FieldType::boolean:
                    out.set(column, value.as.i != 0);
                    break;
                case FieldType::date:
                    out.set(column, static_cast<std::int32_t>(value.as.i));
                    break;
                case FieldType::integer:
                case FieldType::datetime:
                    out.set(column, value.as.i);
                    break;
            }
        }
    }

    // Every 1,024 rows: is there reason to stop? Says that work is being done, too.
    bool still_going() {
        report().working();
        if (cancelled()) {
            stop(handover::OutcomeState::cancelled, "the run was stopped by the hub");
            return false;
        }
        std::uint64_t written = 0;
        std::error_code error;
        for (const Filled& filled : records_)
            if (filled.out) {
                const auto size = std::filesystem::file_size(filled.out->file(), error);
                if (!error) written += size;
            }
        const auto size = std::filesystem::file_size(rejects_->file(), error);
        if (!error) written += size;
        if (written <= static_cast<std::uint64_t>(job_.limits.output_mb) << 20) return true;
        stop(handover::OutcomeState::output_limit,
             "feed " + job_.feed + ": the batch grew beyond the limit of " +
                 std::to_string(job_.limits.output_mb) +
                 " MB; look whether a file was sent that does not belong here, "
                 "or raise limits.output_mb of the feed");
        return false;
    }

    std::int32_t writer_failed(ParquetStream& out) {
        const Status status = out.finish();
        stopped_ = storage(status ? Error(ErrorCode::bug, "the writer stopped and did not say why")
                                  : status.error());
        return SHP_FAILED;
    }

    // ---- rejects ----

    std::int32_t issue_status() const {
        return stopped_.state == handover::OutcomeState::ok ? SHP_OK : SHP_FAILED;
    }

    void reject(const RowFault& fault, const Filled& filled, std::uint32_t scope_no, std::uint64_t source_row,
                const shp_value& key) {
        tell(SHP_ISSUE_REJECT, fault, filled, scope_no, source_row, key);
    }

    void tell(std::uint32_t severity, const RowFault& fault, const Filled& filled, std::uint32_t scope_no,
              std::uint64_t source_row, const shp_value& key) {
        const std::string raw = text_of(*fault.value);
        const bool hide = fault.field->personal || fault.rule == RowRule::repeat ||
                          fault.field == filled.record->fields.data() || fault.field->name == "person_ref";
        const std::string_view source_key =
            key.kind == SHP_TEXT && key.as.text.size <= 1000 ? view(key.as.text) : std::string_view();
        write_issue(severity, filled.record->name, scope_no, source_row, fault.field->name,
                    hide ? masked(raw) : handover::one_line(raw, 60), rule_id(fault.rule), reason_of(fault),
                    advice_of(fault), rules::is_utf8(source_key) ? source_key : std::string_view());
    }

    std::int32_t add_issue(const shp_issue* given) {
        if (stopped_.state != handover::OutcomeState::ok) return SHP_FAILED;
        if (!given || given->size < offsetof(shp_issue, field))
            return misuse("gave an issue without its size");
        shp_issue issue{};
        std::memcpy(&issue, given, std::min<std::size_t>(given->size, sizeof issue));
        if (issue.severity != SHP_ISSUE_REJECT && issue.severity != SHP_ISSUE_WARNING)
            return misuse("gave an issue of severity " + std::to_string(issue.severity));
        if (issue.record != SHP_NONE && issue.record >= records_.size())
            return misuse("gave an issue of a record type that it did not declare");
        if (issue.scope != SHP_NONE &&
            (issue.scope >= scopes_.size() || scopes_[issue.scope].record != issue.record))
            return misuse("gave an issue in a scope that is not one of that record type");
        if (current_file_ == SHP_NONE) return misuse("gave an issue and no file was read");
        if (view(issue.rule).empty() || view(issue.reason).empty())
            return misuse("gave an issue without rule or reason");
        if ((++issues_seen_ & 1023) == 0 && !still_going()) return SHP_CANCELLED;
        std::string_view field = view(issue.field);
        bool personal = issue.personal != 0;
        if (issue.record != SHP_NONE)
            for (const schema::Field& known : records_[issue.record].record->fields)
                if (known.name == field &&
                    (known.personal || known.name == "source_key" || known.name == "person_ref"))
                    personal = true;
        const std::string raw(view(issue.value).substr(0, 200));
        std::string_view key = view(issue.source_key);
        if (key.size() > 1000 || !rules::is_utf8(key)) key = {};
        std::string_view child = view(issue.person_ref);
        if (child.size() > 1000 || !rules::is_utf8(child)) child = {};
        if (issue.severity == SHP_ISSUE_REJECT) count_reject(issue, key);
        write_issue(issue.severity,
                    issue.record == SHP_NONE ? std::string_view() : records_[issue.record].record->name,
                    issue.scope, issue.source_row, handover::one_line(field, 100),
                    personal ? masked(raw) : handover::one_line(raw, 60),
                    handover::one_line(view(issue.rule), 40), handover::one_line(view(issue.reason), 400),
                    handover::one_line(view(issue.advice), 400), key, child);
        return issue_status();
    }

    // A row with several faults is one rejected row. Row 0 is the file as a whole, which is no row.
    void count_reject(const shp_issue& issue, std::string_view key) {
        if (issue.source_row == 0) return;
        LastReject now{issue.record, issue.scope, current_file_, issue.source_row, std::string(key)};
        if (now == last_reject_) return;
        last_reject_ = std::move(now);
        ++report().counts.rows_received;
        ++report().counts.rows_rejected;
        if (issue.scope != SHP_NONE) {
            scopes_[issue.scope].touch(current_file_);
            ++scopes_[issue.scope].rejected;
        } else if (issue.record != SHP_NONE) {
            ++records_[issue.record].rejected_without_scope[current_file_];
        } else {
            ++rejected_of_no_record_[current_file_];
        }
    }

    void write_issue(std::uint32_t severity, std::string_view record, std::uint32_t scope_no,
                     std::uint64_t source_row, std::string_view field, std::string_view value,
                     std::string_view rule, std::string_view reason, std::string_view advice,
                     std::string_view source_key, std::string_view person_ref = {}) {
        ParquetStream& out = *rejects_;
        const auto text = [&](std::size_t column, std::string_view t) {
            if (!t.empty()) out.set_text(column, t);
        };
        const bool is_reject = severity == SHP_ISSUE_REJECT;
        ++(is_reject ? reject_issues_ : warnings_);
        out.set_text(0, is_reject ? "reject" : "warning");
        text(1, record);
        if (scope_no != SHP_NONE) out.set(2, static_cast<std::int32_t>(scope_no));
        out.set(3, static_cast<std::int32_t>(current_file_));
        text(4, files_[current_file_].name);
        out.set(5, static_cast<std::int64_t>(source_row & 0x7fffffffffffffffull));
        text(6, field);
        text(7, value);
        text(8, rule);
        text(9, reason);
        text(10, advice);
        text(11, source_key);
        text(12, person_ref);
        if (!out.end_row()) writer_failed(out);
    }

    // ---- the end ----

    Status complete() {
        for (Filled& filled : records_)
            if (filled.out) {
                report().working();
                SENDHUB_TRY(filled.out->finish());
            }
        SENDHUB_TRY(rejects_->finish());
        for (Scope& scope : scopes_)
            for (const std::uint32_t file : scope.files)
                if (!files_[file].refused.empty()) scope.refused = true;
        SENDHUB_TRY(write_file_atomically(folder_ / "batch.json", batch_json()));
        SENDHUB_TRY(sync_folder(folder_));
        const auto complete = job_.staging / job_.batch_id;
        std::error_code error;
        if (std::filesystem::exists(complete, error))
            return fail(ErrorCode::storage, "there is a batch of that name already");
        std::filesystem::rename(folder_, complete, error);
        if (error) return fail(ErrorCode::storage, "it could not be renamed: " + error.message());
        return sync_folder(job_.staging);
    }

    std::string batch_json() {
        JsonWriter json;
        json.begin_object().field("batch", job_.batch_id).field("feed", job_.feed);
        json.key("connector")
            .begin_object()
            .field("name", plugin_.description.name)
            .field("version", plugin_.description.version)
            .end_object();
        json.field("schema_version", schema::version())
            .field("started_at", format_time(started_at_))
            .field("finished_at", format_time(now_micros()));
        json.key("files").begin_array();
        for (std::size_t i = 0; i < files_.size(); ++i) {
            const StagedFile& file = files_[i];
            json.begin_object()
                .field("no", i)
                .field("seq", file.seq)
                .field("name", file.name)
                .field("sha256", file.sha256)
                .field("bytes", file.bytes);
            json.field("state", file.refused.empty() ? "read" : "refused")
                .field("reason", file.refused)
                .end_object();
        }
        json.end_array().key("scopes").begin_array();
        for (std::size_t i = 0; i < scopes_.size(); ++i) {
            const Scope& scope = scopes_[i];
            json.begin_object()
                .field("no", i)
                .field("record", records_[scope.record].record->name)
                .field("name", scope.name);
            json.field("mode", scope.mode == SHP_SCOPE_SNAPSHOT ? "snapshot" : "delta")
                .field("as_of", format_date(scope.as_of))
                .field("rows", scope.rows);
            json.key("files").begin_array();
            for (const std::uint32_t file : scope.files) json.value(file);
            json.end_array().field("state", scope.refused ? "refused" : "staged").end_object();
        }
        json.end_array().key("records").begin_array();
        handover::Counts& counts = report().counts;
        counts.rows_staged = counts.rows_rejected = 0;
        const auto of_read_files = [&](const std::map<std::uint32_t, std::uint64_t>& by_file) {
            std::uint64_t sum = 0;
            for (const auto& [file, n] : by_file)
                if (files_[file].refused.empty()) sum += n;
            return sum;
        };
        for (std::uint32_t r = 0; r < records_.size(); ++r) {
            std::uint64_t staged = 0, rejected = of_read_files(records_[r].rejected_without_scope);
            for (const Scope& scope : scopes_)
                if (scope.record == r && !scope.refused) {
                    staged += scope.rows;
                    rejected += scope.rejected;
                }
            json.begin_object()
                .field("record", records_[r].record->name)
                .field("received", staged + rejected)
                .field("staged", staged)
                .field("rejected", rejected)
                .end_object();
            counts.rows_staged += staged;
            counts.rows_rejected += rejected;
        }
        const std::uint64_t of_no_record = of_read_files(rejected_of_no_record_);
        counts.rows_rejected += of_no_record;
        counts.rows_received = counts.rows_staged + counts.rows_rejected;
        json.end_array()
            .field("rejected_of_no_record", of_no_record)
            .key("issues")
            .begin_object()
            .field("reject", reject_issues_)
            .field("warning", warnings_)
            .end_object()
            .end_object();
        return json.take();
    }

    struct LastReject {
        std::uint32_t record = 0, scope = 0, file = 0;
        std::uint64_t row = 0;
        std::string key;
        bool operator==(const LastReject&) const = default;
    };

    const handover::StageJob& job_;
    const LoadedPlugin& plugin_;
    shp_host_connector rows_{};
    shp_host_arrow batches_{};
    std::filesystem::path folder_;
    Micros started_at_;
    std::optional<duck::Database> database_;
    std::vector<Filled> records_;
    std::unique_ptr<ParquetStream> rejects_;
    std::vector<StagedFile> files_;
    std::vector<Scope> scopes_;
    std::map<std::uint32_t, std::uint64_t> rejected_of_no_record_;
    LastReject last_reject_;
    std::uint64_t reject_issues_ = 0, warnings_ = 0, issues_seen_ = 0;
    std::uint32_t current_file_ = SHP_NONE;
    std::string scope_key_;
    std::unordered_map<std::string, std::uint32_t> scopes_of_call_;  // of this read_file, or of finish
    bool in_finish_ = false;
    ByteSource* source_ = nullptr;
};

}  // namespace

Ending run_stage(const handover::StageJob& job, const LoadedPlugin& plugin, Report& report) {
    auto settings = Host::settings_for(plugin.description, job.settings);
    if (!settings)
        return {handover::OutcomeState::bad_settings, "feed " + job.feed + ": " + settings.error().sentence};
    // Never destroyed: the process ends with the run, and a plugin's threads may still look at the host.
    auto* stage = new Stage(job, plugin, report, std::move(*settings));
    return stage->run();
}

}  // namespace sendhub::worker
