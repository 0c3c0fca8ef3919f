#include <iostream>

#include "hub/cli/commands.hpp"

namespace sendhub::cli {

std::expected<config::Config, int> load(const std::filesystem::path& path) {
    auto loaded = config::load_config(path);
    if (loaded) return std::move(*loaded);
    std::cerr << config::check_report(path, loaded);
    return std::unexpected(2);
}

int failed(const Error& error) {
    std::cerr << "sendhub: " << error.sentence << "\n";
    for (const auto& [key, value] : error.facts) std::cerr << "  " << key << ": " << value << "\n";
    return exit_code(error);
}

int exit_code(const Error& error) {
    if (error.code == ErrorCode::usage || error.code == ErrorCode::settings) return 2;
    return error.code == ErrorCode::needs_person ? 3 : 1;
}

}  // namespace sendhub::cli
