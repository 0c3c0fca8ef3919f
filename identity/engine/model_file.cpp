#include "identity/engine/model_file.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/json_writer.hpp"

namespace sendhub::identity {
namespace {

// 3: twin_names is always there, null where they were not looked for; 2 may lack them. 4: wide is of the keys
// of now. 5: beside. 6: siblings, which before were the most. All else is the same.
constexpr std::int64_t file_version = 6, siblings_version = 6, beside_version = 5, keys_version = 4,
                       names_version = 3, oldest_version = 2;

// Values and their log2 shares; those as rare as the rarest are left out.
template <class TextOf>
void write_shares(JsonWriter& w, std::string_view name, const std::vector<float>& log2, float rarest,
                  double chance, TextOf text_of) {
    w.key(name).begin_object();
    w.key("chance").value(chance);
    w.key("rarest").value(static_cast<double>(rarest));
    w.key("log2").begin_object();
    for (std::uint32_t c = 1; c < log2.size(); ++c)
        if (log2[c] > rarest && log2[c] != 0) w.key(text_of(c)).value(static_cast<double>(log2[c]));
    w.end_object().end_object();
}

class Reader {
  public:
    Reader(simdjson::dom::element root, const Features& f, const Plan& plan)
        : root_(root), f_(f), plan_(plan) {}

    Result<Model> run() {
        using simdjson::dom::element;
        Model m;
        const std::int64_t written_as = integer(root_, "file_version");
        if (written_as < oldest_version || written_as > file_version)
            return fail(ErrorCode::input, "the model file is of another version; train the model again");
        m.version = text(root_, "version");
        m.base_prior = number(root_, "base_prior");
        if (written_as >= siblings_version) m.siblings = number(root_, "siblings");
        m.records = static_cast<std::uint64_t>(integer(root_, "records"));
        m.sources = static_cast<std::uint16_t>(integer(root_, "sources"));
        m.every_pair = integer(root_, "every_pair") != 0;
        m.fitted = true;
        for (const element e : list(root_, "prior")) m.prior.push_back(double(e));
        m.wide_known = written_as >= keys_version;
        if (m.wide_known)
            for (const element e : list(root_, "wide")) m.wide.push_back(std::uint64_t(e));
        for (const element e : list(root_, "default_days")) {
            auto& days = m.default_days.emplace_back();
            for (const element d : simdjson::dom::array(e))
                days.push_back(static_cast<std::uint16_t>(std::uint64_t(d)));
        }
        const auto ladders = list(root_, "ladders");
        if (ladders.size() != plan_.comparisons.size()) return other_columns();
        for (const element e : ladders) {
            const Comparison& comparison = plan_.comparisons[m.ladders.size()];
            Ladder ladder;
            ladder.comparison = text(e, "comparison");
            for (const element l : list(e, "m")) ladder.m.push_back(double(l));
            for (const element l : list(e, "u")) ladder.u.push_back(double(l));
            if (ladder.comparison != comparison.name || ladder.m.size() != comparison.levels.size() ||
                ladder.u.size() != comparison.levels.size())
                return other_columns();
            ladder.source = integer(e, "trained") != 0 ? Learnt::trained : Learnt::shipped;
            ladder.why = text(e, "why");
            m.ladders.push_back(std::move(ladder));
        }
        Frequencies& q = m.frequencies;
        shares("forename", q.forename, q.rarest_forename, q.forename_chance, f_.names);
        shares("surname", q.surname, q.rarest_surname, q.surname_chance, f_.names);
        shares("place", q.place, q.rarest_place, q.place_chance, f_.places);
        q.rare_forenames = number(root_, "rare_forenames");
        for (const element v : list(root_, "again"))
            m.presence.again.push_back(static_cast<float>(double(v)));
        for (const element years : list(root_, "presence")) {
            auto& share = m.presence.share.emplace_back();
            for (const element v : simdjson::dom::array(years))
                share.push_back(static_cast<float>(double(v)));
            if (share.size() != Presence::years) return other_columns();
        }
        if (m.presence.share.size() != m.presence.again.size()) return other_columns();
        if (written_as >= beside_version)
            for (const element of : list(root_, "beside")) {
                auto& beside = m.presence.beside.emplace_back();
                for (const element v : simdjson::dom::array(of))
                    beside.push_back(static_cast<float>(double(v)));
                if (beside.size() != m.presence.share.size()) return other_columns();
            }
        element names;
        const auto no_names = root_["twin_names"].get(names);
        if (no_names != simdjson::SUCCESS && written_as >= names_version)
            throw simdjson::simdjson_error(no_names);
        if (no_names == simdjson::SUCCESS && !names.is_null()) {
            m.twin_names_known = true;
            for (const element v : simdjson::dom::array(names))
                m.twin_names.push_back(static_cast<std::uint64_t>(std::int64_t(v)));
        }
        element curves;  // a model that no labels were given to has none
        if (root_["calibration"].get(curves) == simdjson::SUCCESS) {
            Calibration calibration;
            const simdjson::dom::array all(curves);
            if (all.size() != doubts) return other_columns();
            std::size_t d = 0;
            for (const element curve : all) {
                for (const element point : simdjson::dom::array(curve))
                    calibration[d].push_back({double(point.at(0)), double(point.at(1))});
                if (calibration[d++].empty()) return other_columns();
            }
            m.calibration = std::move(calibration);
        }
        const element birth = root_["birth"];
        q.birth_chance = number(birth, "chance");
        q.rarest_birth = static_cast<float>(number(birth, "rarest"));
        for (const element e : list(birth, "log2")) q.birth.push_back(static_cast<float>(double(e)));
        for (std::size_t g = 0; g < f_.generics.size(); ++g) {
            q.generic.emplace_back();
            q.generic_chance.push_back(0);
            q.rarest_generic.push_back(0);
            shares("generic_" + std::to_string(g), q.generic[g], q.rarest_generic[g], q.generic_chance[g],
                   f_.generics[g].values);
        }
        if (const std::string_view what = unsound(m); !what.empty())
            return fail(ErrorCode::input, "the model file holds a number that cannot be, in " +
                                              std::string(what) + "; train the model again");
        return m;
    }

