// parleyctl backup of a node that serves, and restore where none does.
#include "node/media_fixture.hpp"
#include "node/stored.hpp"
#include "support/database.hpp"

#include <atomic>
#include <mutex>
#include <thread>

namespace parley::test {
namespace {

class backups : public testing::Test {
 protected:
  std::string place(const std::string& name) { return (scratch_.path() / name).string(); }
  outcome backup(server& node, const std::string& to, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{parleyctl(), "--socket", node.socket_path(), "backup", to};
    words.insert(words.end(), more.begin(), more.end());
    return run(words, {}, milliseconds(120000));
  }
  outcome restore(const std::string& from, const std::string& to, const std::vector<std::string>& more = {}) {
    std::vector<std::string> words{parleyctl(), "restore", from, "--data", to};
    words.insert(words.end(), more.begin(), more.end());
    return run(words, {}, milliseconds(120000));
  }
  server::options of_sqlite(const std::string& data) {
    server::options options;
    options.data = place(data);
    options.environment["PARLEY_SQL"] = "sqlite://" + options.data + "/parley.db";
    return options;
  }
  temp_dir scratch_;
};

TEST_F(backups, of_a_node_under_load_have_everything_that_was_acked_before_they_began) {
  std::map<std::string, texts> acked;  // by talker, before the backup began
  std::map<std::string, std::uint32_t> ids;
  {
    server node(of_sqlite("first"));
    const std::vector<std::string> names{"ann", "bob", "cyd"};
    ids["all"] = node.add_user("all");
    for (const auto& name : names) ids[name] = node.add_user(name);
    std::mutex mutex;
    std::atomic<bool> over{false}, begun{false};
    std::atomic<int> during{0};
    std::vector<std::thread> talkers;
    for (const auto& name : names) {
      talkers.emplace_back([&, name] {
        chat_client who;
        who.log_in(node.pdu_port(), name);
        for (int i = 0; !over; ++i) {
          const auto text = name + " says " + std::to_string(i);
          const auto got = who.say(ids["all"], text, "m" + std::to_string(i));
          if (!got.acked()) continue;
          std::lock_guard hold(mutex);
          if (begun) {
            ++during;
          } else {
            acked[name][got.msg_id] = text;
          }
        }
      });
    }
    ASSERT_TRUE(eventually([&] {
      std::lock_guard hold(mutex);
      return acked.size() == names.size() && acked["ann"].size() > 50;
    }));
    {
      std::lock_guard hold(mutex);
      begun = true;
    }
    const auto got = backup(node, place("saved"));
    EXPECT_EQ(got.end.code, 0) << got.output;
    EXPECT_TRUE(eventually([&] { return during > 0; })) << "nobody was acked any more";
    over = true;
    for (auto& t : talkers) t.join();
    EXPECT_EQ(node.terminate().code, 0);
  }
  EXPECT_EQ(restore(place("saved"), place("second"), {"--check"}).end.code, 0);
  const auto back = restore(place("saved"), place("second"));
  ASSERT_EQ(back.end.code, 0) << back.output;
  server node(of_sqlite("second"));
  for (const auto& [name, said] : acked) {
    chat_client who;
    who.log_in(node.pdu_port(), name);
    expect_stored(who, ids["all"], said);
    EXPECT_TRUE(who.say(ids["all"], "and on", "after").acked());
  }
  EXPECT_EQ(node.terminate().code, 0);
}

TEST_F(backups, have_the_files_of_plugins) {
  server::options options = of_sqlite("first");
  const auto media = place("media");
  options.environment["PARLEY_MEDIA"] = media;
  std::string url;
  {
    server node(options);
    const auto sent = upload_to(node.http_port(), "note.txt", "bytes of a picture");
    ASSERT_EQ(sent.code, 0) << sent.raw.body;
    url = sent.path;
    // As a task has it whose recipient is away.
    std::filesystem::create_directories(options.data + "/plugins/file/offline_file/ab");
    write_file(options.data + "/plugins/file/offline_file/ab/ab12", "a file that waits");
    const auto got = backup(node, place("saved"), {"--json"});
    ASSERT_EQ(got.end.code, 0) << got.output;
    EXPECT_GE(json::parse(got.output.substr(got.output.find('{'))).at("files"), 2) << got.output;
    EXPECT_EQ(node.terminate().code, 0);
  }
  std::filesystem::remove_all(media);
  const auto back = restore(place("saved"), place("second"));
  ASSERT_EQ(back.end.code, 0) << back.output;
  EXPECT_EQ(read_file(place("second") + "/plugins/file/offline_file/ab/ab12"), "a file that waits");
  options.data = place("second");
  options.environment["PARLEY_SQL"] = "sqlite://" + options.data + "/parley.db";
  server node(options);
  EXPECT_EQ(http_get(node.http_port(), "/" + url).body, "bytes of a picture");
  EXPECT_EQ(node.terminate().code, 0);
}

TEST_F(backups, that_are_damaged_are_not_put_back) {
  {
    server node(of_sqlite("first"));
    node.add_user("ann");
    ASSERT_EQ(backup(node, place("saved")).end.code, 0);
    EXPECT_EQ(backup(node, place("saved")).end.code, 2) << "a second one in the same place";
    EXPECT_EQ(restore(place("saved"), place("first")).end.code, 2) << "onto a node that runs";
    EXPECT_EQ(node.terminate().code, 0);
  }
  const auto refused = [&](const std::string& sentence) {
    const auto got = restore(place("saved"), place("second"));
    EXPECT_NE(got.end.code, 0);
    EXPECT_NE(got.output.find(sentence), std::string::npos) << got.output;
    EXPECT_FALSE(std::filesystem::exists(place("second") + "/parley.db"));
  };
  const auto database = place("saved") + "/sql/0.db";
  const auto whole = read_file(database);
  auto torn = whole;
  torn[torn.size() / 2] ^= 1;
  write_file(database, torn);
  refused("its sum differs");
  write_file(database, whole);
  const auto about = read_file(place("saved") + "/backup.json");
  std::filesystem::remove(place("saved") + "/backup.json");
  refused("it has no backup.json");
  write_file(place("saved") + "/backup.json", about);
  EXPECT_EQ(restore(place("saved"), place("second")).end.code, 0);
  EXPECT_EQ(restore(place("saved"), place("second")).end.code, 0) << "once more changes nothing";
  test::database(place("second") + "/parley.db").run("CREATE TABLE more(id INTEGER)");
  const auto again = restore(place("saved"), place("second"));
  EXPECT_NE(again.output.find("is there already"), std::string::npos) << again.output;
  EXPECT_EQ(restore(place("saved"), place("second"), {"--replace"}).end.code, 0);
  EXPECT_TRUE(std::filesystem::exists(place("second") + "/parley.db.replaced"));
}

TEST_F(backups, of_mariadb_are_dumps) {
  mariadb::options two;
  two.databases = {"parley", "second"};
  two.arguments = {"--innodb-flush-log-at-trx-commit=0", "--innodb-flush-method=nosync"};
  mariadb db(two);
  texts said;
  std::uint32_t bob = 0;
  {
    server::options options;
    options.environment["PARLEY_SQL"] = db.url();
    server node(options);
    node.add_user("ann");
    bob = node.add_user("bob");
    chat_client ann;
    ann.log_in(node.pdu_port(), "ann");
    for (int i = 0; i < 20; ++i) {
      const auto got = ann.say(bob, "\xf0\x9f\x98\x80 " + std::to_string(i), std::to_string(i));
      ASSERT_TRUE(got.acked());
      said[got.msg_id] = "\xf0\x9f\x98\x80 " + std::to_string(i);
    }
    EXPECT_EQ(backup(node, place("no_password")).end.code, 2);
    const auto got = backup(node, place("saved"), {"--sql", db.url()});
    ASSERT_EQ(got.end.code, 0) << got.output;
    EXPECT_EQ(node.terminate().code, 0);
  }
  EXPECT_EQ(restore(place("saved"), place("data"), {"--sql", db.url()}).end.code, 2) << "it is not empty";
  const auto back = restore(place("saved"), place("data"), {"--sql", db.url("second")});
  ASSERT_EQ(back.end.code, 0) << back.output;
  server::options options;
  options.environment["PARLEY_SQL"] = db.url("second");
  server node(options);
  chat_client ann;
  ann.log_in(node.pdu_port(), "ann");
  expect_stored(ann, bob, said);
  EXPECT_EQ(node.terminate().code, 0);
}

}  // namespace
}  // namespace parley::test
