// Whole files through a real node.
#include <sys/resource.h>
#include <parley/commands.hpp>

#include <thread>

#include "node/fixture.hpp"
#include "support/file_line.hpp"

namespace parley::test {
namespace {

using namespace IM::BaseDefine;

struct files : node_test {
  std::string offer(chat_client& from, std::uint32_t to, std::size_t size, TransferFileType mode) {
    const auto answer = offer_file(from, to, size, mode);
    EXPECT_EQ(answer.result_code(), 0u) << answer.refused_text();
    EXPECT_EQ(answer.trans_mode(), mode);
    EXPECT_EQ(answer.ip_addr_list_size(), 1);
    EXPECT_EQ(answer.ip_addr_list(0).port(), node().pdu_port());
    return answer.task_id();
  }
  file_line line(const std::string& task, std::uint32_t user, ClientFileRole role, std::uint32_t level = 0,
                 std::uint32_t resume = 0) {
    return {node().pdu_port(), task, user, role, level, resume};
  }
};

TEST_F(files, of_several_people_are_relayed_side_by_side) {
  auto alice = user("alice");
  auto bob = user("bob");
  std::vector<std::string> content, got(4), task;
  for (std::uint32_t i = 0; i < 4; ++i) {
    content.push_back(file_content(3'000'000 + i * 77'777, i));
    task.push_back(offer(alice, bob.id(), content[i].size(), FILE_TYPE_ONLINE));
  }
  std::vector<std::thread> people;
  std::vector<int> sent(4), received(4);
  for (std::size_t i = 0; i < 4; ++i) {
    people.emplace_back([&, i] { sent[i] = line(task[i], alice.id(), CLIENT_REALTIME_SENDER).give(content[i]); });
    people.emplace_back([&, i] {
      received[i] = line(task[i], bob.id(), CLIENT_REALTIME_RECVER).fetch(got[i], content[i].size(), 1 + 2 * i);
    });
  }
  for (auto& one : people) one.join();
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_TRUE(sent[i]);
    EXPECT_TRUE(received[i]);
    EXPECT_TRUE(got[i] == content[i]) << "file " << i << " came out different";
  }
  EXPECT_TRUE(eventually([&] { return node().run_sql("SELECT COUNT(*) FROM file_task") == "0"; }));
}

TEST_F(files, are_kept_over_kills_in_the_middle_of_both_ways) {
  const auto content = file_content(6'000'001);
  auto alice = user("alice");
  user("bob");
  const auto task = offer(alice, id("bob"), content.size(), FILE_TYPE_OFFLINE);
  const auto alice_id = alice.id();
  EXPECT_FALSE(line(task, alice_id, CLIENT_OFFLINE_UPLOAD, 1).give(content, [](std::size_t n) { return n < 80; }));
  node().kill9();
  node().start();
  auto second = line(task, alice_id, CLIENT_OFFLINE_UPLOAD, 1);
  EXPECT_GT(second.answer().offset(), 32768u * 40);
  EXPECT_EQ(second.answer().offset() % 32768, 0u);
  EXPECT_TRUE(second.give(content));
  node().kill9();
  node().start();
  std::string got;
  EXPECT_FALSE(line(task, id("bob"), CLIENT_OFFLINE_DOWNLOAD, 1).fetch(got, content.size(), 4, [](std::size_t n) {
    return n < 60;
  }));
  node().kill9();
  node().start();
  auto rest = line(task, id("bob"), CLIENT_OFFLINE_DOWNLOAD, 1, static_cast<std::uint32_t>(got.size()));
  EXPECT_EQ(rest.answer().offset(), got.size());
  EXPECT_TRUE(rest.fetch(got, content.size(), 4));
  EXPECT_TRUE(got == content);
  EXPECT_EQ(node().run_sql("SELECT COUNT(*) FROM IMTransmitFile"), "1");
}

TEST_F(files, are_fetched_while_they_come) {
  const auto content = file_content(4'000'000);
  auto alice = user("alice");
  user("bob");
  const auto task = offer(alice, id("bob"), content.size(), FILE_TYPE_OFFLINE);
  std::string got;
  bool fetched = false;
  std::thread recipient(
      [&] { fetched = line(task, id("bob"), CLIENT_OFFLINE_DOWNLOAD).fetch(got, content.size(), 5); });
  EXPECT_TRUE(line(task, alice.id(), CLIENT_OFFLINE_UPLOAD).give(content));
  recipient.join();
  EXPECT_TRUE(fetched);
  EXPECT_TRUE(got == content);
}

TEST_F(files, that_the_disk_cannot_take_go_on_when_it_can) {
  const auto content = file_content(12'000'000);
  auto alice = user("alice");
  user("bob");
  const auto task = offer(alice, id("bob"), content.size(), FILE_TYPE_OFFLINE);
  const rlimit small{8'000'000, RLIM_INFINITY}, large{RLIM_INFINITY, RLIM_INFINITY};
  ASSERT_EQ(prlimit(node().pid(), RLIMIT_FSIZE, &small, nullptr), 0);
  auto first = line(task, alice.id(), CLIENT_OFFLINE_UPLOAD, 1);
  EXPECT_FALSE(first.give(content));
  EXPECT_TRUE(first.wire().closed_within(answer_time));
  EXPECT_GE(count("parley_file_disk_errors"), 1);
  const auto usage = node().ask("files usage");
  EXPECT_NE(usage.at("last_trouble").get<std::string>().find("cannot write"), std::string::npos) << usage;
  expect_alive();
  EXPECT_TRUE(alice.wire().alive());
  ASSERT_EQ(prlimit(node().pid(), RLIMIT_FSIZE, &large, nullptr), 0);
  auto second = line(task, alice.id(), CLIENT_OFFLINE_UPLOAD, 1);
  EXPECT_GT(second.answer().offset(), 7'000'000u);
  EXPECT_TRUE(second.give(content));
  std::string got;
  EXPECT_TRUE(line(task, id("bob"), CLIENT_OFFLINE_DOWNLOAD).fetch(got, content.size(), 4));
  EXPECT_TRUE(got == content);
}

/// Each asks for all it may and takes nothing: what the node holds for it is bounded, whatever the file's size.
TEST_F(files, for_slow_receivers_cost_the_node_little) {
#ifdef PARLEY_SANITIZED
  GTEST_SKIP() << "sanitizers keep what was freed";
#endif
  constexpr std::size_t slow = 48;
  options_.environment["PARLEY_MESSAGE_RATE"] = "0";
  const auto content = file_content(20'000'000);
  auto alice = user("alice");
  user("bob");
  std::vector<std::string> tasks;
  for (std::size_t i = 0; i < slow; ++i) tasks.push_back(offer(alice, id("bob"), content.size(), FILE_TYPE_OFFLINE));
  for (auto& task : tasks) EXPECT_TRUE(line(task, alice.id(), CLIENT_OFFLINE_UPLOAD, 1).give(content));
  const auto before = node().resident_bytes();
  std::vector<file_line> lines;
  for (auto& task : tasks) {
    lines.emplace_back(node().pdu_port(), task, id("bob"), CLIENT_OFFLINE_DOWNLOAD, 1, 0, 4096);
    for (std::size_t i = 0; i < 8; ++i) lines.back().pull(i * 32768);
  }
  expect_alive();
  EXPECT_TRUE(eventually([&] { return count("parley_file_downloads") == slow; }));
  const auto grown = node().resident_bytes() - std::min(before, node().resident_bytes());
  EXPECT_LT(grown, slow * (640 << 10)) << "192 KiB read ahead and 8 blocks unsent are " << (448 << 10) << " bytes";
  for (auto& one : lines) EXPECT_TRUE(one.wire().next_of(cid::file_pull_data_rsp));
}

}  // namespace
}  // namespace parley::test
