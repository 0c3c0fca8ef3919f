#include <sendhub/connector.hpp>

namespace sendhub::sdk {

std::size_t ConnectorHost::read(std::span<char> buffer) {
    const std::int64_t n = rows_->read(ctx(), buffer.data(), buffer.size());
    if (n < 0) throw FileRefused("the hub could not read the file");
    return static_cast<std::size_t>(n);
}

std::string ConnectorHost::read_all(std::size_t limit) {
    std::string out;
    for (;;) {
        const std::size_t before = out.size();
        out.resize(before + 65536);
        const std::size_t n = read({out.data() + before, 65536});
        out.resize(before + n);
        if (n == 0) return out;
        if (out.size() > limit) throw FileRefused("the file is larger than this connector takes");
    }
}

void ConnectorHost::add_batch(std::uint32_t record, Scope scope, std::uint64_t first_row,
                              const ArrowSchema& schema, const ArrowArray& batch) {
    const auto* arrow =
        static_cast<const shp_host_arrow*>(need_interface(SHP_HOST_ARROW, sizeof(shp_host_arrow)));
    if (arrow->add_batch(ctx(), record, scope.handle, first_row, &schema, &batch) != SHP_OK)
        throw RunFailed("the hub stopped taking rows");
}

void ConnectorHost::issue(std::uint32_t severity, std::uint64_t source_row, const Issue& issue,
                          std::uint32_t record, Scope scope) {
    shp_issue c{};
    c.size = sizeof(shp_issue);
    c.severity = severity;
    c.record = record;
    c.scope = scope.handle;
    c.source_row = source_row;
    c.personal = issue.personal ? 1 : 0;
    c.field = to_c(issue.field);
    c.value = to_c(issue.value);
    c.rule = to_c(issue.rule);
    c.reason = to_c(issue.reason);
    c.advice = to_c(issue.advice);
    c.source_key = to_c(issue.source_key);
    c.person_ref = to_c(issue.person_ref);
    if (rows_->add_issue(ctx(), &c) != SHP_OK) throw RunFailed("the hub stopped taking rows");
}

namespace detail {
RecordArray::RecordArray(const std::vector<RecordFill>& fills) {
    names.reserve(fills.size());
    for (const RecordFill& fill : fills) {
        auto& list = names.emplace_back();
        for (const auto field : fill.fields) list.push_back(to_c(field));
    }
    for (std::size_t i = 0; i < fills.size(); ++i) {
        shp_record item{};
        item.size = sizeof(shp_record);
        item.field_count = static_cast<std::uint32_t>(names[i].size());
        item.name = to_c(fills[i].record);
        item.fields = names[i].data();
        items.push_back(item);
    }
}
}  // namespace detail
}  // namespace sendhub::sdk
