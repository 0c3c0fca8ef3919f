// A folder of its own for one test, gone with the object.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>

namespace sendhub {

class TemporaryFolder {
    static std::filesystem::path make() {
        std::string name = (std::filesystem::temp_directory_path() / "sendhub-test-XXXXXX").string();
        if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder could be made");
        return name;
    }

  public:
    const std::filesystem::path path = make();

    TemporaryFolder() = default;
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    ~TemporaryFolder() {
        std::error_code ignored;  // a folder left behind fails no test
        std::filesystem::remove_all(path, ignored);
    }
};

}  // namespace sendhub
