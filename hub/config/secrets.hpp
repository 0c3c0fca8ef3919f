// Secrets stand in hub.toml only as references, and are read at the moment they are needed:
//   env:NAME         the environment variable NAME
//   file:PATH        the content of a file that only its owner can read; relative to the folder of hub.toml
//   credential:NAME  a systemd credential (LoadCredential=), from $CREDENTIALS_DIRECTORY
// One line break at the end is not part of the secret. Neither the secret nor a text that is no reference is
// ever put into an error: it may be the secret itself, pasted.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "base/error.hpp"

namespace sendhub::config {

// Has it the form of a reference? Says nothing of whether there is something behind it.
bool is_secret_reference(std::string_view text);

[[nodiscard]] Result<std::string> resolve_secret(std::string_view reference,
                                                 const std::filesystem::path& folder);

}  // namespace sendhub::config
