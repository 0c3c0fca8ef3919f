#include "hub/worker/parquet_stream.hpp"

#include <cmath>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

#include "base/files.hpp"

namespace sendhub::worker {
namespace {

constexpr std::size_t kQueue = 4;

struct LogicalType {
    duckdb_logical_type value;
    explicit LogicalType(const ParquetColumn& column)
        : value(column.type == DUCKDB_TYPE_DECIMAL
                    ? duckdb_create_decimal_type(column.precision, column.scale)
                    : duckdb_create_logical_type(column.type)) {}
    LogicalType(LogicalType&& other) noexcept : value(std::exchange(other.value, nullptr)) {}
    LogicalType& operator=(LogicalType&&) = delete;
    ~LogicalType() {
        if (value) duckdb_destroy_logical_type(&value);
    }
};

constexpr std::size_t kBlock = 256 * 1024;

}  // namespace

// Rows on their way, with the long texts that their vectors point to. The engine copies what it keeps before
// it asks for more, so a chunk is free again then.
struct ParquetStream::Chunk {
    duckdb_data_chunk data = nullptr;
    std::vector<std::unique_ptr<char[]>> blocks;
    std::vector<std::unique_ptr<char[]>> large;  // texts longer than a block
    std::size_t block = 0, used = kBlock;        // the block in use, and how much of it; at first: none
    Chunk() = default;
    Chunk(const Chunk&) = delete;
    Chunk& operator=(const Chunk&) = delete;
    ~Chunk() { duckdb_destroy_data_chunk(&data); }
    char* room(std::size_t size) {
        if (size > kBlock) return large.emplace_back(new char[size]).get();
        if (used + size > kBlock) {
            block = used == kBlock && blocks.empty() ? 0 : block + 1;
            if (block >= blocks.size()) {
                blocks.emplace_back(new char[kBlock]);
                block = blocks.size() - 1;
            }
            used = 0;
        }
        char* at = blocks[block].get() + used;
        used += size;
        return at;
    }
    void clear() {
        large.clear();
        block = 0;
        used = blocks.empty() ? kBlock : 0;
    }
};

// Between the filling thread and the writing one.
struct ParquetStream::Shared {
    std::vector<LogicalType> types;
    std::vector<std::string> names;
    std::mutex mutex;
    std::condition_variable changed;
    std::deque<std::unique_ptr<Chunk>> queue;
    std::vector<std::unique_ptr<Chunk>> free;
    bool ended = false;      // no more chunks will come
    bool abandoned = false;  // and the file does not matter
    bool failed = false;
    Status status;
    std::unique_ptr<Chunk> in_use;  // what the engine refers to until it asks for the next
    std::thread writer;

    void next(duckdb_function_info info, duckdb_data_chunk output) {
        std::unique_lock lock(mutex);
        if (in_use) free.push_back(std::move(in_use));
        changed.wait(lock, [&] { return ended || !queue.empty(); });
        if (abandoned) {
            duckdb_function_set_error(info, "the run ended early");
            return;
        }
        if (queue.empty()) {
            duckdb_data_chunk_set_size(output, 0);
            return;
        }
        in_use = std::move(queue.front());
        queue.pop_front();
        lock.unlock();
        changed.notify_all();
        for (idx_t i = 0; i < types.size(); ++i)
            duckdb_vector_reference_vector(duckdb_data_chunk_get_vector(output, i),
                                           duckdb_data_chunk_get_vector(in_use->data, i));
        duckdb_data_chunk_set_size(output, duckdb_data_chunk_get_size(in_use->data));
    }
};

Result<std::unique_ptr<ParquetStream>> ParquetStream::open(duck::Database& database, const std::string& name,
                                                           std::vector<ParquetColumn> columns,
                                                           const std::filesystem::path& file) {
    auto stream = std::unique_ptr<ParquetStream>(new ParquetStream());
    stream->shared_ = std::make_shared<Shared>();
    stream->file_ = file;
    stream->columns_ = std::move(columns);
    Shared& shared = *stream->shared_;
    for (const ParquetColumn& column : stream->columns_) {
        shared.types.emplace_back(column);
        shared.names.push_back(column.name);
    }
    SENDHUB_ASSIGN(duck::Connection connection, database.connect());

    duckdb_table_function function = duckdb_create_table_function();
    duckdb_table_function_set_name(function, ("rows_of_" + name).c_str());
    duckdb_table_function_set_extra_info(function, &shared, nullptr);
    duckdb_table_function_set_bind(function, [](duckdb_bind_info info) {
        auto& self = *static_cast<Shared*>(duckdb_bind_get_extra_info(info));
        for (std::size_t i = 0; i < self.types.size(); ++i)
            duckdb_bind_add_result_column(info, self.names[i].c_str(), self.types[i].value);
    });
    duckdb_table_function_set_init(function,
                                   [](duckdb_init_info info) { duckdb_init_set_max_threads(info, 1); });
    duckdb_table_function_set_function(function, [](duckdb_function_info info, duckdb_data_chunk output) {
        static_cast<Shared*>(duckdb_function_get_extra_info(info))->next(info, output);
    });
    const bool registered = duckdb_register_table_function(connection.raw(), function) == DuckDBSuccess;
    duckdb_destroy_table_function(&function);
    if (!registered) return fail(ErrorCode::bug, "DuckDB did not take the table function of " + name);

    const std::string sql = "copy (select * from rows_of_" + name + "()) to " +
                            duck::quoted_text(file.string()) +
                            " (format parquet, compression snappy, row_group_size 20480)";
    shared.writer = std::thread([keep = stream->shared_, con = std::move(connection), sql]() mutable {
        Status status = con.run(sql);
        const std::lock_guard lock(keep->mutex);
        keep->failed = !status;
        keep->status = std::move(status);
        keep->changed.notify_all();
    });
    stream->new_chunk();
    return stream;
}

ParquetStream::~ParquetStream() {
    if (!shared_ || !shared_->writer.joinable()) return;
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->ended = shared_->abandoned = true;
    }
    shared_->changed.notify_all();
    shared_->writer.join();
}

