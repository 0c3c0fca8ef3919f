// Whether everybody on the way agrees where a request ends. A header that two readers could understand
// differently (a transfer coding that is unknown or given twice, two lengths, two hosts, a folded line) is
// the way to smuggle a second request past a proxy, so the server answers 400 and closes the connection.
#pragma once

#include <optional>
#include <string_view>

namespace sendhub::serve {

// Why a request with this header must be refused; nothing when it is sound. head: from the request line up to
// and with the empty line.
std::optional<std::string_view> framing_fault(std::string_view head);

}  // namespace sendhub::serve
