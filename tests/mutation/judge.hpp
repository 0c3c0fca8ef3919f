// Compares what came out of a mutated file with what may rightly come out of it.
#pragma once

#include <optional>

#include "tests/mutation/document.hpp"

namespace sendhub::mutation {

struct Issue {
    bool reject;
    std::uint64_t line;
    std::string field, rule;
};

// What the reader made of a file, in the words of the truth.
struct Outcome {
    std::string failure;                 // not empty: it failed in a way that it must not
    std::optional<std::string> refused;  // the reason
    std::vector<Record> records;
    std::vector<Issue> issues;
    std::vector<std::string> notes;  // for people
    // Rows that were left out, or values that could not be used, and are told by their number alone.
    std::uint64_t further_rejects = 0, further_warnings = 0;
};

enum class Verdict { read, rejected, refused, silent };

struct Judgement {
    Verdict verdict = Verdict::read;
    std::string difference;   // of silent: which row and field, what was wanted and what came
    bool too_strict = false;  // a row that no mutation touched was rejected, or a readable file refused
};

Judgement judge(const Document& document, const Written& written, const Outcome& outcome);

}  // namespace sendhub::mutation
