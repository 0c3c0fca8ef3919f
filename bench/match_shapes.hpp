// Files of shapes that make quadratic work show: one value on every row, many records of one person, one
// block that holds everything.
#pragma once

#include <cstddef>
#include <string>

namespace sendhub {

// Matches each shape (or the one named) with `records` and with four times as many, prints seconds, their
// ratio and what was cut. False: a ratio is far from that of n log n.
bool bench_shapes(std::size_t records, unsigned threads, const std::string& only);

}  // namespace sendhub
