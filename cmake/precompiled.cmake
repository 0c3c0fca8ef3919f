# Headers of others that most sources include, parsed once for each set of compiler flags. Never a header of ours: a
# change of it would rebuild everything. A source still names every header it uses; the preset `fuzz` builds without
# these and fails where one is missing.
#   library  the standard library                       json  the same and simdjson: for targets that link it
#   test     the standard library and GoogleTest
set(std_headers <algorithm> <array> <charconv> <chrono> <cmath> <cstdint> <cstdio> <cstdlib> <cstring> <expected>
    <filesystem> <fstream> <functional> <map> <memory> <mutex> <optional> <set> <span> <sstream> <string> <string_view>
    <system_error> <thread> <unordered_map> <utility> <vector>)

function(precompiled_set name)
    cmake_parse_arguments(arg "" "" "HEADERS;LINKS" ${ARGN})
    target_link_libraries(sendhub_precompiled_${name} PRIVATE sendhub_warnings ${arg_LINKS})
    target_precompile_headers(sendhub_precompiled_${name} PRIVATE ${std_headers} ${arg_HEADERS})
endfunction()

add_library(sendhub_precompiled_library OBJECT cmake/precompiled/nothing.cpp)
precompiled_set(library)
add_library(sendhub_precompiled_json OBJECT cmake/precompiled/nothing.cpp)
precompiled_set(json HEADERS <simdjson.h> LINKS simdjson::simdjson)
if(SENDHUB_TESTS)
    add_executable(sendhub_precompiled_test EXCLUDE_FROM_ALL cmake/precompiled/nothing.cpp) # flags of an executable
    target_compile_options(sendhub_precompiled_test PRIVATE ${SENDHUB_TEST_OPTIONS})
    precompiled_set(test HEADERS <gmock/gmock.h> <gtest/gtest.h> LINKS GTest::gtest GTest::gmock)
endif()

# use_precompiled(TARGET LINKS…): of a library, the set that goes with what it links.
function(use_precompiled target)
    if(simdjson::simdjson IN_LIST ARGN)
        target_precompile_headers(${target} REUSE_FROM sendhub_precompiled_json)
    else()
        target_precompile_headers(${target} REUSE_FROM sendhub_precompiled_library)
    endif()
endfunction()
