// A small publication written as docs/contracts.md section 5 says, in a state folder of its own.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "hub/govern/access.hpp"
#include "tests/support/temporary_folder.hpp"

namespace sendhub::serve::testing {

struct TestField {
    std::string name, type;
    int precision = 0, scale = 0;
    bool nullable = true;
};

struct TestDataset {
    std::string name;
    std::string layer;               // open aggregate case restricted
    std::vector<std::string> roles;  // may be empty
    std::vector<TestField> fields;   // without row_key and the hub's own
    std::string select;              // SQL that yields row_key and the fields
};

class StateFolder : public TemporaryFolder {
  public:
    // Writes published/<version>/ and points current to it.
    void publish(const std::string& version, const std::vector<TestDataset>& datasets) const;
    void remove_version(const std::string& version) const;
    void write(const std::string& name, const std::string& text) const;
    [[nodiscard]] std::string read(const std::string& name) const;
    // A key with these roles; none: all datasets.
    [[nodiscard]] std::string key(std::vector<govern::Role> roles,
                                  std::optional<std::vector<std::string>> datasets = std::nullopt) const;
};

// children: rows of every type with gaps, texts that need escaping, and a decimal; summary: an aggregate;
// secrets: restricted.
TestDataset children(int rows, const std::string& mark = "a");
TestDataset summary();
TestDataset secrets();

}  // namespace sendhub::serve::testing
