// A model file that was changed in any way is refused, or gives weights that are numbers. The input is a list
// of changes to a file that is right, one a line: where (two bytes), how much goes (one byte), what comes.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "identity/engine/engine.hpp"
#include "identity/engine/model_file.hpp"
#include "identity/engine/tests/engine_people.hpp"

namespace {
using namespace sendhub::identity;

struct Right {
    std::unique_ptr<Engine> engine;
    std::string text;
    Right() {
        Settings settings;
        settings.threads = 1;
        engine = std::make_unique<Engine>(settings);
        engine->load(testing::table_of(testing::county(40, 1).records));
        engine->train();
        engine->score({});
        Model model = engine->model();
        model.frequencies.birth.resize(10);  // a share for each day of three centuries, which says no more
        model.calibration = shipped_calibration();
        text = write_model(model, engine->features(), engine->plan());
    }
};
}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static const Right right;
    std::string text = right.text;
    std::string_view changes(reinterpret_cast<const char*>(data), size);
    while (changes.size() >= 3) {
        auto byte = [&](std::size_t i) { return std::size_t{static_cast<unsigned char>(changes[i])}; };
        const std::size_t where = (byte(0) << 8 | byte(1)) % text.size(), gone = byte(2) % 16;
        changes.remove_prefix(3);
        const std::size_t end = std::min(changes.find('\n'), changes.size());
        text.replace(where, gone, changes.substr(0, end));
        changes.remove_prefix(std::min(end + 1, changes.size()));
    }
    auto model = read_model(text, right.engine->features(), right.engine->plan());
    if (!model || model->sources != right.engine->features().sources) return 0;
    right.engine->use_model(std::move(*model));
    right.engine->score({});
    for (const Edge& e : right.engine->edges()) {
        if (!std::isfinite(e.weight)) std::abort();
        const double p = right.engine->calibrated(e);
        if (!(p >= 0 && p <= 1)) std::abort();
    }
    (void)right.engine->resolve({});
    return 0;
}
