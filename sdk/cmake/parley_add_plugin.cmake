# parley_add_plugin(NAME SOURCES a.cpp ... [LIBRARIES ...] [PROTOS a.proto ...] [PARLEY_PROTOS events/message.proto ...]
#                   [COMMANDS commands.csv])
#
# A MODULE that can really be unloaded again: one exported symbol, hidden visibility, a version script, no unique symbols.
# Rationale: a unique symbol pins the file for ever and shares its statics with the next generation; hidden visibility alone
# leaves those of std:: templates. Its static objects are its own (plugin_statics.cpp).
#
# PROTOS are LITE messages of the plugin's own, PARLEY_PROTOS those of Parley's (below PARLEY_PROTO_DIR) that it uses. Both
# are compiled into the plugin, hidden: a schema reloads with its plugin. NAME_proto/ in the build directory has the headers;
# NAME.protoset beside the .so, with COMMANDS (in the form of proto/commands.csv: which message is which command's), lets
# `parleyctl tap`, `record` and `replay` show its PDUs.
set(PARLEY_PLUGIN_VERSION_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/plugin.map CACHE INTERNAL "")
set(PARLEY_PLUGIN_STATICS ${CMAKE_CURRENT_LIST_DIR}/plugin_statics.cpp CACHE INTERNAL "")

function(parley_add_plugin name)
  cmake_parse_arguments(ARG "" "COMMANDS" "SOURCES;LIBRARIES;PROTOS;PARLEY_PROTOS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS OR NOT ARG_SOURCES)
    message(FATAL_ERROR "parley_add_plugin(${name}): SOURCES a.cpp ..., then LIBRARIES, PROTOS, PARLEY_PROTOS; got: ${ARGN}")
  endif()
  set(PARLEY_PLUGIN_DIRECTORY ${CMAKE_BINARY_DIR}/plugins)
  add_library(${name} MODULE ${ARG_SOURCES})
  if(ARG_PROTOS OR ARG_PARLEY_PROTOS)
    parley_plugin_messages_(${name} "${ARG_PROTOS}" "${ARG_PARLEY_PROTOS}")
  endif()
  if(ARG_COMMANDS)
    configure_file(${ARG_COMMANDS} ${PARLEY_PLUGIN_DIRECTORY}/${name}.commands.csv COPYONLY)
  endif()
  target_link_libraries(${name} PRIVATE parley::sdk ${ARG_LIBRARIES})
  target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  set_target_properties(${name} PROPERTIES
    PREFIX "" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON POSITION_INDEPENDENT_CODE ON
    LIBRARY_OUTPUT_DIRECTORY ${PARLEY_PLUGIN_DIRECTORY}
    LINK_DEPENDS ${PARLEY_PLUGIN_VERSION_SCRIPT})
  # --build-id names the staged copy; -z defs finds a missing library at build time (sanitizers leave theirs to the host).
  target_link_options(${name} PRIVATE -Wl,--version-script=${PARLEY_PLUGIN_VERSION_SCRIPT} -Wl,--build-id
    -Wl,--compress-debug-sections=zlib)
  if(NOT PARLEY_SANITIZE AND NOT PARLEY_FUZZ)
    target_link_options(${name} PRIVATE -Wl,-z,defs)
    target_sources(${name} PRIVATE ${PARLEY_PLUGIN_STATICS})
  endif()
endfunction()

function(parley_plugin_messages_ name own of_parley)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${name}_proto)
  set(protoset ${PARLEY_PLUGIN_DIRECTORY}/${name}.protoset)
  set(include -I${CMAKE_CURRENT_SOURCE_DIR} -I${PARLEY_PROTO_DIR})
  file(MAKE_DIRECTORY ${out} ${PARLEY_PLUGIN_DIRECTORY})
  set(generated "")
  set(inputs "")
  foreach(proto IN LISTS own of_parley)
    string(REGEX REPLACE "\\.proto$" "" stem ${proto})
    list(APPEND generated ${out}/${stem}.pb.cc ${out}/${stem}.pb.h)
    if(proto IN_LIST own)
      list(APPEND inputs ${CMAKE_CURRENT_SOURCE_DIR}/${proto})
    else()
      list(APPEND inputs ${PARLEY_PROTO_DIR}/${proto})
    endif()
  endforeach()
  add_custom_command(
    OUTPUT ${generated} ${protoset}
    COMMAND protobuf::protoc ${include} --cpp_out=${out} --include_imports --descriptor_set_out=${protoset} ${own} ${of_parley}
    DEPENDS ${inputs}
    COMMENT "Generating the messages of ${name}"
    VERBATIM)
  list(FILTER generated INCLUDE REGEX "\\.cc$")
  target_sources(${name} PRIVATE ${generated})
  set_source_files_properties(${generated} PROPERTIES COMPILE_OPTIONS -w)
  set_target_properties(${name} PROPERTIES PARLEY_MESSAGES "${generated}" PARLEY_MESSAGE_DIRECTORY ${out})
  target_include_directories(${name} SYSTEM PRIVATE ${out})
  target_link_libraries(${name} PRIVATE protobuf::libprotobuf-lite)
endfunction()

# parley_add_plugin_test(NAME PLUGIN plugin SOURCES a_test.cpp ... [LIBRARIES ...])
#
# A program that tests a plugin of this directory through parley/testing. It has the plugin's messages, and PARLEY_PLUGIN_FILE
# is the .so's path. Test framework and add_test are the caller's.
function(parley_add_plugin_test name)
  cmake_parse_arguments(ARG "" "PLUGIN" "SOURCES;LIBRARIES" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS OR NOT ARG_SOURCES OR NOT TARGET "${ARG_PLUGIN}")
    message(FATAL_ERROR "parley_add_plugin_test(${name}): PLUGIN target SOURCES a_test.cpp ...; got: ${ARGN}")
  endif()
  add_executable(${name} ${ARG_SOURCES})
  get_target_property(messages ${ARG_PLUGIN} PARLEY_MESSAGES)
  if(messages)
    # Compiled anew, not shared: the plugin's are hidden inside it.
    get_target_property(include ${ARG_PLUGIN} PARLEY_MESSAGE_DIRECTORY)
    set_source_files_properties(${messages} PROPERTIES GENERATED TRUE COMPILE_OPTIONS -w)
    target_sources(${name} PRIVATE ${messages})
    target_include_directories(${name} SYSTEM PRIVATE ${include})
    target_link_libraries(${name} PRIVATE protobuf::libprotobuf-lite)
  endif()
  add_dependencies(${name} ${ARG_PLUGIN})
  target_compile_definitions(${name} PRIVATE PARLEY_PLUGIN_FILE="$<TARGET_FILE:${ARG_PLUGIN}>")
  target_link_libraries(${name} PRIVATE parley::testing ${ARG_LIBRARIES})
endfunction()