  private:
    // What must hold for any weight to be a number; the part of the file where it does not, or nothing.
    static std::string_view unsound(const Model& m) {
        auto all = [](const auto& values, double from, double to) {
            return std::all_of(values.begin(), values.end(), [&](auto value) {
                return static_cast<double>(value) >= from && static_cast<double>(value) <= to;
            });
        };
        constexpr double most_bits = 1000, least_share = 1e-12;
        const std::size_t cells = m.sources > Model::max_cells ? 2 : std::size_t{m.sources} * m.sources;
        if (m.sources == 0 || m.prior.size() != cells || !all(m.prior, -most_bits, most_bits)) return "prior";
        if (!(std::abs(m.base_prior) <= most_bits)) return "base_prior";
        if (!(m.siblings >= least_share && m.siblings <= 1 / least_share)) return "siblings";
        for (const Ladder& ladder : m.ladders)
            // of few pairs the smoothing may lift a share above 1
            if (!all(ladder.m, least_share, most_bits) || !all(ladder.u, least_share, most_bits))
                return "ladders";
        const Presence& p = m.presence;
        if (p.share.size() > Presence::max_sources || p.beside.size() > p.share.size() ||
            !all(p.again, least_share, most_bits))
            return "presence";
        for (const auto& of_years : p.share)
            if (!all(of_years, 0, 0.99)) return "presence";
        for (const auto& of_sources : p.beside)
            if (!all(of_sources, 0, 1)) return "beside";
        const Frequencies& q = m.frequencies;
        if (!(q.rare_forenames >= least_share && q.rare_forenames < 1)) return "rare_forenames";
        auto bits = [&](const std::vector<float>& log2, float rarest, double chance) {
            return all(log2, -most_bits, most_bits) &&
                   all(std::array{double{rarest}, chance}, -most_bits, most_bits);
        };
        if (!bits(q.forename, q.rarest_forename, q.forename_chance)) return "forename";
        if (!bits(q.surname, q.rarest_surname, q.surname_chance)) return "surname";
        if (!bits(q.place, q.rarest_place, q.place_chance)) return "place";
        if (!bits(q.birth, q.rarest_birth, q.birth_chance)) return "birth";
        for (std::size_t g = 0; g < q.generic.size(); ++g)
            if (!bits(q.generic[g], q.rarest_generic[g], q.generic_chance[g])) return "generic columns";
        if (m.calibration)
            for (const Curve& curve : *m.calibration)
                for (std::size_t i = 0; i < curve.size(); ++i)
                    if (!(std::abs(curve[i].weight) <= most_bits) || !all(std::array{curve[i].share}, 0, 1) ||
                        (i > 0 && !(curve[i - 1].weight < curve[i].weight)))
                        return "calibration";
        return "";
    }
    static std::unexpected<Error> other_columns() {
        return fail(ErrorCode::input, "the model was trained on other columns; train it again on these");
    }
    static std::int64_t integer(simdjson::dom::element e, std::string_view key) {
        return std::int64_t(e[key]);
    }
    static double number(simdjson::dom::element e, std::string_view key) { return double(e[key]); }
    static std::string text(simdjson::dom::element e, std::string_view key) {
        return std::string(std::string_view(e[key]));
    }
    static simdjson::dom::array list(simdjson::dom::element e, std::string_view key) {
        return simdjson::dom::array(e[key]);
    }
    template <class Table>
    void shares(std::string_view name, std::vector<float>& log2, float& rarest, double& chance,
                const Table& table) {
        const simdjson::dom::element e = root_[name];
        chance = number(e, "chance");
        rarest = static_cast<float>(number(e, "rarest"));
        log2.assign(table.size(), 0.0f);  // 0: not seen in training, as rare as the rarest
        for (const auto field : simdjson::dom::object(e["log2"]))
            if (const std::uint32_t code = table.find(field.key); code != 0)
                log2[code] = static_cast<float>(double(field.value));
    }

