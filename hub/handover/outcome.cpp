#include "hub/handover/outcome.hpp"

namespace sendhub::handover {

std::string_view to_string(OutcomeState state) {
    switch (state) {
        case OutcomeState::ok:
            return "ok";
        case OutcomeState::refused:
            return "refused";
        case OutcomeState::failed:
            return "failed";
        case OutcomeState::retry:
            return "retry";
        case OutcomeState::bad_settings:
            return "bad_settings";
        case OutcomeState::timed_out:
            return "timed_out";
        case OutcomeState::out_of_memory:
            return "out_of_memory";
        case OutcomeState::output_limit:
            return "output_limit";
        case OutcomeState::crashed:
            return "crashed";
        case OutcomeState::lied:
            return "lied";
        case OutcomeState::cancelled:
            return "cancelled";
    }
    return "failed";
}

Error to_error(const Outcome& outcome) {
    ErrorCode code = ErrorCode::plugin;
    switch (outcome.state) {
        case OutcomeState::bad_settings:
            code = ErrorCode::settings;
            break;
        case OutcomeState::retry:
        case OutcomeState::cancelled:
            code = ErrorCode::retry;
            break;
        case OutcomeState::failed:
            code = ErrorCode::input;
            break;
        default:
            break;
    }
    return Error(code, outcome.sentence).with("worker", std::string(to_string(outcome.state)));
}

}  // namespace sendhub::handover
