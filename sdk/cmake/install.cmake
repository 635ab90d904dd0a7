# cmake --install BUILD --prefix P: the kit. All paths in it are relative, so P may be moved.
#
#   bin/        parleyd parleyctl parley-chat parley-bench parley-import parley-store
#               parley-selfbench
#   libexec/    parley-thumbnail, which the plugin msfs runs
#   include/    parley/*.hpp, parley/abi.h, parley/testing/, parley/commands.hpp
#   lib/        libparley_testing.so, parley/plugins/, cmake/Parley/
#   share/parley/  proto/ (with commands.csv), config/, new-plugin/ (parleyctl's template), parley.protoset
include(CMakePackageConfigHelpers)

set(PARLEY_INSTALL_BIN bin)
set(PARLEY_INSTALL_PLUGINS lib/parley/plugins)
set(PARLEY_INSTALL_SHARE share/parley)
set(package lib/cmake/Parley)

# tools/package makes a package of each.
set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME runtime)
install(TARGETS parleyd parleyd-supervisor parleyctl parley-chat parley-bench parley-import parley-store parley-selfbench RUNTIME DESTINATION ${PARLEY_INSTALL_BIN})
install(TARGETS parley-thumbnail RUNTIME DESTINATION libexec)
install(TARGETS ${PARLEY_BUNDLED_PLUGINS} LIBRARY DESTINATION ${PARLEY_INSTALL_PLUGINS})
foreach(plugin IN LISTS PARLEY_BUNDLED_PLUGINS)
  install(FILES ${CMAKE_BINARY_DIR}/plugins/${plugin}.protoset ${CMAKE_BINARY_DIR}/plugins/${plugin}.commands.csv
    DESTINATION ${PARLEY_INSTALL_PLUGINS} OPTIONAL)
endforeach()

install(DIRECTORY ${PROJECT_SOURCE_DIR}/config DESTINATION ${PARLEY_INSTALL_SHARE})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/tools/parleyctl/new-plugin DESTINATION ${PARLEY_INSTALL_SHARE})
install(FILES ${CMAKE_BINARY_DIR}/share/parley/parley.protoset DESTINATION ${PARLEY_INSTALL_SHARE})

set(CMAKE_INSTALL_DEFAULT_COMPONENT_NAME dev)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/sdk/include/parley DESTINATION include)
install(FILES ${CMAKE_BINARY_DIR}/proto/gen/parley/commands.hpp DESTINATION include/parley)
install(DIRECTORY ${PROJECT_SOURCE_DIR}/proto/ DESTINATION ${PARLEY_INSTALL_SHARE}/proto
  FILES_MATCHING PATTERN "*.proto" PATTERN "commands.csv" PATTERN "README.md" PATTERN "cmake" EXCLUDE)

install(TARGETS parley_sdk EXPORT ParleyTargets)
install(TARGETS parley_testing EXPORT ParleyTargets LIBRARY DESTINATION lib)
install(EXPORT ParleyTargets NAMESPACE parley:: DESTINATION ${package})
configure_package_config_file(${PROJECT_SOURCE_DIR}/sdk/cmake/ParleyConfig.cmake.in ${CMAKE_BINARY_DIR}/ParleyConfig.cmake
  INSTALL_DESTINATION ${package} PATH_VARS PARLEY_INSTALL_SHARE PARLEY_INSTALL_PLUGINS PARLEY_INSTALL_BIN)
write_basic_package_version_file(${CMAKE_BINARY_DIR}/ParleyConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_BINARY_DIR}/ParleyConfig.cmake ${CMAKE_BINARY_DIR}/ParleyConfigVersion.cmake
  ${PROJECT_SOURCE_DIR}/sdk/cmake/parley_add_plugin.cmake ${PROJECT_SOURCE_DIR}/sdk/cmake/plugin.map
  ${PROJECT_SOURCE_DIR}/sdk/cmake/plugin_statics.cpp DESTINATION ${package})
