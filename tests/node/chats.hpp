// People at parley-chat, at a node that comes back on its ports.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>

#include "node/fixture.hpp"
#include "support/socket.hpp"
#include "support/talker.hpp"
#include "support/temp_dir.hpp"

namespace parley::test {

class chats : public node_test {
 protected:
  chats() {
    options_.environment["PARLEY_PDU_PORT"] = std::to_string(free_port());
    options_.environment["PARLEY_HTTP_PORT"] = std::to_string(free_port());
  }

  /// At a terminal; a user who is made when it is the first time.
  talker& at_chat(const std::string& name) {
    if (people_.insert(name).second) node().add_user(name);
    return *(chats_[name] = std::make_unique<talker>(
                 node().pdu_port(), name,
                 std::vector<std::string>{"--media", "http://127.0.0.1:" + std::to_string(node().http_port()) + "/"}));
  }
  /// It ends by itself, having done what it could.
  void leaves(const std::string& name, int with = 0) {
    EXPECT_EQ(chats_.at(name)->leaves(), with) << name;
    chats_.erase(name);
  }
  void everybody_leaves() {
    for (auto& [name, chat] : chats_) EXPECT_EQ(chat->leaves(), 0) << name;
    chats_.clear();
  }

  /// A file of which no two places are alike, outside of what the chats write to.
  std::string a_file(const std::string& name, std::size_t size) {
    std::string bytes;
    bytes.reserve(size + 16);
    for (std::uint64_t i = 0; bytes.size() < size; ++i) bytes.append(std::to_string(i * 7919)).push_back(' ');
    bytes.resize(size);
    write_file(scratch_.path() / name, bytes);
    return (scratch_.path() / name).string();
  }
  static bool same(const std::filesystem::path& one, const std::filesystem::path& other) {
    return std::filesystem::exists(one) && read_file(one) == read_file(other);
  }

 private:
  temp_dir scratch_;
  std::set<std::string> people_;
  std::map<std::string, std::unique_ptr<talker>> chats_;
};

}  // namespace parley::test
