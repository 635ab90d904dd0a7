// parleyd run A.yaml B.yaml: a process each, one to look after all of them.
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <fstream>
#include <memory>
#include <set>

#include "support/control_client.hpp"
#include "support/manifest.hpp"
#include "support/process.hpp"
#include "support/server.hpp"
#include "support/wire_client.hpp"

namespace parley::test {
namespace {

/// The service manager's end of sd_notify.
class notify_socket {
 public:
  explicit notify_socket(const std::string& path) : path_(path) {
    fd_ = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    if (bind(fd_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) throw failure("cannot bind " + path);
  }
  ~notify_socket() { close(fd_); }
  const std::string& path() const { return path_; }
  /// Everything it was told so far.
  std::string told() {
    char text[256];
    for (ssize_t size; (size = recv(fd_, text, sizeof text, 0)) > 0;) {
      told_.append(text, static_cast<std::size_t>(size));
    }
    return told_;
  }

 private:
  std::string path_, told_;
  int fd_ = -1;
};

class several_nodes : public testing::Test {
 protected:
  std::string manifest(const std::string& name, const std::string& extra = {}) {
    auto text = small_manifest("  - echo\n" + extra);
    const auto at = text.find("name: test, data: \"${PARLEY_DATA}\"");
    text.replace(at, std::string("name: test, data: \"${PARLEY_DATA}\"").size(),
                 "name: " + name + ", data: \"" + data(name) + "\"");
    const std::string path = "${PARLEY_DATA}/parley.db";
    text.replace(text.find(path), path.size(), data(name) + "/parley.db");
    const auto file = (scratch_.path() / (name + ".yaml")).string();
    write_file(file, text);
    return file;
  }
  std::string data(const std::string& name) { return (scratch_.path() / name).string(); }
  void start(const std::vector<std::string>& names) {
    std::vector<std::string> command{parleyd(), "run"};
    for (const auto& name : names) command.push_back(manifest(name));
    process_ = std::make_unique<process>(
        process::options{command, {{"NOTIFY_SOCKET", service_manager_.path()}}, scratch_.path() / "log"});
    ASSERT_TRUE(comes_true([&] { return log().find("nodes are ready") != std::string::npos; })) << log();
  }
  json status(const std::string& name) { return control_client(data(name) + "/parleyd.sock").ask("status"); }
  pid_t node_pid(const std::string& name) { return status(name).at("pid"); }
  bool serves(const std::string& name) {
    try {
      wire_client client;
      const auto told = status(name);
      for (const auto& l : told.at("listeners")) {
        if (l.at("kind") == "pdu") client.connect(l.at("port"));
      }
      return client.alive();
    } catch (const std::exception&) {
      return false;
    }
  }
  std::string log() { return read_file(scratch_.path() / "log"); }
  std::size_t lines_with(const std::string& part) {
    const auto text = log();
    std::size_t count = 0;
    for (auto at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
    return count;
  }
  template <class Condition>
  static bool comes_true(Condition&& condition) {
    const auto deadline = steady::now() + patience(milliseconds(20000));
    while (!condition()) {
      if (steady::now() > deadline) return false;
      poll(nullptr, 0, 20);
    }
    return true;
  }

  temp_dir scratch_;
  notify_socket service_manager_{(scratch_.path() / "notify").string()};
  std::unique_ptr<process> process_;
};

TEST_F(several_nodes, serve_beside_each_other_and_say_who_speaks) {
  start({"anna", "berta", "carla"});
  EXPECT_EQ(service_manager_.told(), "READY=1\n") << "once, when all are";
  std::set<pid_t> pids;
  for (const std::string name : {"anna", "berta", "carla"}) {
    EXPECT_TRUE(serves(name)) << name;
    EXPECT_EQ(lines_with("\n" + name + ": ") > 0 || log().starts_with(name + ": "), true) << log();
    EXPECT_EQ(lines_with(name + " is ready after"), 1u);
    pids.insert(node_pid(name));
    const auto asked = run({parleyctl(), "--socket", data(name) + "/parleyd.sock", "--json", "status"});
    EXPECT_EQ(json::parse(asked.output).at("name"), name) << asked.output;
  }
  EXPECT_EQ(pids.size(), 3u);
  process_->signal(SIGTERM);
  const auto end = process_->ended_within(patience(milliseconds(20000)));
  ASSERT_TRUE(end);
  EXPECT_EQ(end->code, 0) << log();
  EXPECT_EQ(lines_with("draining"), 3u) << log();
  EXPECT_EQ(lines_with("stopping at once"), 0u) << log();
}

TEST_F(several_nodes, one_that_crashes_is_started_again_alone) {
  start({"anna", "berta"});
  const auto anna = node_pid("anna"), berta = node_pid("berta");
  for (int i = 0; i < 3; ++i) {
    const auto before = node_pid("anna");
    kill(before, SIGSEGV);
    ASSERT_TRUE(comes_true([&] { return serves("anna") && node_pid("anna") != before; })) << log();
  }
  EXPECT_NE(node_pid("anna"), anna);
  EXPECT_EQ(node_pid("berta"), berta);
  EXPECT_TRUE(serves("berta"));
  EXPECT_EQ(service_manager_.told(), "READY=1\n") << "a node that comes back is no news";
  process_->signal(SIGINT);
  const auto end = process_->ended_within(patience(milliseconds(20000)));
  ASSERT_TRUE(end);
  EXPECT_EQ(end->code, 0) << log();
}

TEST_F(several_nodes, one_whose_supervisor_is_killed_comes_back_too) {
  start({"anna", "berta"});
  const auto node = node_pid("anna"), berta = node_pid("berta");
  pid_t supervisor = 0;
  std::ifstream("/proc/" + std::to_string(node) + "/stat").ignore(64, ')').ignore(3) >> supervisor;
  ASSERT_GT(supervisor, 1);
  ASSERT_NE(supervisor, process_->pid());
  kill(supervisor, SIGKILL);
  ASSERT_TRUE(comes_true([&] {
    try {
      return node_pid("anna") != node && serves("anna");
    } catch (const std::exception&) {
      return false;
    }
  })) << log();
  EXPECT_EQ(node_pid("berta"), berta);
  process_->signal(SIGTERM);
  const auto end = process_->ended_within(patience(milliseconds(20000)));
  ASSERT_TRUE(end);
  EXPECT_EQ(end->code, 0) << log();
}

TEST_F(several_nodes, are_all_told_of_changed_manifests) {
  start({"anna", "berta"});
  process_->signal(SIGHUP);
  EXPECT_TRUE(comes_true([&] { return lines_with("SIGHUP") == 2; })) << log();
  EXPECT_TRUE(serves("anna") && serves("berta"));
}

TEST_F(several_nodes, die_with_the_one_that_looks_after_them) {
  start({"anna", "berta"});
  const std::vector<pid_t> pids{node_pid("anna"), node_pid("berta")};
  kill(process_->pid(), SIGKILL);
  for (const auto pid : pids) {
    EXPECT_TRUE(comes_true([&] {
      // Its parent is not ours to reap: a zombie is dead enough.
      const auto state = read_file("/proc/" + std::to_string(pid) + "/stat");
      return kill(pid, 0) != 0 || state.find(") Z ") != state.npos;
    })) << pid;
  }
}

TEST_F(several_nodes, that_collide_are_not_started_at_all) {
  const auto one = manifest("anna"), other = manifest("berta");
  auto text = read_file(other);
  text.replace(text.find(data("berta")), data("berta").size(), data("anna"));
  write_file(other, text);
  const auto got = run({parleyd(), "run", one, other});
  EXPECT_EQ(got.end.code, 2);
  EXPECT_NE(got.output.find("the data directory"), std::string::npos) << got.output;
  EXPECT_FALSE(std::filesystem::exists(data("anna")));
}

TEST_F(several_nodes, one_that_cannot_start_stops_the_others) {
  const auto one = manifest("anna"), other = manifest("berta");
  write_file(data("berta"), "a file where the data directory should be");
  const auto got = run({parleyd(), "run", one, other}, {}, patience(milliseconds(30000)));
  EXPECT_EQ(got.end.code, 2) << got.output;
  EXPECT_NE(got.output.find("node berta has not started; the others are stopped"), std::string::npos) << got.output;
}

TEST_F(several_nodes, need_their_supervisor) {
  const auto got = run({parleyd(), "run", "--no-supervise", manifest("anna"), manifest("berta")});
  EXPECT_EQ(got.end.code, 2);
  EXPECT_NE(got.output.find("--no-supervise runs one node"), std::string::npos) << got.output;
}

}  // namespace
}  // namespace parley::test
