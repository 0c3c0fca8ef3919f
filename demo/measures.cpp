#include "demo/measures.hpp"

#include "demo/truth.hpp"

namespace sendhub::demo {

std::string measures_csv(const County& county) {
    Sheet sheet;
    const CensusFacts census = measure_census(county, sheet);
    measure_lists(county, census, sheet);
    measure_advice(county, sheet);
    measure_youth_justice(county, sheet);
    return sheet.text();
}

}  // namespace sendhub::demo
