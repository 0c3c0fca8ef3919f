#include "demo/output.hpp"

#include <fstream>
#include <system_error>

namespace sendhub::demo {
namespace fs = std::filesystem;

namespace {

bool same_bytes(const fs::path& path, std::string_view bytes) {
    std::error_code error;
    if (fs::file_size(path, error) != bytes.size() || error) return false;
    std::ifstream in(path, std::ios::binary);
    std::string buffer(1 << 18, '\0');
    std::size_t at = 0;
    while (in && at < bytes.size()) {
        in.read(buffer.data(), static_cast<std::streamsize>(buffer.size()));
        const auto got = static_cast<std::size_t>(in.gcount());
        if (got == 0 || bytes.substr(at, got) != std::string_view(buffer).substr(0, got)) return false;
        at += got;
    }
    return at == bytes.size();
}

}  // namespace

bool Output::has(const std::string& name) const {
    std::error_code error;
    return fs::is_regular_file(root_ / name, error);
}

std::expected<std::string, std::string> Output::read(const std::string& name) const {
    std::ifstream in(root_ / name, std::ios::binary);
    if (!in) return std::unexpected("cannot read " + (root_ / name).string());
    std::string out((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>());
    return out;
}

std::expected<void, std::string> Output::put(const std::string& name, std::string_view bytes) {
    const fs::path path = root_ / name;
    ++files_;
    bytes_ += bytes.size();
    if (same_bytes(path, bytes)) return {};
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error)
        return std::unexpected("cannot make the folder " + path.parent_path().string() + ": " +
                               error.message());
    fs::path part = path;
    part += ".part";
    {
        std::ofstream out(part, std::ios::binary | std::ios::trunc);
        out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
        out.close();
        if (!out) {
            fs::remove(part, error);
            return std::unexpected("cannot write " + part.string() +
                                   "; is the disk full, or the folder not yours?");
        }
    }
    fs::rename(part, path, error);
    if (error) return std::unexpected("cannot rename " + part.string() + ": " + error.message());
    ++written_;
    return {};
}

}  // namespace sendhub::demo
