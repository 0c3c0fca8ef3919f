// people_file --records N --seed S --mix standard|clean|dirty|long [--without-identifiers] --dir DIR
// Writes DIR/people.csv, DIR/truth.csv and DIR/sealed_pairs.csv (demo/README.md, "The people file").
#include <CLI/CLI.hpp>
#include <cstdio>

#include "identity/testing/made_people.hpp"

int main(int argc, char** argv) {
    namespace people = sendhub::identity::testing;
    people::PeopleSettings settings;
    std::string dir;
    CLI::App app{"Makes a file of person records whose truth is known."};
    app.add_option("--records", settings.records, "how many records")->capture_default_str();
    app.add_option("--seed", settings.seed, "another seed, another file")->capture_default_str();
    app.add_option("--mix", settings.mix,
                   "how wrong the records are, and how many of a person: standard, clean, dirty or long")
        ->capture_default_str();
    app.add_flag("--without-identifiers", settings.without_identifiers, "leave UPN, NHS number and ULN out");
    app.add_option("--dir", dir, "the folder to write into")->required();
    CLI11_PARSE(app, argc, argv);

    const auto file = people::make_people(settings);
    const auto done = file ? people::write_people(*file, dir) : std::unexpected(file.error());
    if (!done) {
        std::fprintf(stderr, "people_file: %s\n", done.error().c_str());
        return 1;
    }
    std::printf("%zu records of %zu people, %zu sealed pairs, in %s\n", file->records(), file->people.size(),
                file->sealed_pairs.size(), dir.c_str());
    return 0;
}
