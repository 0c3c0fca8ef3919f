# Who may look at whom (docs/contracts.md and the table below). Fails with one line for each #include that breaks it.
#   cmake [-DROOT=tree] -P cmake/check_includes.cmake
#
#   schemas                                             on their own; everybody may include them
#   plugins/abi  ←  plugins/sdk  ←  connectors, plugins/transports, plugins/sinks      none of these knows hub/
#   hub/base  ←  hub/config  ←  store match publish govern worker  ←  schedule serve  ←  cli
#                              these do not know each other;         nor do these
#   hub/ reaches a plugin only through plugins/abi, and only in hub/worker
#   plugins/sdk/tabular reads tables: connectors use it, and hub/match/link for files of any origin
#
# A room's tests and benches keep the room's rules, and its tests may use tests/support. tests/ and bench/ at the top may look at everything.
if(NOT ROOT)
    cmake_path(GET CMAKE_CURRENT_LIST_DIR PARENT_PATH ROOT)
endif()

set(middle store match publish govern worker)

# What a file of a room may include, as a regular expression on what stands between the quotes or brackets.
function(allowed_for file result)
    if(file MATCHES "^schemas/")
        set(allow "schemas/")
    elseif(file MATCHES "^plugins/abi/")
        set(allow "sendhub/abi/")
    elseif(file MATCHES "^plugins/sdk/tabular/")
        set(allow "sendhub/|schemas/|plugins/sdk/tabular/")
    elseif(file MATCHES "^plugins/sdk/")
        set(allow "sendhub/|schemas/rules/")
    elseif(file MATCHES "^(plugins/(transports|sinks)/[^/]+/)")
        set(allow "sendhub/|schemas/rules/|${CMAKE_MATCH_1}")
    elseif(file MATCHES "^(connectors/[^/]+/)")
        set(allow "sendhub/|schemas/|plugins/sdk/tabular/|${CMAKE_MATCH_1}")
    elseif(file MATCHES "^hub/base/")
        set(allow "schemas/|hub/base/")
    elseif(file MATCHES "^hub/config/")
        set(allow "schemas/|hub/(base|config)/")
    elseif(file MATCHES "^hub/worker/")
        set(allow "sendhub/abi/|schemas/|hub/(base|config|worker)/")
    elseif(file MATCHES "^hub/match/(link|text)/") # files of any origin are read as the connectors read theirs
        set(allow "schemas/|hub/(base|config|match)/|plugins/sdk/tabular/")
    elseif(file MATCHES "^hub/(store|match|publish|govern)/")
        set(allow "schemas/|hub/(base|config|${CMAKE_MATCH_1})/")
    elseif(file MATCHES "^hub/(schedule|serve)/")
        list(JOIN middle "|" rooms)
        set(allow "schemas/|hub/(base|config|${rooms}|${CMAKE_MATCH_1})/")
    elseif(file MATCHES "^hub/cli/")
        set(allow "schemas/|hub/|demo/")
    elseif(file MATCHES "^demo/")
        set(allow "schemas/|hub/base/|demo/")
    else()
        set(allow "a room that this check knows: name it in cmake/check_includes.cmake")
    endif()
    if(file MATCHES "/tests/")
        string(APPEND allow "|tests/support/")
    endif()
    set(${result} "${allow}" PARENT_SCOPE)
endfunction()

set(patterns "")
foreach(folder schemas plugins connectors hub demo)
    foreach(ending c cpp h hpp)
        list(APPEND patterns ${ROOT}/${folder}/*.${ending})
    endforeach()
endforeach()
file(GLOB_RECURSE files RELATIVE ${ROOT} ${patterns})
if(NOT files)
    message(FATAL_ERROR "there is nothing to check in ${ROOT}")
endif()

set(faults "")
foreach(file ${files})
    file(STRINGS ${ROOT}/${file} lines REGEX "^[ \t]*#[ \t]*include[ \t]*[<\"]")
    allowed_for(${file} allow)
    foreach(line ${lines})
        if(NOT line MATCHES "^[ \t]*#[ \t]*include[ \t]*([<\"])([^>\"]+)")
            continue() # the rest of a comment
        endif()
        set(quote "${CMAKE_MATCH_1}")
        set(included "${CMAKE_MATCH_2}")
        if(included MATCHES "^(sendhub|schemas|plugins|connectors|hub|demo|tests|bench)/")
            if(NOT included MATCHES "^(${allow})")
                list(APPEND faults "${file} must not include ${included}")
            endif()
        elseif(quote STREQUAL "\"")
            list(APPEND faults "${file} must write \"${included}\" from the root of the tree")
        endif()
    endforeach()
endforeach()

list(LENGTH files count)
if(faults)
    list(JOIN faults "\n  " text)
    message(FATAL_ERROR "include rules broken (who may include whom: cmake/check_includes.cmake):\n  ${text}")
endif()
message(STATUS "include rules: ${count} files keep them")
