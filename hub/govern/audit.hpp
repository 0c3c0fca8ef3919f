// The audit log: who did what to which data, one JSON line an entry, each line holding the hash of the one
// before, so that a change anywhere breaks the chain from there on. Lines are only appended. Several
// processes may append to one file (a daemon, a command, more servers): each takes the file's lock for its
// few lines.
//
//   {"seq":7,"ts":"…Z","actor":"key:…","action":"read","dataset":"dim_person","version":"…","rows":5000,
//    "query":"$filter=surname eq ?","result":"ok","request_id":"…","prev":"<64 hex>","hash":"<64 hex>"}
//
// hash = SHA-256 of the line's bytes before `,"hash":`; prev = hash of the line before (64 zeros in the
// first). Values of a query never get in: only its shape. What the chain cannot show is that whole lines were
// cut off the end; keep Audited::head somewhere else to notice that.
//
// A crash may leave a torn last line. The next append ends it and writes an entry "audit.healed" that holds
// the torn bytes' number and hash: the tear stays visible, and verify_audit accepts it only with that entry.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace sendhub::govern {

struct AuditEntry {
    std::string actor;    // "key:<id>", "cli:<user>", "hub"
    std::string action;   // "read", "review.decide", "batch.approve", …
    std::string dataset;  // empty where there is none, as below
    std::string version;
    std::optional<std::int64_t> rows;
    std::string query;  // shape without values
    std::string result;
    std::string request_id;
    std::string reason;  // why, where one must be given; in the line only then
};

class AuditLog {
  public:
    // Nothing is opened or written until the first append.
    explicit AuditLog(std::filesystem::path file);
    ~AuditLog();
    AuditLog(const AuditLog&) = delete;
    AuditLog& operator=(const AuditLog&) = delete;

    // Returns when the entry is on disk. Any thread; entries that wait together share one fsync.
    [[nodiscard]] Status append(const AuditEntry& entry);

  private:
    struct State;
    std::unique_ptr<State> state_;
};

struct Audited {
    std::uint64_t entries = 0;
    std::uint64_t healed = 0;  // torn lines of crashes, each followed by its entry
    std::string head;          // hash of the last entry; 64 zeros when there is none
    // The first line (from 1) that does not belong, and why; 0 when the whole file holds.
    std::uint64_t broken_line = 0;
    std::string reason;

    [[nodiscard]] bool ok() const { return broken_line == 0; }
};

// An error only when the file cannot be read; a file that does not exist holds no entries and is ok.
[[nodiscard]] Result<Audited> verify_audit(const std::filesystem::path& file);

}  // namespace sendhub::govern
