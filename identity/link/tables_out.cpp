#include "identity/link/tables_out.hpp"

#include <charconv>
#include <unordered_map>

#include "identity/engine/engine.hpp"
#include "identity/engine/parallel.hpp"

namespace sendhub::identity::link {
namespace {

void append_number(std::string& out, double number, int digits) {
    char text[48];
    out.append(text, std::to_chars(text, text + sizeof text, number, std::chars_format::fixed, digits).ptr);
}

}  // namespace

void append_csv(std::string& out, std::string_view value) {
    if (value.find_first_of(",\"\r\n") == std::string_view::npos) {
        out += value;
        return;
    }
    out += '"';
    for (const char c : value) {
        if (c == '"') out += '"';
        out += c;
    }
    out += '"';
}

std::string clusters_csv(const Engine& engine, const Table& table, const Clusters& clusters) {
    const std::size_t n = engine.size();
    const unsigned threads = engine.settings().threads;
    // per cluster (numbered by its smallest record), and then per position: the position of the record that
    // names it
    std::vector<std::uint32_t> named_by(n, UINT32_MAX), name_at(n);
    parallel_shares(threads, n, [&](std::size_t first, std::size_t end) {
        auto each = [&](auto work) {
            for (std::size_t record = first; record < n; ++record)
                if (const std::uint32_t cluster = clusters.of[record]; cluster >= first && cluster < end)
                    work(engine.position(static_cast<std::uint32_t>(record)), named_by[cluster]);
        };
        each([&](std::uint32_t position, std::uint32_t& name) {
            if (name == UINT32_MAX || table.key[position] < table.key[name]) name = position;
        });
        each([&](std::uint32_t position, std::uint32_t name) { name_at[position] = name; });
    });
    constexpr std::size_t grain = 1 << 15;
    std::vector<std::string> parts((n + grain - 1) / grain);
    parallel_chunks(threads, n, grain, [&](std::size_t chunk, std::size_t begin, std::size_t end) {
        std::string& out = parts[chunk];
        out.reserve((end - begin) * 20);
        for (std::size_t position = begin; position < end; ++position) {
            append_csv(out, table.key[position]);
            out += ',';
            append_csv(out, table.key[name_at[position]]);
            out += '\n';
        }
    });
    std::string out = "id,cluster\n";
    std::size_t size = out.size();
    for (const std::string& part : parts) size += part.size();
    out.reserve(size);
    for (const std::string& part : parts) out += part;
    return out;
}

std::string pairs_csv(const Engine& engine, const Table& table, const Clusters& clusters) {
    // one case stands for all pairs between its two clusters
    std::unordered_map<std::uint64_t, const Case*> cases;
    for (const Case& c : clusters.cases)
        cases.emplace(Decisions::pair(clusters.of[c.a], clusters.of[c.b]), &c);
    const Settings& settings = engine.settings();
    std::string out = "id_a,id_b,weight,probability,decision,reason\n";
    out.reserve(engine.edges().size() * 48);
    for (const Edge& e : engine.edges()) {
        std::uint32_t a = engine.position(e.a), b = engine.position(e.b);
        if (a > b) std::swap(a, b);  // in the order of the input
        append_csv(out, table.key[a]);
        out += ',';
        append_csv(out, table.key[b]);
        out += ',';
        append_number(out, static_cast<double>(e.weight), 2);
        out += ',';
        append_number(out, engine.calibrated(e), 6);
        const auto at = cases.find(Decisions::pair(clusters.of[e.a], clusters.of[e.b]));
        const Case* waits = at == cases.end() ? nullptr : at->second;
        const Veto veto =
            veto_of_pair(engine.features(), engine.plan(), settings.vetoes, e.a, e.b, e.pattern);
        const auto weight = static_cast<double>(e.weight);
        std::string_view decision = "no link", reason = "below the threshold";
        if (clusters.of[e.a] == clusters.of[e.b]) {
            decision = "link";
            reason = waits != nullptr                         ? to_string(waits->reason)
                     : weight < settings.thresholds.automatic ? "through other records"
                                                              : "";
        } else if (waits != nullptr && weight >= settings.thresholds.review) {
            decision = "review";
            reason = waits->veto != Veto::none ? to_string(waits->veto) : to_string(waits->reason);
        } else if (veto != Veto::none) {
            reason = to_string(veto);
        }
        out += ',';
        out += decision;
        out += ',';
        append_csv(out, reason);
        out += '\n';
    }
    return out;
}

}  // namespace sendhub::identity::link
