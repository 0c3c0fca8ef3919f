// How the daemon lets its review routes at the store for a moment. Serving itself knows only published/; the
// few routes that write decisions or look at one child go through this door, which the daemon hands in and a
// read-only server does not have.
#pragma once

#include <functional>

#include "base/error.hpp"

namespace sendhub::duck {
class Connection;
}

namespace sendhub::review {

using StoreWork = std::function<Status(duck::Connection&)>;
// Takes the lock of the state folder, opens the store, does the work, closes it: what the work returns, or
// busy at once when a night holds the store, or not_found before the first night. Any thread.
using StoreDoor = std::function<Status(const StoreWork&)>;

}  // namespace sendhub::review
