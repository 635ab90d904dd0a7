// Pictures that people at parley-chat show each other.
#include "node/chats.hpp"

namespace parley::test {
namespace {

namespace fs = std::filesystem;

class chats_with_pictures : public chats {
 protected:
  std::string a_picture(const std::string& name, std::size_t size) {
    const auto path = a_file(name, size);
    auto bytes = read_file(path);
    bytes.replace(0, 8, "\x89PNG\r\n\x1a\n");
    write_file(path, bytes);
    return path;
  }
};

TEST_F(chats_with_pictures, show_them_and_save_them) {
  auto &alice = at_chat("alice"), &bob = at_chat("bob");
  const auto wall = a_picture("wall.png", 50'000);
  alice.says("/picture " + wall, "no chat is open");
  alice.says("/to bob", "no messages with bob yet");
  alice.says("/picture " + wall, "you: [picture 1 http://127.0.0.1:" + std::to_string(node().http_port()) + "/g0/");
  const auto line = bob.reads("alice: [picture 1 http://");
  bob.says("/save 1 " + (bob.files() / "wall.png").string(), "picture 1 is in ");
  EXPECT_TRUE(same(bob.files() / "wall.png", wall));
  bob.says("/save 1 " + (bob.files() / "wall.png").string(), "wall (1).png; there is another");
  EXPECT_TRUE(same(bob.files() / "wall (1).png", wall));
  bob.says("/save 7", "there is no picture 7");
  // History knows it by the same number; so do groups.
  bob.says("/to alice", "alice: [picture 1 http://");
  alice.says("/group new climbers bob", "you made #climbers");
  alice.says("/picture " + a_picture("rope.png", 1000), "you: [picture 2 http://");
  bob.reads("#climbers alice: [picture 2 http://");
  leaves("alice", 6);
  leaves("bob", 6);
}

TEST_F(chats_with_pictures, are_told_why_one_is_not_sent) {
  at_chat("bob");
  auto& alice = at_chat("alice");
  alice.says("/to bob", "no messages with bob yet");
  alice.says("/picture /no/such/picture", "not sent: /no/such/picture: No such file");
  alice.says("/picture " + a_picture("huge.png", 6u << 20), "no picture sent: 6.0 MiB are too much, at most 5.0 MiB");
  leaves("alice", 6);
  everybody_leaves();
}

TEST_F(chats_with_pictures, save_none_that_is_gone) {
  auto &alice = at_chat("alice"), &bob = at_chat("bob");
  alice.says("/to bob", "no messages with bob yet");
  const auto port = std::to_string(node().http_port());
  alice.says("&$#@~^@[{:http://127.0.0.1:" + port + "/g0/000/000/1_gone.png:}]&$~@#@", "[picture 1 http://");
  bob.reads("alice: [picture 1 http://");
  bob.says("/save 1", "picture 1 is not here: HTTP 404");
  alice.says("&$#@~^@[{:file:///etc/passwd:}]&$~@#@", "[picture 2 file:///etc/passwd]");
  bob.reads("[picture 2 file:///etc/passwd]");
  bob.says("/save 2", "picture 2 is not here: ");
  EXPECT_TRUE(fs::is_empty(bob.files()));
  leaves("alice");
  leaves("bob", 6);
}

}  // namespace
}  // namespace parley::test
