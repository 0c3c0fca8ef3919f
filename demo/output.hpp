// Files of the county: written only where their bytes changed, and each in one step, so that no reader sees
// half of one.
#pragma once

#include <cstdint>
#include <expected>
#include <filesystem>
#include <string>
#include <string_view>

namespace sendhub::demo {

class Output {
  public:
    explicit Output(std::filesystem::path root) : root_(std::move(root)) {}

    std::expected<void, std::string> put(const std::string& name, std::string_view bytes);
    [[nodiscard]] std::expected<std::string, std::string> read(const std::string& name) const;
    [[nodiscard]] bool has(const std::string& name) const;

    [[nodiscard]] std::uint64_t files() const { return files_; }
    [[nodiscard]] std::uint64_t bytes() const { return bytes_; }
    [[nodiscard]] std::uint64_t written() const { return written_; }

  private:
    std::filesystem::path root_;
    std::uint64_t files_ = 0, bytes_ = 0, written_ = 0;
};

}  // namespace sendhub::demo
