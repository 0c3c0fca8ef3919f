// Many short texts in one buffer: 4 bytes a text beside its own bytes.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace sendhub::identity::testing {

class TextColumn {
  public:
    void push_back(std::string_view text) {
        if (bytes_.size() + text.size() > UINT32_MAX) throw std::length_error("a column is over 4 GiB");
        bytes_ += text;
        ends_.push_back(static_cast<std::uint32_t>(bytes_.size()));
    }
    std::string_view operator[](std::size_t row) const {
        const std::uint32_t begin = row == 0 ? 0 : ends_[row - 1];
        return std::string_view(bytes_).substr(begin, ends_[row] - begin);
    }
    [[nodiscard]] std::size_t size() const { return ends_.size(); }
    void reserve(std::size_t rows, std::size_t bytes) {
        ends_.reserve(rows);
        bytes_.reserve(bytes);
    }
    // Row i of the result is row order[i] of this.
    [[nodiscard]] TextColumn in_order(const std::vector<std::uint32_t>& order) const {
        TextColumn out;
        out.reserve(order.size(), bytes_.size());
        for (const std::uint32_t row : order) out.push_back((*this)[row]);
        return out;
    }

  private:
    std::string bytes_;
    std::vector<std::uint32_t> ends_;
};

}  // namespace sendhub::identity::testing
