// Writes docs/reference/datasets.md to standard output:
//   build/…/bin/sendhub_datasets_page > docs/reference/datasets.md
#include <cstdio>

#include "hub/publish/dataset.hpp"

int main() {
    const auto datasets = sendhub::publish::load_datasets({});
    if (!datasets) {
        std::fprintf(stderr, "%s\n", datasets.error().sentence.c_str());
        return 1;
    }
    std::fputs(sendhub::publish::reference_page(*datasets).c_str(), stdout);
}
