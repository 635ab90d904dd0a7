#pragma once

#include <cstdlib>

#include "node/fixture.hpp"
#include "poll.pb.h"
#include "support/manifest.hpp"

namespace parley::test {

namespace pb = poll_messages;

/// A node of the kit with poll, which was built out of tree: the file that POLL_PLUGIN in the environment names.
struct poll_in_a_node : node_test {
  poll_in_a_node() {
    const auto file = from_environment("POLL_PLUGIN");
    const auto path = scratch_.path() / "poll.yaml";
    write_file(path, "reload: {probation: 60s}\n" +
                         small_manifest("  - {name: login, config: {password_cost: low}}\n  - message\n  - buddy\n"
                                        "  - {name: poll, file: " +
                                        file + "}\n"));
    options_.manifest = path.string();
  }

  static std::string from_environment(const char* name) {
    const char* file = std::getenv(name);
    if (!file) throw failure(std::string(name) + " names the plugin's file");
    return file;
  }

  pb::Poll ask(chat_client& from, std::uint32_t peer, bool quiet = false) {
    pb::Ask message;
    message.set_peer(peer);
    message.set_question("Where to?");
    message.add_option("sea");
    message.add_option("hills");
    message.set_quiet(quiet);
    return from.ask<pb::Poll>(0x8100, message);
  }
  pb::Tally vote(chat_client& from, std::uint64_t id, std::uint32_t option) {
    pb::Vote message;
    message.set_poll_id(id);
    message.set_option(option);
    return from.ask<pb::Tally>(0x8103, message);
  }

 private:
  temp_dir scratch_;
};

}  // namespace parley::test
