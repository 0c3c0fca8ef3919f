// A zip of stored members: the same bytes on every machine, whatever its zlib would make of them.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sendhub::demo {

class Zip {
  public:
    void add(std::string_view name, std::string_view bytes);
    [[nodiscard]] std::string finish() const;

  private:
    std::string bytes_, directory_;
    std::uint16_t count_ = 0;
};

}  // namespace sendhub::demo
