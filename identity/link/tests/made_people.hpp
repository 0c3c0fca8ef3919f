// Small files of invented people whose truth is known, for the tests of this room.
#pragma once

#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

namespace sendhub::identity::link {

struct MadeRecord {
    std::size_t person;
    std::string forename, surname, birth, sex, postcode;
};

class MadePeople {
  public:
    // Of each person two records, and of every third a third; one in four has a typing error, one in six no
    // postcode.
    explicit MadePeople(std::size_t people, std::uint32_t seed = 1) : state_(seed) {
        for (std::size_t p = 0; p < people; ++p) {
            const MadeRecord person{p, word(4), word(6), birth(), below(2) == 0 ? "F" : "M", postcode()};
            for (std::size_t r = 0; r < (p % 3 == 0 ? 3 : 2); ++r) {
                MadeRecord record = person;
                if (below(4) == 0) std::swap(record.surname[2], record.surname[3]);
                if (below(6) == 0) record.postcode.clear();
                records.push_back(record);
            }
        }
        for (std::size_t i = records.size(); i > 1; --i) std::swap(records[i - 1], records[below(i)]);
    }
    std::vector<MadeRecord> records;

  private:
    std::size_t below(std::size_t n) {
        state_ = state_ * 1664525 + 1013904223;
        return (state_ >> 8) % n;
    }
    std::string word(std::size_t letters) {
        std::string out;
        for (std::size_t i = 0; i < letters; ++i)
            out += i % 2 == 0 ? "BCDFGLMNPRST"[below(12)] : "aeiou"[below(5)];
        for (std::size_t i = 1; i < out.size(); ++i)
            if (i % 2 == 0) out[i] = static_cast<char>(out[i] + 32);
        return out;
    }
    std::string birth() {
        auto two = [](std::size_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
        return std::to_string(1940 + below(70)) + "-" + two(1 + below(12)) + "-" + two(1 + below(28));
    }
    std::string postcode() {
        std::string out = "LS" + std::to_string(1 + below(20)) + " " + std::to_string(below(10));
        out += "ABDEFG"[below(6)];
        out += "HJLNPQ"[below(6)];
        return out;
    }
    std::uint32_t state_;
};

}  // namespace sendhub::identity::link
