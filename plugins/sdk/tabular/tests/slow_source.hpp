// A source that hands out a few bytes at a time, so that every character and every row is cut somewhere.
#pragma once

#include <algorithm>

#include "plugins/sdk/tabular/text.hpp"

namespace sendhub::tabular {

class Slow : public ByteSource {
  public:
    Slow(std::string_view text, std::size_t step) : text_(text), step_(step) {}
    std::size_t read(std::span<char> into) override {
        const std::size_t n = std::min({into.size(), step_, text_.size()});
        std::copy_n(text_.data(), n, into.data());
        text_.remove_prefix(n);
        return n;
    }

  private:
    std::string_view text_;
    std::size_t step_;
};

}  // namespace sendhub::tabular
