#include "base/error.hpp"

namespace sendhub {

std::string_view to_string(ErrorCode code) {
    switch (code) {
        case ErrorCode::usage:
            return "usage";
        case ErrorCode::settings:
            return "settings";
        case ErrorCode::input:
            return "input";
        case ErrorCode::retry:
            return "retry";
        case ErrorCode::needs_person:
            return "needs_person";
        case ErrorCode::denied:
            return "denied";
        case ErrorCode::not_found:
            return "not_found";
        case ErrorCode::busy:
            return "busy";
        case ErrorCode::storage:
            return "storage";
        case ErrorCode::plugin:
            return "plugin";
        case ErrorCode::bug:
            return "bug";
    }
    return "bug";
}

}  // namespace sendhub
