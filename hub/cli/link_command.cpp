// `sendhub link`: which records of any CSV or Parquet files are the same person.
#include "identity/link/link.hpp"

#include <unistd.h>

#include <cstdio>
#include <iostream>

#include "hub/cli/commands.hpp"

namespace sendhub::cli {

int link(const LinkOptions& options) {
    namespace l = identity::link;
    const l::LinkOptions wanted{.files = options.files,
                                .settings = options.settings,
                                .ids = options.ids,
                                .maps = options.maps,
                                .source = options.source,
                                .purpose = options.purpose,
                                .out = options.out,
                                .pairs = options.pairs,
                                .model = options.model,
                                .use_model = options.use_model,
                                .report = options.report,
                                .examples = options.examples,
                                .show_values = options.show_values};
    // progress goes to the terminal, beside what the command says on its output
    const bool terminal = ::isatty(STDERR_FILENO) == 1;
    const l::Told told = [&](std::string_view stage, double seconds, std::string_view count) {
        if (terminal)
            std::fprintf(stderr, "%-28.*s %6.2f s  %.*s\n", static_cast<int>(stage.size()), stage.data(),
                         seconds, static_cast<int>(count.size()), count.data());
    };
    const l::ColumnsTold columns = [&](const l::LoadedFile& file) {
        if (options.json) return;
        std::cout << file.name << ", " << file.rows << " rows:\n" << l::to_words(file.reading) << std::flush;
    };
    const auto outcome = l::link_files(wanted, told, columns);
    if (!outcome) return failed(outcome.error());
    if (options.json)
        std::cout << l::to_json(*outcome) << "\n";
    else
        std::cout << "\n" << l::to_words(*outcome);
    return 0;
}

}  // namespace sendhub::cli