char* ParquetStream::keep(std::string_view text) {
    char* at = chunk_->room(text.size());
    std::memcpy(at, text.data(), text.size());
    return at;
}

void ParquetStream::new_chunk() {
    {
        const std::lock_guard lock(shared_->mutex);
        if (!shared_->free.empty()) {
            chunk_ = std::move(shared_->free.back());
            shared_->free.pop_back();
        }
    }
    if (chunk_) {
        duckdb_data_chunk_reset(chunk_->data);
        chunk_->clear();
    } else {
        std::vector<duckdb_logical_type> types;
        for (const LogicalType& type : shared_->types) types.push_back(type.value);
        chunk_ = std::make_unique<Chunk>();
        chunk_->data = duckdb_create_data_chunk(types.data(), types.size());
    }
    capacity_ = duckdb_vector_size();
    cells_.clear();
    for (idx_t i = 0; i < columns_.size(); ++i) {
        duckdb_vector vector = duckdb_data_chunk_get_vector(chunk_->data, i);
        duckdb_vector_ensure_validity_writable(vector);
        cells_.push_back({duckdb_vector_get_data(vector), duckdb_vector_get_validity(vector),
                          std::pow(10.0, columns_[i].scale)});
        std::memset(cells_.back().validity, 0, (capacity_ + 63) / 64 * sizeof(std::uint64_t));
        if (columns_[i].type == DUCKDB_TYPE_VARCHAR)  // no stale pointer behind a missing value
            std::memset(cells_.back().data, 0, capacity_ * sizeof(duckdb_string_t));
    }
    row_ = 0;
}

bool ParquetStream::hand_over() {
    duckdb_data_chunk_set_size(chunk_->data, row_);
    {
        std::unique_lock lock(shared_->mutex);
        shared_->changed.wait(lock, [&] { return shared_->failed || shared_->queue.size() < kQueue; });
        if (shared_->failed) {
            row_ = 0;  // the run ends; nothing more is kept
            return false;
        }
        shared_->queue.push_back(std::move(chunk_));
    }
    shared_->changed.notify_all();
    new_chunk();
    return true;
}

void ParquetStream::set_decimal(std::size_t column, double value) {
    const ParquetColumn& c = columns_[column];
    const auto unscaled = static_cast<std::int64_t>(std::llround(value * cells_[column].factor));
    if (c.precision <= 4)
        set(column, static_cast<std::int16_t>(unscaled));
    else if (c.precision <= 9)
        set(column, static_cast<std::int32_t>(unscaled));
    else
        set(column, unscaled);
}

Status ParquetStream::finish() {
    if (row_ > 0 && !hand_over()) { /* the writer's own status says why */
    }
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->ended = true;
    }
    shared_->changed.notify_all();
    shared_->writer.join();
    if (!shared_->status) return std::move(shared_->status);
    return sync_file(file_);
}

}  // namespace sendhub::worker
