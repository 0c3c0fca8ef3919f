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

# A connector in C, built against the same package, run by the real hub: its rows come as an Arrow batch.
file(COPY ${PROJECT}/../arrow_in_c DESTINATION ${WORK})
run(${CMAKE_COMMAND} -S ${WORK}/arrow_in_c -B ${WORK}/c -G ${GENERATOR} -DCMAKE_BUILD_TYPE=Debug
    -DCMAKE_PREFIX_PATH=${prefix} -DCMAKE_C_COMPILER=${C} -DCMAKE_FIND_USE_PACKAGE_REGISTRY=OFF)
run(${CMAKE_COMMAND} --build ${WORK}/c)
set(hub ${WORK}/hub)
file(COPY ${WORK}/c/waiting_list.so ${PLUGINS}/folder.so DESTINATION ${hub}/plugins)
file(CHMOD ${hub} ${hub}/plugins PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE)
file(WRITE ${hub}/in/list.csv "K1,Hill,16000\nK2,Moor,\nK1,Twice,16001\n")
file(WRITE ${hub}/hub.toml [[
[hub]
name = "Demo County Council"
la_code = "873"
state = "state"
[plugins]
folder = "plugins"
development = true
[feed.waiting_list]
connector = "waiting_list"
transport = "folder"
purpose = "A test."
[feed.waiting_list.fetch]
folder = "in"
settle_seconds = 0
]])
execute_process(COMMAND ${HUB} --config hub.toml sync waiting_list WORKING_DIRECTORY ${hub} OUTPUT_VARIABLE said ERROR_VARIABLE said)
execute_process(COMMAND ${HUB} --config hub.toml rejects waiting_list --json WORKING_DIRECTORY ${hub} OUTPUT_VARIABLE rejects)
string(REGEX MATCH "\"source_row\": ?3" third "${rejects}")
if(NOT said MATCHES "waiting_list +ok +1 +3 +2 +1 " OR NOT third OR NOT rejects MATCHES "HUB-REPEAT")
    message(FATAL_ERROR "two rows of the batch should be accepted and the third rejected as a repeat; the hub said:\n${said}\n${rejects}")
endif()
