// `sendhub demo`: a synthetic county on disk, for trying, testing and measuring.
#include "demo/county.hpp"

#include <cstdio>
#include <iostream>

#include "hub/cli/commands.hpp"

namespace sendhub::cli {

int demo(const DemoOptions& options) {
    const auto made = demo::make_county({options.pupils, options.seed, options.dir, options.night});
    if (!made) {
        std::cerr << "sendhub: " << made.error() << "\n";
        return 1;
    }
    std::printf("%llu children, %llu schools: %llu files (%.1f MB) in %s, %llu of them new\n",
                static_cast<unsigned long long>(made->children),
                static_cast<unsigned long long>(made->schools), static_cast<unsigned long long>(made->files),
                static_cast<double>(made->bytes) / 1e6, options.dir.c_str(),
                static_cast<unsigned long long>(made->written));
    for (const auto& [feed, rows] : made->rows_by_feed)
        std::printf("  %-18s %10llu rows\n", feed.c_str(), static_cast<unsigned long long>(rows));
    std::printf("the truth is in %s; the hub never reads it\n", (options.dir / "truth").c_str());
    return 0;
}

}  // namespace sendhub::cli
