// parleyctl record and replay, from one node to another.
#include <signal.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "client/base64.hpp"
#include "client/digest.hpp"
#include "node/fixture.hpp"
#include "support/manifest.hpp"

namespace parley::test {
namespace {

struct recordings : node_test {
  recordings() {
    first_manifest_ = manifest("first", "");
    options_.manifest = first_manifest_;
  }

  std::string manifest(const std::string& name, const std::string& prefix) {
    const auto path = files_.path() / (name + ".yaml");
    write_file(path, small_manifest("  - {name: login, config: {password_cost: low}}\n  - message\n  - buddy\n"
                                    "  - {name: echo, config: {prefix: \"" +
                                    prefix + "\"}}\n"));
    return path.string();
  }

  /// Ada and Ben talk while `words` are recorded; the recording's file.
  std::string talk(std::vector<std::string> words = {}) {
    const auto file = (files_.path() / "talk.rec").string();
    const auto log = files_.path() / "record.log";
    node().add_user("ada");
    node().add_user("ben");
    words.insert(words.begin(), {parleyctl(), "--socket", node().socket_path(), "record", file});
    process record({words, {}, log});
    for (int i = 0; i < 500 && read_file(log).find("recording into") == std::string::npos; ++i)
      std::this_thread::sleep_for(milliseconds(20));
    {
      chat_client ada, ben;
      ada.log_in(node().pdu_port(), "ada");
      ben.log_in(node().pdu_port(), "ben");
      EXPECT_TRUE(ada.say(ben.id(), "hello").acked());
      EXPECT_TRUE(ben.wire().next_of(0x0301));
      ada.history(ben.id());
      ada.wire().send(0x8001, 77, "\x0a\x02hi");
      EXPECT_TRUE(ada.wire().next_of(0x8002));
    }
    // To the answer's answer, or the end of a full file.
    for (int i = 0; i < 500 && record.running() && !has_both(read_file(file), "\"q\":77,"); ++i)
      std::this_thread::sleep_for(milliseconds(20));
    if (record.running()) record.signal(SIGINT);
    EXPECT_TRUE(record.ended_within(answer_time));
    return file;
  }

  static bool has_both(const std::string& text, const std::string& word) {
    const auto first = text.find(word);
    return first != std::string::npos && text.find(word, first + 1) != std::string::npos;
  }

  outcome replay(server& to, const std::string& file, std::vector<std::string> more = {}) {
    const auto logins = files_.path() / "logins";
    write_file(logins, "ada " + password_of("ada") + "\nben " + password_of("ben") + "\n");
    more.insert(more.begin(), {parleyctl(), "--socket", to.socket_path(), "replay", file, "--logins", logins.string()});
    return run(more);
  }

  std::unique_ptr<server> another(const std::string& prefix) {
    server::options o;
    o.manifest = manifest("another", prefix);
    auto made = std::make_unique<server>(o);
    made->add_user("ada");
    made->add_user("ben");
    return made;
  }

  temp_dir files_;
  std::string first_manifest_;
};

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
