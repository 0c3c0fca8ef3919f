#include "hub/review/models.hpp"

namespace sendhub::review {
namespace {

Status check_shadow(duck::Connection& store, const Viewer& viewer, std::string_view version) {
    SENDHUB_TRY(check_officer(viewer.officer));
    SENDHUB_ASSIGN(duck::Rows rows,
                   store.query("select state from match_model where version = ?", {version}));
    if (!rows.next())
        return fail(ErrorCode::not_found,
                    "there is no model of this version; `sendhub review model list` lists them");
    if (const std::string state = text_at(rows, 0); state != "shadow")
        return fail(ErrorCode::input, "this model does not wait for anybody: it is " + state);
    return {};
}

Status set_state(duck::Connection& store, const Viewer& viewer, std::string_view version,
                 std::string_view state, Micros now) {
    return store.run("update match_model set state = ?, decided_by = ?, decided_at = ? where version = ?",
                     {state, std::string_view(viewer.officer), duck::Timestamp{now}, version});
}

}  // namespace

Result<std::vector<ModelRow>> list_models(duck::Connection& store) {
    SENDHUB_ASSIGN(
        duck::Rows rows,
        store.query("select version, state, trained_at, decided_by, decided_at, note, records from "
                    "match_model order by trained_at desc, version desc"));
    std::vector<ModelRow> out;
    while (rows.next())
        out.push_back({text_at(rows, 0), text_at(rows, 1), time_at(rows, 2), text_at(rows, 3),
                       time_at(rows, 4), text_at(rows, 5), rows.integer(6)});
    return out;
}

Status approve_model(duck::Connection& store, const Viewer& viewer, std::string_view version, Micros now) {
    SENDHUB_TRY(check_shadow(store, viewer, version));
    SENDHUB_TRY(store.run("update match_model set state = 'retired' where state = 'current'"));
    return set_state(store, viewer, version, "current", now);
}

Status refuse_model(duck::Connection& store, const Viewer& viewer, std::string_view version, Micros now) {
    SENDHUB_TRY(check_shadow(store, viewer, version));
    return set_state(store, viewer, version, "retired", now);
}

}  // namespace sendhub::review
