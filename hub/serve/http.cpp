#include "hub/serve/http.hpp"

#include <zlib.h>

#include <array>
#include <cstdlib>

namespace sendhub::serve {

Cancel::Armed::Armed(Cancel& cancel, std::function<void()> stop) : cancel_(cancel) {
    const std::scoped_lock lock(cancel.mutex_);
    cancel.stop_ = std::move(stop);
}
Cancel::Armed::~Armed() {
    const std::scoped_lock lock(cancel_.mutex_);
    cancel_.stop_ = nullptr;
}
void Cancel::cancel() {
    const std::scoped_lock lock(mutex_);
    cancelled_ = true;
    if (stop_) stop_();
}

std::string_view Request::header(std::string_view name) const {
    for (const auto& [key, value] : headers)
        if (key == name) return value;
    return {};
}

std::string_view reason_phrase(unsigned status) {
    switch (status) {
        case 200:
            return "OK";
        case 204:
            return "No Content";
        case 304:
            return "Not Modified";
        case 400:
            return "Bad Request";
        case 401:
            return "Unauthorized";
        case 403:
            return "Forbidden";
        case 404:
            return "Not Found";
        case 405:
            return "Method Not Allowed";
        case 406:
            return "Not Acceptable";
        case 408:
            return "Request Timeout";
        case 409:
            return "Conflict";
        case 410:
            return "Gone";
        case 413:
            return "Payload Too Large";
        case 414:
            return "URI Too Long";
        case 415:
            return "Unsupported Media Type";
        case 429:
            return "Too Many Requests";
        case 431:
            return "Request Header Fields Too Large";
        case 501:
            return "Not Implemented";
        case 503:
            return "Service Unavailable";
        default:
            return "Internal Server Error";
    }
}

namespace {

class Gzip {
  public:
    Gzip() {
        // 15 + 16: a gzip header; level 1: pages are made once for one reader, so time counts more than size.
        ready_ = deflateInit2(&stream_, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK;
    }
    Gzip(const Gzip&) = delete;
    Gzip& operator=(const Gzip&) = delete;
    ~Gzip() {
        if (ready_) deflateEnd(&stream_);
    }
    [[nodiscard]] bool ready() const { return ready_; }

    [[nodiscard]] bool pack(std::string_view in, bool last, std::string& out) {
        stream_.next_in =
            reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));  // zlib's older signature; it only reads
        stream_.avail_in = static_cast<uInt>(in.size());
        std::array<char, 16384> block{};
        do {
            stream_.next_out = reinterpret_cast<Bytef*>(block.data());
            stream_.avail_out = block.size();
            if (deflate(&stream_, last ? Z_FINISH : Z_NO_FLUSH) == Z_STREAM_ERROR) return false;
            out.append(block.data(), block.size() - stream_.avail_out);
        } while (stream_.avail_out == 0);
        return true;
    }

  private:
    z_stream stream_{};
    bool ready_ = false;
};

class GzipBody final : public Body {
  public:
    GzipBody(std::unique_ptr<Body> inner, std::unique_ptr<Gzip> gzip)
        : inner_(std::move(inner)), gzip_(std::move(gzip)) {}
    Result<bool> fill(std::string& out) override {
        piece_.clear();
        SENDHUB_ASSIGN(const bool more, inner_->fill(piece_));
        if (!gzip_->pack(piece_, !more, out)) return fail(ErrorCode::bug, "zlib refused to pack a reply");
        return more;
    }

  private:
    std::unique_ptr<Body> inner_;
    std::unique_ptr<Gzip> gzip_;
    std::string piece_;
};

// RFC 9110 12.5.3: gzip is wanted when named (or *) with a quality above 0.
bool takes_gzip(std::string_view accept) {
    bool wanted = false;
    while (!accept.empty()) {
        const std::size_t comma = accept.find(',');
        std::string_view item = accept.substr(0, comma);
        accept = comma == std::string_view::npos ? std::string_view{} : accept.substr(comma + 1);
        while (!item.empty() && item.front() == ' ') item.remove_prefix(1);
        const std::size_t end = item.find_first_of("; ");
        const std::string_view name = item.substr(0, end);
        const std::size_t q = item.find("q=");
        const bool refused =
            q != std::string_view::npos && std::atof(std::string(item.substr(q + 2)).c_str()) <= 0.0;
        if (name == "gzip") return !refused;
        if (name == "*") wanted = !refused;
    }
    return wanted;
}

}  // namespace

void compress(Reply& reply, std::string_view accept_encoding) {
    if ((!reply.body && reply.text.size() < 1024) || !takes_gzip(accept_encoding)) return;
    auto gzip = std::make_unique<Gzip>();
    if (!gzip->ready()) return;
    if (reply.body) {
        reply.body = std::make_unique<GzipBody>(std::move(reply.body), std::move(gzip));
        reply.length.reset();
    } else {
        std::string packed;
        if (!gzip->pack(reply.text, true, packed)) return;
        reply.text = std::move(packed);
    }
    reply.set("Content-Encoding", "gzip");
}

}  // namespace sendhub::serve
