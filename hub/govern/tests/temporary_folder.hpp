#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

// A folder of its own for one test, gone at the end.
struct TemporaryFolder {
    std::filesystem::path path;
    TemporaryFolder() {
        std::string name = (std::filesystem::temp_directory_path() / "sendhub-test-XXXXXX").string();
        if (!::mkdtemp(name.data())) std::abort();
        path = name;
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;  // a folder left behind fails no test
        std::filesystem::remove_all(path, ignored);
    }
};
