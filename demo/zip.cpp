#include "demo/zip.hpp"

#include <zlib.h>
#include <algorithm>

namespace sendhub::demo {
namespace {

void put16(std::string& out, std::uint32_t v) {
    out += static_cast<char>(v & 0xFF);
    out += static_cast<char>(v >> 8 & 0xFF);
}
void put32(std::string& out, std::uint32_t v) {
    put16(out, v & 0xFFFF);
    put16(out, v >> 16);
}

// 2025-10-20 09:00 in the way of DOS.
constexpr std::uint32_t dos_time = 9U << 11;
constexpr std::uint32_t dos_date = (2025U - 1980U) << 9 | 10U << 5 | 20U;

}  // namespace

void Zip::add(std::string_view name, std::string_view bytes) {
    uLong crc = crc32(0, nullptr, 0);
    for (std::size_t at = 0; at < bytes.size();) {
        const auto part = static_cast<uInt>(std::min<std::size_t>(bytes.size() - at, 1U << 30));
        crc = crc32(crc, reinterpret_cast<const Bytef*>(bytes.data() + at), part);
        at += part;
    }
    const auto offset = static_cast<std::uint32_t>(bytes_.size());
    const auto common = [&](std::string& out) {
        put16(out, 20);  // version needed
        put16(out, 0);   // flags
        put16(out, 0);   // stored
        put16(out, dos_time);
        put16(out, dos_date);
        put32(out, static_cast<std::uint32_t>(crc));
        put32(out, static_cast<std::uint32_t>(bytes.size()));
        put32(out, static_cast<std::uint32_t>(bytes.size()));
        put16(out, static_cast<std::uint32_t>(name.size()));
        put16(out, 0);  // no extra field
    };
    put32(bytes_, 0x04034b50);
    common(bytes_);
    bytes_.append(name).append(bytes);
    put32(directory_, 0x02014b50);
    put16(directory_, 20);
    common(directory_);
    put16(directory_, 0);  // comment
    put16(directory_, 0);  // disk
    put16(directory_, 0);
    put32(directory_, 0);
    put32(directory_, offset);
    directory_ += name;
    ++count_;
}

std::string Zip::finish() const {
    std::string out = bytes_ + directory_;
    put32(out, 0x06054b50);
    put16(out, 0);
    put16(out, 0);
    put16(out, count_);
    put16(out, count_);
    put32(out, static_cast<std::uint32_t>(directory_.size()));
    put32(out, static_cast<std::uint32_t>(bytes_.size()));
    put16(out, 0);
    return out;
}

}  // namespace sendhub::demo
