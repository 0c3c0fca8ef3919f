// The least HTTP client that a test needs: one request, one reply, the connection closed.
#pragma once

#include <map>
#include <string>

namespace sendhub::e2e {

struct Reply {
    int status = 0;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;                            // chunks joined
};

// url: http://127.0.0.1:PORT/path. Throws when there is no answer.
Reply get(const std::string& url, const std::map<std::string, std::string>& headers = {});
Reply post(const std::string& url, const std::string& json,
           const std::map<std::string, std::string>& headers = {});

}  // namespace sendhub::e2e
