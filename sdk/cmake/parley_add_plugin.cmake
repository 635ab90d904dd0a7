# parley_add_plugin(NAME SOURCES a.cpp ... [LIBRARIES ...] [PROTOS a.proto ...])
#
# A MODULE that can really be unloaded again: one exported symbol, hidden visibility, a version script, no unique symbols.
# Rationale: a unique symbol pins the file for ever and shares its statics with the next generation; hidden visibility alone
# leaves those of std:: templates. PROTOS are LITE messages of the plugin's own, linked hidden into it: a schema reloads with
# its plugin.
set(PARLEY_PLUGIN_VERSION_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/plugin.map CACHE INTERNAL "")

function(parley_add_plugin name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LIBRARIES;PROTOS" ${ARGN})
  add_library(${name} MODULE ${ARG_SOURCES})
  foreach(proto IN LISTS ARG_PROTOS)
    get_filename_component(stem ${proto} NAME_WE)
    set(out ${CMAKE_CURRENT_BINARY_DIR}/${name}_proto)
    file(MAKE_DIRECTORY ${out})
    add_custom_command(
      OUTPUT ${out}/${stem}.pb.cc ${out}/${stem}.pb.h
      COMMAND protobuf::protoc --cpp_out=${out} -I${CMAKE_CURRENT_SOURCE_DIR} ${CMAKE_CURRENT_SOURCE_DIR}/${proto}
      DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${proto} VERBATIM)
    target_sources(${name} PRIVATE ${out}/${stem}.pb.cc)
    target_include_directories(${name} SYSTEM PRIVATE ${out})
    target_link_libraries(${name} PRIVATE protobuf::libprotobuf-lite)
  endforeach()
  target_link_libraries(${name} PRIVATE parley::sdk ${ARG_LIBRARIES})
  target_compile_options(${name} PRIVATE $<$<CXX_COMPILER_ID:GNU>:-fno-gnu-unique>)
  set_target_properties(${name} PROPERTIES
    PREFIX "" CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON
    LIBRARY_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/plugins
    LINK_DEPENDS ${PARLEY_PLUGIN_VERSION_SCRIPT})
  # --build-id names the staged copy; -z defs finds a missing library at build time (sanitizers leave theirs to the host).
  target_link_options(${name} PRIVATE -Wl,--version-script=${PARLEY_PLUGIN_VERSION_SCRIPT} -Wl,--build-id
    -Wl,--compress-debug-sections=zlib)
  if(NOT PARLEY_SANITIZE AND NOT PARLEY_FUZZ)
    target_link_options(${name} PRIVATE -Wl,-z,defs)
  endif()
endfunction()
