# Installs the SDK, copies the project away from the tree, builds and tests it there, and looks at what it exports.
function(run)
    execute_process(COMMAND ${ARGV} RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE out)
    if(NOT code EQUAL 0)
        list(JOIN ARGV " " command)
        message(FATAL_ERROR "${command}\nended with ${code}:\n${out}")
    endif()
    set(output "${out}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE ${WORK})
set(prefix ${WORK}/prefix)
run(${CMAKE_COMMAND} --install ${BUILD} --component sdk --prefix ${prefix})

# Nothing in the package may point back to where it was built.
file(GLOB_RECURSE installed ${prefix}/*.cmake ${prefix}/*.hpp ${prefix}/*.h)
cmake_path(GET PROJECT PARENT_PATH tree)
foreach(file ${installed})
    file(READ ${file} text)
    foreach(place ${BUILD} ${tree})
        string(FIND "${text}" "${place}" at)
        if(NOT at EQUAL -1)
            message(FATAL_ERROR "${file} names ${place}: the package would not work elsewhere")
        endif()
    endforeach()
endforeach()

file(COPY ${PROJECT}/ DESTINATION ${WORK}/project)
set(flags "")
if(SANITIZE)
    set(flags "-fsanitize=${SANITIZE}") # the SDK's static library was built so
endif()
run(${CMAKE_COMMAND} -S ${WORK}/project -B ${WORK}/build -G ${GENERATOR} -DCMAKE_BUILD_TYPE=Debug
    -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_CXX_COMPILER=${CXX} -DCMAKE_C_COMPILER=${C} "-DCMAKE_CXX_FLAGS=${flags} -Wall -Wextra -Werror"
    -DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER} -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF)
run(${CMAKE_COMMAND} --build ${WORK}/build)
run(${CMAKE_CTEST_COMMAND} --test-dir ${WORK}/build --output-on-failure --no-tests=error)

run(${NM} -D --defined-only ${WORK}/build/ap_register.so)
string(REGEX MATCHALL "[^\n]+" symbols "${output}")
list(LENGTH symbols count)
if(NOT count EQUAL 1 OR NOT symbols MATCHES " T sendhub_plugin$")
    message(FATAL_ERROR "ap_register.so must export sendhub_plugin alone, and exports:\n${output}")
endif()