    simdjson::dom::element root_;
    const Features& f_;
    const Plan& plan_;
};

}  // namespace

std::string write_model(const Model& m, const Features& f, const Plan&) {
    JsonWriter w;
    w.begin_object();
    w.key("file_version").value(file_version);
    w.key("version").value(std::string_view(m.version));
    w.key("records").value(static_cast<std::int64_t>(m.records));
    w.key("sources").value(static_cast<std::int64_t>(m.sources));
    w.key("every_pair").value(static_cast<std::int64_t>(m.every_pair));
    w.key("base_prior").value(m.base_prior);
    w.key("siblings").value(m.siblings);
    w.key("prior").begin_array();
    for (const double p : m.prior) w.value(p);
    w.end_array();
    w.key("wide").begin_array();
    for (const std::uint64_t v : m.wide) w.value(static_cast<std::int64_t>(v));
    w.end_array();
    w.key("default_days").begin_array();
    for (const auto& days : m.default_days) {
        w.begin_array();
        for (const std::uint16_t d : days) w.value(static_cast<std::int64_t>(d));
        w.end_array();
    }
    w.end_array();
    w.key("ladders").begin_array();
    for (const Ladder& ladder : m.ladders) {
        w.begin_object();
        w.key("comparison").value(std::string_view(ladder.comparison));
        w.key("trained").value(static_cast<std::int64_t>(ladder.source == Learnt::trained));
        w.key("why").value(std::string_view(ladder.why));
        w.key("m").begin_array();
        for (const double v : ladder.m) w.value(v);
        w.end_array().key("u").begin_array();
        for (const double v : ladder.u) w.value(v);
        w.end_array().end_object();
    }
    w.end_array();
    const Frequencies& q = m.frequencies;
    auto name = [&](std::uint32_t c) { return f.names.text(c); };
    write_shares(w, "forename", q.forename, q.rarest_forename, q.forename_chance, name);
    write_shares(w, "surname", q.surname, q.rarest_surname, q.surname_chance, name);
    write_shares(w, "place", q.place, q.rarest_place, q.place_chance,
                 [&](std::uint32_t c) { return f.places.text(c); });
    w.key("rare_forenames").value(q.rare_forenames);
    w.key("again").begin_array();
    for (const float again : m.presence.again) w.value(static_cast<double>(again));
    w.end_array();
    for (const auto& [key, table] :
         {std::pair{"presence", &m.presence.share}, {"beside", &m.presence.beside}}) {
        w.key(key).begin_array();
        for (const auto& row : *table) {
            w.begin_array();
            for (const float share : row) w.value(static_cast<double>(share));
            w.end_array();
        }
        w.end_array();
    }
    w.key("twin_names");
    if (m.twin_names_known) {
        w.begin_array();
        for (const std::uint64_t v : m.twin_names) w.value(static_cast<std::int64_t>(v));
        w.end_array();
    } else {
        w.null();
    }
    if (m.calibration) {
        w.key("calibration").begin_array();
        for (const Curve& curve : *m.calibration) {
            w.begin_array();
            for (const CalibrationPoint& p : curve)
                w.begin_array().value(p.weight).value(p.share).end_array();
            w.end_array();
        }
        w.end_array();
    }
    w.key("birth").begin_object();
    w.key("chance").value(q.birth_chance);
    w.key("rarest").value(static_cast<double>(q.rarest_birth));
    w.key("log2").begin_array();
    for (const float v : q.birth) w.value(static_cast<double>(v));
    w.end_array().end_object();
    for (std::size_t g = 0; g < f.generics.size(); ++g)
        write_shares(w, "generic_" + std::to_string(g), q.generic[g], q.rarest_generic[g],
                     q.generic_chance[g], [&](std::uint32_t c) { return f.generics[g].values.text(c); });
    w.end_object();
    return w.take();
}

Result<Model> read_model(std::string_view text, const Features& features, const Plan& plan) {
    simdjson::dom::parser parser;
    simdjson::dom::element root;
    if (parser.parse(text.data(), text.size()).get(root) != simdjson::SUCCESS)
        return fail(ErrorCode::input, "the model file is not valid JSON; train the model again");
    try {
        return Reader(root, features, plan).run();
    } catch (const simdjson::simdjson_error& error) {
        return fail(ErrorCode::input, std::string("the model file lacks something: ") + error.what() +
                                          "; train the model again");
    }
}

}  // namespace sendhub::identity
