// All routes of the server, without sockets: a request in, a reply out. Blocks while the engine works, so it
// is called on the query threads only.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/duckdb.hpp"
#include "hub/govern/audit.hpp"
#include "hub/govern/tokens.hpp"
#include "hub/serve/guess_limit.hpp"
#include "hub/serve/http.hpp"
#include "hub/serve/metrics.hpp"
#include "hub/serve/odata/skip_token.hpp"
#include "hub/serve/publication.hpp"
#include "hub/serve/server.hpp"
#include "hub/serve/url.hpp"

namespace sendhub::serve {

// What the routes share. public_base_url has no slash at the end.
struct Site {
    ServeSettings settings;
    std::unique_ptr<Publication> publication;
    govern::TokenStore tokens;
    govern::AuditLog audit;
    odata::TokenSigner signer;
    GuessLimit guesses;
    Metrics metrics;
    std::atomic<bool> draining = false;

    [[nodiscard]] static Result<std::unique_ptr<Site>> open(ServeSettings settings);

    // The whole reply but its transfer: status, headers, body, and for HEAD what would have been sent.
    Reply handle(const Request& request);

  private:
    Site(ServeSettings s, std::unique_ptr<Publication> p, odata::TokenSigner k);
    Reply route(const Request& request, const Url& url);
    Result<govern::Caller> identify(const Request& request, const std::string& key,
                                    std::chrono::seconds& wait);
};

// One request whose caller is known.
struct Call {
    Site& site;
    const Request& request;
    const Url& url;
    govern::Caller caller;

    [[nodiscard]] bool may_read(const Dataset& dataset) const {
        return govern::may_read(caller, dataset.policy());
    }
};

// Writes the audit entries of one read of a restricted dataset: one before the first byte, one after the
// last. Other layers are not audited.
class AuditedRead {
  public:
    // An error: the entry could not be written, so nothing may be read.
    [[nodiscard]] static Result<std::unique_ptr<AuditedRead>> begin(const Call& call, const Version& version,
                                                                    const Dataset& dataset,
                                                                    std::string action, std::string query);
    AuditedRead(const AuditedRead&) = delete;
    AuditedRead& operator=(const AuditedRead&) = delete;
    // Without finish(): "aborted".
    ~AuditedRead();
    void add_rows(std::int64_t rows) { rows_ += rows; }
    void finish() { finished_ = true; }
    // The read turned out to be of this record alone: its last entry says which. Keys are never personal.
    void name_record(std::string_view key) {
        if (wanted_)
            entry_.query += (entry_.query.empty() ? "" : "&") + ("row_key eq " + duck::quoted_text(key));
    }

  private:
    AuditedRead(govern::AuditLog& log, bool wanted) : log_(log), wanted_(wanted) {}
    govern::AuditLog& log_;
    bool wanted_;
    govern::AuditEntry entry_;
    std::int64_t rows_ = 0;
    bool finished_ = false;
};

// Errors of everything but OData: {"error":{"code","message","request_id"}}.
Reply json_error(const Request& request, unsigned status, std::string_view code, std::string_view message);
unsigned status_of(const Error& error);
// True when If-None-Match names this tag (compared weakly), for a 304.
bool matches_etag(const Request& request, std::string_view etag);

// The routes, each in its own file.
Reply serve_health(Site& site, const Request& request, const Url& url);
Reply serve_files(const Call& call);
Reply serve_api(const Call& call);
Reply serve_people(const Call& call);  // /api/v1/review…, /api/v1/person…; also POST
Reply serve_metrics(const Call& call);
Reply serve_odata(const Call& call);
Reply odata_error(const Request& request, unsigned status, std::string_view code, std::string_view message,
                  std::string_view target = {});

}  // namespace sendhub::serve
