// What a test compares the hub with. The rows are noted while the feeds are written, so that both say the
// same.
#pragma once

#include <cstdint>
#include <expected>
#include <string>
#include <string_view>

#include "demo/county_model.hpp"
#include "demo/output.hpp"

namespace sendhub::demo {

class Truth {
  public:
    void record(std::string_view feed, std::string_view file, std::uint64_t ordinal, std::string_view key,
                std::uint32_t child);
    void reject(std::string_view feed, std::string_view file, std::uint64_t ordinal, std::string_view record,
                std::string_view rule, std::string_view reason) {
        issue(feed, file, ordinal, record, rule, "reject", reason);
    }
    void warn(std::string_view feed, std::string_view file, std::uint64_t ordinal, std::string_view record,
              std::string_view rule, std::string_view reason) {
        issue(feed, file, ordinal, record, rule, "warning", reason);
    }
    std::expected<void, std::string> write(const County& county, Output& output) const;

  private:
    void issue(std::string_view feed, std::string_view file, std::uint64_t ordinal, std::string_view record,
               std::string_view rule, std::string_view severity, std::string_view reason);

    std::string records_, issues_;
};

std::string people_csv(const County& county);
std::string measures_csv(const County& county);

// C000001 …
std::string child_id(std::uint32_t child);

}  // namespace sendhub::demo
