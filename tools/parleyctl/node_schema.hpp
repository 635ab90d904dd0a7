// The schema of a node's PDUs: the kit's, and what its plugins ship beside their files.
#pragma once

#include "tools/parleyctl/control_client.hpp"
#include "tools/parleyctl/schema.hpp"

namespace parleyctl {

inline schema schema_of_node(const std::string& socket, const std::string& protoset) {
  schema known(protoset);
  const auto none = [](const nlohmann::ordered_json&) {};
  const auto answer = control_client(socket).request("plugins", nlohmann::ordered_json::object(), none);
  // Who serves comes last: what a replaced generation's schema says of a command does not stand against it.
  for (const bool active : {false, true}) {
    for (const auto& plugin : answer.value("result", nlohmann::ordered_json::array())) {
      if ((plugin.value("state", std::string()) == "active") == active)
        known.add_plugin(plugin.value("file", std::string()));
    }
  }
  return known;
}

}  // namespace parleyctl
