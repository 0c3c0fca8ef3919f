// Turns an exception that a library throws into an Error at the border of a room.
//
//   auto matched = guarded("matching", [&] { return match::run_matching(…); });
#pragma once

#include <exception>
#include <new>
#include <string>
#include <string_view>
#include <type_traits>

#include "base/error.hpp"

namespace sendhub {

// work returns a Status or a Result. what: the step, for the sentence, such as "matching".
template <class Work>
[[nodiscard]] std::invoke_result_t<Work> guarded(std::string_view what, Work&& work) {
    try {
        return work();
    } catch (const std::bad_alloc&) {
        return fail(ErrorCode::storage, std::string(what) +
                                            " ran out of memory; give the machine more memory, then run "
                                            "`sendhub sync`");
    } catch (const std::exception& e) {
        return fail(ErrorCode::bug,
                    std::string(what) + " failed unexpectedly (" + e.what() +
                        "); run `sendhub sync` again, and report this sentence if it returns");
    } catch (...) {
        return fail(ErrorCode::bug, std::string(what) +
                                        " failed unexpectedly; run `sendhub sync` again, and report this "
                                        "sentence if it returns");
    }
}

}  // namespace sendhub
