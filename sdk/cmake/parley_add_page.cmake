# parley_add_page(TARGET DIRECTORY [BASE /NAME/] [INDEX /PATH] [PARLEY_PROTOS IM.Login.proto ...] [LIMIT BYTES])
#
# A web page inside the plugin TARGET: reloading the plugin reloads the page. DIRECTORY has
#   package.json, package-lock.json, .npmrc   its packages from npm, with esbuild and typescript among them; a lock without
#                                             any address of a registry (.npmrc: omit-lockfile-registry-resolved=true)
#   main.ts or main.tsx                       where it begins; imports its style sheets, too
#   index.html                                %main.js% and %main.css% stand for the bundles, %NAME% for the file static/NAME
#   static/                                   icons and the like
# "parley/..." imports what pages share (PARLEY_WEB_DIR), "proto/IM.Login_pb" the messages of PARLEY_PROTOS (with
# @bufbuild/protobuf and @bufbuild/protoc-gen-es among its packages), "proto/commands" the command table.
#
# Types are checked, the bundle is minified, compressed and put into the .so; nothing is done when nothing changed. More than
# LIMIT bytes, compressed (150 KiB), fail the build. The plugin includes "TARGET_page.hpp" and serves parley::pages::TARGET:
# its files below BASE (/TARGET/ unless given), its index.html at INDEX (BASE unless given). See parley/page.hpp.
#
# Needs node (18 or newer) and npm. What npm fetches is checked against the lock, and no script of a package is run.
set(PARLEY_PAGE_PACK ${CMAKE_CURRENT_LIST_DIR}/page/pack.mjs CACHE INTERNAL "")

function(parley_add_page target directory)
  cmake_parse_arguments(ARG "" "BASE;INDEX;LIMIT" "PARLEY_PROTOS" ${ARGN})
  if(ARG_UNPARSED_ARGUMENTS OR NOT TARGET "${target}")
    message(FATAL_ERROR "parley_add_page(${target} ${directory}): a plugin and a directory, then BASE, INDEX, LIMIT, PARLEY_PROTOS; got: ${ARGN}")
  endif()
  if(NOT ARG_BASE)
    set(ARG_BASE /${target}/)
  endif()
  if(NOT ARG_INDEX)
    set(ARG_INDEX ${ARG_BASE})
  endif()
  if(NOT ARG_LIMIT)
    set(ARG_LIMIT 153600)
  endif()
  find_program(PARLEY_NODE node REQUIRED)
  find_program(PARLEY_NPM npm REQUIRED)

  get_filename_component(page ${directory} ABSOLUTE)
  set(out ${CMAKE_CURRENT_BINARY_DIR}/${target}_page)
  set(packages ${page}/package.json ${page}/package-lock.json ${page}/.npmrc)
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${page}/* ${PARLEY_WEB_DIR}/*)
  list(FILTER sources EXCLUDE REGEX "/node_modules/|\\.md$|/screenshots/")
  set(protos "")
  if(ARG_PARLEY_PROTOS)
    set(protos ${PARLEY_PROTO_DIR}/commands.csv)
  endif()
  foreach(proto IN LISTS ARG_PARLEY_PROTOS)
    list(APPEND protos ${PARLEY_PROTO_DIR}/${proto})
  endforeach()

  add_custom_command(
    OUTPUT ${out}/packages.stamp
    COMMAND ${CMAKE_COMMAND} -E make_directory ${out}
    COMMAND ${CMAKE_COMMAND} -E copy ${packages} ${out}
    COMMAND ${CMAKE_COMMAND} -E chdir ${out} ${PARLEY_NPM} ci --ignore-scripts --no-audit --no-fund --loglevel=error
    COMMAND ${CMAKE_COMMAND} -E touch ${out}/packages.stamp
    DEPENDS ${packages}
    COMMENT "Fetching the packages of ${target}'s page"
    VERBATIM)
  add_custom_command(
    OUTPUT ${out}/${target}_page.cpp ${out}/${target}_page.hpp
    COMMAND ${PARLEY_NODE} ${PARLEY_PAGE_PACK} --name ${target} --page ${page} --shared ${PARLEY_WEB_DIR} --out ${out}
            --base ${ARG_BASE} --index ${ARG_INDEX} --limit ${ARG_LIMIT} --protoc $<TARGET_FILE:protobuf::protoc>
            --proto-dir ${PARLEY_PROTO_DIR} ${ARG_PARLEY_PROTOS}
    DEPENDS ${out}/packages.stamp ${sources} ${protos} ${PARLEY_PAGE_PACK}
    COMMENT "Packing the page of ${target}"
    VERBATIM)
  target_sources(${target} PRIVATE ${out}/${target}_page.cpp ${out}/${target}_page.hpp)
  set_source_files_properties(${out}/${target}_page.cpp PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
  target_include_directories(${target} PRIVATE ${out})
endfunction()
