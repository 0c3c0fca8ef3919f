#include "hub/serve/guess_limit.hpp"

#include <algorithm>
#include <cmath>

namespace sendhub::serve {

double GuessLimit::used_now(const Name& name, Clock::time_point now) const {
    const std::chrono::duration<double> gone = now - name.at, refill = refill_;
    return std::max(0.0, name.used - gone / refill);
}

std::chrono::seconds GuessLimit::wait(const std::string& name, Clock::time_point now) {
    const std::scoped_lock lock(mutex_);
    const auto found = names_.find(name);
    if (found == names_.end()) return {};
    const double over = used_now(found->second, now) + 1 - burst_;
    if (over <= 0) return {};
    const std::chrono::duration<double> refill = refill_;
    return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(over * refill.count())));
}

bool GuessLimit::failed(const std::string& name, Clock::time_point now) {
    const std::scoped_lock lock(mutex_);
    Name& entry = names_[name];
    const double used = used_now(entry, now);
    const bool too_many = used + 1 > burst_;
    // A failure that is turned away costs nothing more: the wait has an end, however many are sent.
    entry = {too_many ? used : used + 1, now};
    if (names_.size() > kMostNames)
        names_.erase(std::ranges::min_element(names_, {}, [](const auto& one) { return one.second.at; }));
    return too_many;
}

std::size_t GuessLimit::size() {
    const std::scoped_lock lock(mutex_);
    return names_.size();
}

}  // namespace sendhub::serve
