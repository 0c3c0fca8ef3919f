// Any bytes as a request's target, Accept and Prefer: no crash; what parses survives encoding; options of a
// set parse or are refused with a 4xx or 501.
#include <cstdint>
#include <cstdlib>

#include "hub/serve/odata/negotiate.hpp"
#include "hub/serve/odata/read.hpp"
#include "hub/serve/url.hpp"

using namespace sendhub::serve;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Dataset dataset = [] {
        Dataset d;
        d.name = "set";
        d.fields = {{"row_key", "", FieldType::string, 0, 0, false},
                    {"s", "", FieldType::string, 0, 0, true},
                    {"i", "", FieldType::int64, 0, 0, true}};
        return d;
    }();
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    (void)odata::negotiate_json(text, nullptr);
    (void)odata::negotiate_metadata(text, nullptr);
    (void)odata::preferred_page_size(text);
    const auto url = parse_url(text);
    if (!url) return 0;
    for (const std::string& segment : url->path)
        if (percent_decode(percent_encode(segment), false) != segment) std::abort();
    const auto options = odata::parse_options(*url, dataset);
    if (!options) {
        if (options.error().status != 400 && options.error().status != 501) std::abort();
        return 0;
    }
    (void)options->shape(dataset);
    // A next link's options must mean the same when they come back.
    const auto again = parse_url("/?" + options->repeated);
    if (!again) std::abort();
    const auto same = odata::parse_options(*again, dataset);
    if (!same || same->fingerprint != options->fingerprint) std::abort();
    return 0;
}
