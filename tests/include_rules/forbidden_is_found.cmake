# The check on a small tree of its own: every forbidden include is named, and no allowed one.
file(REMOVE_RECURSE ${WORK})

# file | include | "bad" or "good"
set(cases
    "schemas/a.cpp|<base/error.hpp>|bad"
    "plugins/abi/a.h|<sendhub/values.hpp>|bad"
    "plugins/abi/b.h|<sendhub/abi/core.h>|good"
    "plugins/sdk/src/a.cpp|\"base/error.hpp\"|bad"
    "plugins/sdk/src/b.cpp|<sendhub/plugin.hpp>|good"
    "plugins/transports/folder/a.cpp|\"base/files.hpp\"|bad"
    "plugins/transports/folder/b.cpp|\"plugins/transports/http/client.hpp\"|bad"
    "plugins/transports/folder/c.cpp|\"plugins/transports/folder/listing.hpp\"|good"
    "connectors/one/a.cpp|\"connectors/two/values.hpp\"|bad"
    "connectors/one/b.cpp|\"hub/worker/stage.hpp\"|bad"
    "connectors/one/c.cpp|\"plugins/sdk/tabular/csv.hpp\"|good"
    "plugins/sdk/tabular/a.cpp|\"schemas/rules/postcode.hpp\"|good"
    "plugins/sdk/tabular/b.cpp|\"base/error.hpp\"|bad"
    "identity/link/a.cpp|\"plugins/sdk/tabular/csv.hpp\"|good"
    "hub/match/d.cpp|\"plugins/sdk/tabular/csv.hpp\"|bad"
    "connectors/one/tests/d.cpp|<sendhub/testing.hpp>|good"
    "connectors/one/tests/e.cpp|\"tests/support/temporary_folder.hpp\"|good"
    "connectors/one/f.cpp|\"tests/support/temporary_folder.hpp\"|bad"
    "hub/store/tests/g.cpp|\"tests/e2e/hub.hpp\"|bad"
    "base/a.cpp|\"hub/config/config.hpp\"|bad"
    "hub/config/a.cpp|\"hub/store/store.hpp\"|bad"
    "hub/store/a.cpp|\"hub/match/run.hpp\"|bad"
    "hub/store/tests/b.cpp|\"hub/worker/stage.hpp\"|bad"
    "hub/store/c.cpp|<sendhub/abi/core.h>|bad"
    "hub/worker/a.cpp|<sendhub/abi/connector.h>|good"
    "hub/worker/b.cpp|<sendhub/connector.hpp>|bad"
    "hub/worker/c.cpp|\"plugins/sdk/include/sendhub/values.hpp\"|bad"
    "hub/serve/a.cpp|\"hub/schedule/night.hpp\"|bad"
    "hub/schedule/a.cpp|\"hub/store/store.hpp\"|good"
    "hub/publish/a.cpp|\"hub/cli/commands.hpp\"|bad"
    "hub/cli/a.cpp|\"hub/serve/server.hpp\"|good"
    "identity/engine/a.cpp|\"hub/config/config.hpp\"|bad"
    "identity/engine/b.cpp|\"identity/link/link.hpp\"|bad"
    "hub/supervisor/a.cpp|\"hub/worker/stage.hpp\"|bad"
    "hub/worker/d.cpp|\"hub/supervisor/process.hpp\"|bad"
    "hub/supervisor/b.cpp|\"hub/handover/wire.hpp\"|good"
    "hub/match/e.cpp|\"identity/engine/engine.hpp\"|good"
    "hub/match/a.cpp|\"../store/store.hpp\"|bad"
    "hub/match/b.cpp|\"names.hpp\"|bad"
    "hub/match/c.cpp|<vector>|good"
    "hub/new_room/a.cpp|\"base/error.hpp\"|bad")
foreach(case ${cases})
    string(REPLACE "|" ";" case "${case}")
    list(GET case 0 file)
    list(GET case 1 include)
    file(WRITE ${WORK}/${file} "// a; comment\n  #  include ${include} // why; not\n")
endforeach()

execute_process(COMMAND ${CMAKE_COMMAND} -DROOT=${WORK} -P ${CHECK} RESULT_VARIABLE code OUTPUT_VARIABLE out ERROR_VARIABLE out)
if(code EQUAL 0)
    message(FATAL_ERROR "the check found nothing")
endif()
foreach(case ${cases})
    string(REPLACE "|" ";" case "${case}")
    list(GET case 0 file)
    list(GET case 2 want)
    string(FIND "${out}" "  ${file} must" at)
    if(want STREQUAL "bad" AND at EQUAL -1)
        message(FATAL_ERROR "${case} was not found; the check said:\n${out}")
    elseif(want STREQUAL "good" AND NOT at EQUAL -1)
        message(FATAL_ERROR "${case} is allowed; the check said:\n${out}")
    endif()
endforeach()
