// Nodes to record on and to replay on, with their users.
#pragma once

#include <signal.h>

#include <thread>

#include "node/fixture.hpp"
#include "support/manifest.hpp"

namespace parley::test {

struct recordings : node_test {
  recordings() {
    first_manifest_ = manifest("first", "");
    options_.manifest = first_manifest_;
  }

  std::string manifest(const std::string& name, const std::string& prefix) {
    const auto path = files_.path() / (name + ".yaml");
    write_file(path,
               small_manifest("  - {name: login, config: {password_cost: low}}\n  - message\n  - buddy\n  - group\n"
                              "  - {name: echo, config: {prefix: \"" +
                              prefix + "\"}}\n"));
    return path.string();
  }

  /// Ada and Ben talk while `words` are recorded; the recording's file.
  std::string talk(std::vector<std::string> words = {}) {
    node().add_user("ada");
    node().add_user("ben");
    return record(std::move(words), [this] {
      chat_client ada, ben;
      ada.log_in(node().pdu_port(), "ada");
      ben.log_in(node().pdu_port(), "ben");
      EXPECT_TRUE(ada.say(ben.id(), "hello").acked());
      EXPECT_TRUE(ben.wire().next_of(0x0301));
      ada.history(ben.id());
      end(ada);
    });
  }

  /// The last thing that is said in a recording.
  static void end(chat_client& who) {
    who.wire().send(0x8001, 77, "\x0a\x02hi");
    EXPECT_TRUE(who.wire().next_of(0x8002));
  }

  /// What `scene` does, which ends by end().
  template <class Scene>
  std::string record(std::vector<std::string> words, Scene&& scene) {
    const auto file = (files_.path() / "talk.rec").string();
    const auto log = files_.path() / "record.log";
    words.insert(words.begin(), {parleyctl(), "--socket", node().socket_path(), "record", file});
    process recorder({words, {}, log});
    for (int i = 0; i < 500 && read_file(log).find("recording into") == std::string::npos; ++i)
      std::this_thread::sleep_for(milliseconds(20));
    scene();
    // To the answer's answer, or the end of a full file.
    for (int i = 0; i < 500 && recorder.running() && !has_both(read_file(file), "\"q\":77,"); ++i)
      std::this_thread::sleep_for(milliseconds(20));
    if (recorder.running()) recorder.signal(SIGINT);
    EXPECT_TRUE(recorder.ended_within(answer_time));
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
    auto made = empty_one(prefix);
    made->add_user("ada");
    made->add_user("ben");
    return made;
  }
  std::unique_ptr<server> empty_one(const std::string& prefix = {}) {
    server::options o;
    o.manifest = manifest("another", prefix);
    return std::make_unique<server>(o);
  }

  temp_dir files_;
  std::string first_manifest_;
};

}  // namespace parley::test
