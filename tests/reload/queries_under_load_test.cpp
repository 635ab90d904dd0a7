#include <atomic>
#include <string>
#include <thread>

#include "support/http_client.hpp"
#include "torture.hpp"

namespace parley::test {
namespace {

/// Groups are made over HTTP while http_admin and group, which it asks, are replaced PARLEY_TORTURE_RELOADS times.
TEST(query_torture, every_call_is_answered_and_done_once) {
  const int reloads = wished_reloads();
  server::options what;
  what.environment = {{"PARLEY_PROBATION", "20ms"}};
  server node(what);
  const auto member = node.add_user("alice");
  const std::string key = node.ask("app-keys add", {{"name", "site"}}).at("key");
  const auto body = json{{"req_user_id", 0}, {"app_key", key},     {"group_name", "team"},
                         {"group_type", 1},  {"group_avatar", ""}, {"user_id_list", {member}}}
                        .dump();
  const auto request = "POST /query/CreateGroup HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) +
                       "\r\n\r\n" + body;

  std::atomic<bool> stop = false;
  std::atomic<int> made = 0;
  std::string troubles[3];
  std::vector<std::thread> all;
  for (auto& trouble : troubles) {
    all.emplace_back([&] {
      while (trouble.empty() && !stop) {
        try {
          const auto got = http_raw(node.http_port(), request);
          const auto told = json::parse(got.body, nullptr, false);
          if (!told.is_object() || told.value("error_code", -1) != 0) {
            trouble = "a call was answered " + std::to_string(got.status) + " " + got.body;
          } else {
            ++made;
          }
        } catch (const failure& f) {
          trouble = f.what();
        }
      }
    });
  }
  int swapped = 0;
  for (int i = 0; i < reloads; ++i) {
    const auto answer = node.control().call("reload", {{"name", i % 2 == 0 ? "http_admin" : "group"}});
    EXPECT_TRUE(answer.ok) << answer.error;
    swapped += answer.ok;
  }
  stop = true;
  for (auto& one : all) one.join();
  for (const auto& trouble : troubles) EXPECT_EQ(trouble, "");
  EXPECT_EQ(swapped, reloads);
  EXPECT_GT(made, 3);
  EXPECT_EQ(node.run_sql("SELECT COUNT(*) FROM IMGroup"), std::to_string(made));
  expect_a_clean_end(node, reloads);
}

}  // namespace
}  // namespace parley::test
