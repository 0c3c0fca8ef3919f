# The few helpers that every folder's CMakeLists.txt uses. Sources are always listed, never globbed.

add_library(sendhub_warnings INTERFACE)
target_compile_options(sendhub_warnings INTERFACE -Wall -Wextra -Wconversion -Werror
    -Wno-missing-field-initializers) # members left out of a designated initializer have their defaults
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # GCC 12 raises these falsely from inside libstdc++ at -O2 and under sanitizers.
    target_compile_options(sendhub_warnings INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-dangling-pointer -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
else()
    # libstdc++ 12 sorts stably by a function that it has declared deprecated.
    target_compile_options(sendhub_warnings INTERFACE -Wno-deprecated-declarations)
endif()

if(SENDHUB_SANITIZE)
    add_compile_options(-fsanitize=${SENDHUB_SANITIZE} -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${SENDHUB_SANITIZE})
    if(SENDHUB_SANITIZE MATCHES "undefined")
        add_compile_options(-fno-sanitize-recover=undefined)
    endif()
endif()

# sendhub_library(NAME SOURCES … LINKS … [PRIVATE_LINKS …]): static library sendhub_NAME, alias sendhub::NAME.
# Includes are written from the root of the tree: #include "base/error.hpp".
function(sendhub_library name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS;PRIVATE_LINKS" ${ARGN})
    add_library(sendhub_${name} STATIC ${arg_SOURCES})
    add_library(sendhub::${name} ALIAS sendhub_${name})
    target_include_directories(sendhub_${name} PUBLIC ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
    target_link_libraries(sendhub_${name} PUBLIC ${arg_LINKS} PRIVATE sendhub_warnings ${arg_PRIVATE_LINKS})
    use_precompiled(sendhub_${name} ${arg_LINKS} ${arg_PRIVATE_LINKS})
endfunction()

add_custom_target(plugins) # every connector and transport of the tree

# sendhub_plugin(NAME SOURCES … [LINKS …]): a shared library that exports sendhub_plugin and nothing else.
function(sendhub_plugin name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
    add_library(${name}_plugin MODULE ${arg_SOURCES})
    add_dependencies(plugins ${name}_plugin)
    set_target_properties(${name}_plugin PROPERTIES
        OUTPUT_NAME ${name} PREFIX "" LIBRARY_OUTPUT_DIRECTORY ${SENDHUB_PLUGIN_DIR}
        CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
    target_include_directories(${name}_plugin PRIVATE ${PROJECT_SOURCE_DIR})
    target_link_libraries(${name}_plugin PRIVATE sendhub::sdk sendhub_warnings ${arg_LINKS})
    target_link_options(${name}_plugin PRIVATE -Wl,--exclude-libs,ALL
        -Wl,--version-script=${PROJECT_SOURCE_DIR}/plugins/sdk/cmake/sendhub_plugin.map) # std templates too stay inside
endfunction()

# What is tested is optimised; the tests themselves need not be, and compile in half the time.
set(SENDHUB_TEST_OPTIONS $<$<CONFIG:Release>:-O0>)

# sendhub_test(NAME SOURCES … LINKS …): one GoogleTest executable, its cases found at build time, a process for each.
# With SHARDS n its cases are spread over n processes instead, for those that share what is costly to prepare.
function(sendhub_test name)
    cmake_parse_arguments(arg "" "TIMEOUT;SHARDS" "SOURCES;LINKS" ${ARGN})
    if(NOT SENDHUB_TESTS)
        return()
    endif()
    if(NOT arg_TIMEOUT)
        set(arg_TIMEOUT 120)
    endif()
    add_executable(${name} ${arg_SOURCES})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
    target_compile_definitions(${name} PRIVATE
        SENDHUB_SOURCE_DIR="${PROJECT_SOURCE_DIR}" SENDHUB_BINARY_DIR="${PROJECT_BINARY_DIR}"
        SENDHUB_PLUGIN_DIR="${SENDHUB_PLUGIN_DIR}")
    target_link_libraries(${name} PRIVATE ${arg_LINKS} sendhub_warnings GTest::gtest GTest::gmock GTest::gtest_main)
    target_compile_options(${name} PRIVATE ${SENDHUB_TEST_OPTIONS})
    target_precompile_headers(${name} REUSE_FROM sendhub_precompiled_test)
    if(NOT arg_SHARDS)
        # those that may take longest start first, so that no core waits for one at the end
        gtest_discover_tests(${name} NO_PRETTY_VALUES DISCOVERY_TIMEOUT 60
            PROPERTIES TIMEOUT ${arg_TIMEOUT} COST ${arg_TIMEOUT})
        return()
    endif()
    math(EXPR last "${arg_SHARDS} - 1")
    foreach(shard RANGE ${last})
        add_test(NAME ${name}.${shard} COMMAND ${name})
        set_tests_properties(${name}.${shard} PROPERTIES TIMEOUT ${arg_TIMEOUT} COST ${arg_TIMEOUT}
            ENVIRONMENT "GTEST_TOTAL_SHARDS=${arg_SHARDS};GTEST_SHARD_INDEX=${shard}")
    endforeach()
endfunction()

# sendhub_fuzzer(NAME SOURCES … LINKS …): one libFuzzer target; its corpus is tests/corpus/NAME.
function(sendhub_fuzzer name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
    if(NOT SENDHUB_FUZZ)
        return()
    endif()
    add_executable(${name} ${arg_SOURCES})
    target_include_directories(${name} PRIVATE ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/generated)
    target_link_libraries(${name} PRIVATE ${arg_LINKS} sendhub_warnings)
    target_link_options(${name} PRIVATE -fsanitize=fuzzer)
    set_target_properties(${name} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/fuzz)
endfunction()
