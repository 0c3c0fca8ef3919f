// An act of a command that is on record before it is done: "begun", then how it ended.
//
//   AuditedAct act(state, cli_actor(), "token.revoke");
//   SENDHUB_TRY(act.begin(id));      // cannot be written: the act must not happen
//   … do it …
//   SENDHUB_TRY(act.end(done));
#pragma once

#include <filesystem>
#include <string>

#include "hub/govern/audit.hpp"

namespace sendhub::cli {

class AuditedAct {
  public:
    // reason: where one must be given; else empty.
    AuditedAct(const std::filesystem::path& state, std::string actor, std::string action,
               std::string reason = {})
        : log_(state / "audit.log") {
        entry_.actor = std::move(actor);
        entry_.action = std::move(action);
        entry_.reason = std::move(reason);
    }
    // on: the id of what it is done to, never a name or a value.
    [[nodiscard]] Status begin(std::string on) {
        entry_.query = std::move(on);
        entry_.result = "begun";
        SENDHUB_TRY(log_.append(entry_));
        begun_ = true;
        return {};
    }
    // Nothing when it never began.
    [[nodiscard]] Status end(bool done) {
        if (!begun_) return {};
        entry_.result = done ? "ok" : "failed";
        return log_.append(entry_);
    }

  private:
    govern::AuditLog log_;
    govern::AuditEntry entry_;
    bool begun_ = false;
};

}  // namespace sendhub::cli
