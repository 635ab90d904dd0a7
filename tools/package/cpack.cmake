# Two Debian packages of what sdk/cmake/install.cmake installs and of debian/: parley and parley-dev. tools/package/build
# makes them. The components `system` and `dev_system` go to fixed
# places, and only into packages: `cmake --install` leaves them out.
set(package_directory ${PROJECT_SOURCE_DIR}/tools/package)

install(FILES ${PROJECT_SOURCE_DIR}/config/all-in-one.yaml DESTINATION /etc/parley COMPONENT system EXCLUDE_FROM_ALL)
install(FILES ${package_directory}/debian/parley@.service DESTINATION /usr/lib/systemd/system COMPONENT system EXCLUDE_FROM_ALL)
install(FILES ${package_directory}/debian/sysusers.conf DESTINATION /usr/lib/sysusers.d RENAME parley.conf COMPONENT system
  EXCLUDE_FROM_ALL)
install(FILES ${package_directory}/debian/copyright DESTINATION /usr/share/doc/parley COMPONENT system EXCLUDE_FROM_ALL)
install(FILES ${package_directory}/debian/copyright DESTINATION /usr/share/doc/parley-dev COMPONENT dev_system EXCLUDE_FROM_ALL)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME parley)
set(CPACK_PACKAGE_VENDOR Parley)
set(CPACK_PACKAGE_CONTACT "Parley <parley@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "instant messaging server, a host for plugins")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_COMPONENTS_ALL runtime system dev dev_system)
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ
  WORLD_EXECUTE)

set(CPACK_DEBIAN_PARLEY_PACKAGE_NAME parley)
set(CPACK_DEBIAN_PARLEY_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PARLEY_PACKAGE_DEPENDS "passwd")  # useradd, where there is no systemd-sysusers
set(CPACK_DEBIAN_PARLEY_PACKAGE_SUGGESTS "mariadb-client, mariadb-server, redis-server")
set(CPACK_DEBIAN_PARLEY_DESCRIPTION "instant messaging server, a host for plugins
 parleyd loads plugins that serve TeamTalk's wire protocol: messages of two and
 of groups, friends, files, media over HTTP, notifications. An ack means that a
 message is committed. Plugins are replaced without touching a connection.
 .
 parleyctl is the operator's tool, parley-chat a client for the terminal.")
set(CPACK_DEBIAN_PARLEY_PACKAGE_CONTROL_EXTRA ${package_directory}/debian/conffiles ${package_directory}/debian/postinst
  ${package_directory}/debian/prerm ${package_directory}/debian/postrm)

set(CPACK_DEBIAN_PARLEY-DEV_PACKAGE_NAME parley-dev)
set(CPACK_DEBIAN_PARLEY-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_PARLEY-DEV_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PARLEY-DEV_PACKAGE_DEPENDS "cmake, g++, protobuf-compiler, libprotobuf-dev")
set(CPACK_DEBIAN_PARLEY-DEV_DESCRIPTION "kit for plugins of the Parley instant messaging server
 Headers, protocol files, CMake functions and a test host, for plugins that are
 built outside of Parley's tree. `parleyctl new-plugin` writes one to begin with.")

include(CPack)
cpack_add_component_group(parley)
cpack_add_component_group(parley-dev)
cpack_add_component(runtime GROUP parley)
cpack_add_component(system GROUP parley)
cpack_add_component(dev GROUP parley-dev)
cpack_add_component(dev_system GROUP parley-dev)
