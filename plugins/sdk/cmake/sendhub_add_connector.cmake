# sendhub_add_connector(NAME SOURCES … [LINKS …])
# sendhub_add_transport(NAME SOURCES … [LINKS …])
#
# A plugin that the hub loads: the shared library NAME.so, which exports sendhub_plugin and nothing else. What LINKS
# names should be static, or be on every machine the plugin is to run on.
set(SENDHUB_PLUGIN_MAP ${CMAKE_CURRENT_LIST_DIR}/sendhub_plugin.map)
function(sendhub_add_connector name)
    cmake_parse_arguments(arg "" "" "SOURCES;LINKS" ${ARGN})
    if(NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
        message(FATAL_ERROR "write sendhub_add_connector(${name} SOURCES file.cpp … [LINKS library …])")
    endif()
    add_library(${name} MODULE ${arg_SOURCES})
    set_target_properties(${name} PROPERTIES
        PREFIX "" SUFFIX .so CXX_VISIBILITY_PRESET hidden C_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
    target_link_libraries(${name} PRIVATE sendhub::sdk ${arg_LINKS})
    # Hidden visibility does not reach templates of the standard library; the map does. A symbol that is missing is
    # found here, not at load time.
    target_link_options(${name} PRIVATE -Wl,--version-script=${SENDHUB_PLUGIN_MAP})
    if(NOT CMAKE_CXX_FLAGS MATCHES "-fsanitize")
        target_link_options(${name} PRIVATE -Wl,--no-undefined)
    endif()
endfunction()

macro(sendhub_add_transport)
    sendhub_add_connector(${ARGN})
endmacro()
