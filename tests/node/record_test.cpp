// parleyctl record and replay, from one node to another.
#include <sys/stat.h>

#include <fstream>

#include "client/base64.hpp"
#include "client/digest.hpp"
#include "node/recordings.hpp"

namespace parley::test {
namespace {

TEST_F(recordings, are_private_and_have_no_password) {
  const auto file = talk();
  struct stat about {};
  ASSERT_EQ(stat(file.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  std::ifstream in(file);
  std::string line;
  int logins = 0;
  while (std::getline(in, line)) {
    const auto pdu = json::parse(line);
    if (pdu.value("c", 0) != 0x0103) continue;
    ++logins;
    IM::Login::IMLoginReq request;
    const auto body = client::base64_decode(pdu.at("b").get<std::string>());
    ASSERT_TRUE(body && request.ParseFromString(*body));
    EXPECT_EQ(request.password(), "***");
    EXPECT_EQ(body->find(client::md5_hex(password_of("ada"))), std::string::npos);
  }
  EXPECT_EQ(logins, 2);
}

TEST_F(recordings, replayed_on_a_node_of_the_same_build_are_the_same) {
  const auto file = talk();
  auto other = another("");
  const auto said = replay(*other, file);
  EXPECT_EQ(said.end.code, 0) << said.output;
  EXPECT_NE(said.output.find("all the same"), std::string::npos) << said.output;
}

TEST_F(recordings, replayed_on_another_build_show_what_differs_by_field) {
  const auto file = talk();
  auto other = another("> ");
  const auto said = replay(*other, file);
  EXPECT_EQ(said.end.code, 1) << said.output;
  EXPECT_NE(said.output.find("0x8002 seq 77 echo_answer differs"), std::string::npos) << said.output;
  EXPECT_NE(said.output.find("recorded { text: \"hi\""), std::string::npos) << said.output;
  EXPECT_NE(said.output.find("replayed { text: \"> hi\""), std::string::npos) << said.output;
}

TEST_F(recordings, of_one_user_have_nothing_of_others) {
  const auto file = talk({"--user", "1"});
  const auto said = replay(node(), file);
  EXPECT_NE(said.output.find("1 sessions"), std::string::npos) << said.output;
}

TEST_F(recordings, end_at_their_limit_and_are_never_written_over) {
  const auto file = talk({"--user", "1", "--limit", "1KiB"});
  EXPECT_LE(read_file(file).size(), 1024u);
  const auto again = run({parleyctl(), "--socket", node().socket_path(), "record", file});
  EXPECT_NE(again.end.code, 0);
  EXPECT_NE(again.output.find("never written over"), std::string::npos) << again.output;
}

TEST_F(recordings, that_are_none_are_refused_with_their_line) {
  const auto file = files_.path() / "none.rec";
  for (const auto* text :
       {"", "{}\n", "hello\n", "{\"parley_recording\":1}\n{\"t\":1}\n", "{\"parley_recording\":1}\n[]\n{}\n"}) {
    write_file(file, text);
    const auto said = run({parleyctl(), "--socket", node().socket_path(), "replay", file.string()});
    EXPECT_EQ(said.end.code, 2) << text << said.output;
    EXPECT_NE(said.output.find("parleyctl: "), std::string::npos) << said.output;
  }
}

}  // namespace
}  // namespace parley::test
