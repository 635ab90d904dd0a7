// People with files in a real host.
#pragma once

#include <gtest/gtest.h>
#include <parley/commands.hpp>
#include <parley/testing.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>

#include "IM.File.pb.h"
#include "support/database.hpp"

namespace file_test {

namespace cid = parley::cid;
using namespace IM::File;
using namespace IM::BaseDefine;
using namespace std::chrono_literals;
using parley::testing::session;

constexpr std::uint32_t ann = 1, ben = 2;

/// Bytes that show where they come from.
inline std::string some_file(std::size_t size) {
  std::string out(size, '\0');
  std::uint32_t state = 12345;
  for (auto& byte : out) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<char>(state >> 24);
  }
  return out;
}

struct transfers : testing::Test {
  static parley::testing::options with_file(std::map<std::string, std::string> keys) {
    parley::testing::options o;
    o.plugins = {{"login", "", {{"password_cost", "low"}}}, {"file", PARLEY_PLUGIN_FILE, std::move(keys)}};
    o.worker_pools = {"cpu", "files"};
    return o;
  }
  explicit transfers(std::map<std::string, std::string> keys = {}) : host(with_file(std::move(keys))) {
    parley::test::database(host.database())
        .run("INSERT INTO IMUser(id, name, departId, created, updated) VALUES (1,'ann',0,0,0),(2,'ben',0,0,0)");
  }

  std::string offer(session& from, std::uint32_t to, std::uint32_t size, TransferFileType mode) {
    IMFileReq wish;
    wish.set_from_user_id(0);
    wish.set_to_user_id(to);
    wish.set_file_name("a.bin");
    wish.set_file_size(size);
    wish.set_trans_mode(mode);
    const auto answer = from.ask<IMFileRsp>(cid::file_request, wish, cid::file_response);
    EXPECT_EQ(answer.result_code(), 0u) << answer.refused_text();
    EXPECT_EQ(answer.trans_mode(), mode);
    return answer.task_id();
  }
  IMFileLoginRsp join(session& with, const std::string& task, std::uint32_t user, ClientFileRole role,
                      std::uint32_t level = 0, std::uint32_t resume = 0) {
    IMFileLoginReq hello;
    hello.set_user_id(user);
    hello.set_task_id(task);
    hello.set_file_role(role);
    if (level > 0) hello.set_extension_level(level);
    if (resume > 0) hello.set_resume_offset(resume);
    return with.ask<IMFileLoginRsp>(cid::file_login_req, hello, cid::file_login_res);
  }
  session joined(const std::string& task, std::uint32_t user, ClientFileRole role, std::uint32_t level = 0,
                 std::uint32_t resume = 0) {
    auto out = host.connect();
    const auto answer = join(out, task, user, role, level, resume);
    EXPECT_EQ(answer.result_code(), 0u);
    return out;
  }
  static std::uint16_t pull(session& by, const std::string& task, std::uint32_t user, std::uint32_t offset,
                            std::uint32_t size = 32768, TransferFileType mode = FILE_TYPE_OFFLINE) {
    IMFilePullDataReq wanted;
    wanted.set_task_id(task);
    wanted.set_user_id(user);
    wanted.set_trans_mode(mode);
    wanted.set_offset(offset);
    wanted.set_data_size(size);
    return by.send(cid::file_pull_data_req, wanted);
  }
  /// Answers a pull that has come, out of the file.
  static IMFilePullDataReq give(session& by, const std::string& task, std::uint32_t user, const std::string& content) {
    const auto wanted = by.expect<IMFilePullDataReq>(cid::file_pull_data_req);
    give(by, wanted, task, user, content);
    return wanted;
  }
  static void give(session& by, const IMFilePullDataReq& wanted, const std::string& task, std::uint32_t user,
                   const std::string& content) {
    IMFilePullDataRsp block;
    block.set_result_code(0);
    block.set_task_id(task);
    block.set_user_id(user);
    block.set_offset(wanted.offset());
    block.set_file_data(content.substr(wanted.offset(), wanted.data_size()));
    by.send(cid::file_pull_data_rsp, block);
  }
  void expect_done(session& who, std::uint32_t user) {
    const auto state = who.expect<IMFileState>(cid::file_state);
    EXPECT_EQ(state.state(), CLIENT_FILE_DONE);
    EXPECT_EQ(state.user_id(), user);
    who.expect_closed("file done");
  }
  /// From where it stands to its end.
  std::string fetch(session& by, const std::string& task, std::uint32_t user, std::size_t from, std::size_t size) {
    std::string out;
    while (from + out.size() < size) {
      const auto seq = pull(by, task, user, static_cast<std::uint32_t>(from + out.size()));
      const auto got = by.expect(cid::file_pull_data_rsp);
      EXPECT_EQ(got.seq, seq);
      out += got.as<IMFilePullDataRsp>().file_data();
    }
    return out;
  }
  std::string upload(const std::string& content) {
    auto sender = host.connect_as(ann);
    const auto task = offer(sender, ben, static_cast<std::uint32_t>(content.size()), FILE_TYPE_OFFLINE);
    auto line = joined(task, ann, CLIENT_OFFLINE_UPLOAD);
    for (std::size_t at = 0; at < content.size(); at += 32768) give(line, task, ann, content);
    expect_done(line, ann);
    sender.close();
    return task;
  }
  std::filesystem::path place(const std::string& task) const {
    for (const auto& one : std::filesystem::recursive_directory_iterator(host.data())) {
      if (one.path().filename() == task) return one.path();
    }
    return {};
  }
  std::string sql(const std::string& statement) { return parley::test::database(host.database()).run(statement); }
  int metric(const std::string& name) {
    const auto text = host.get("/metrics").body;
    const auto at = text.find("\nparley_file_" + name);
    if (at == std::string::npos) return 0;
    const auto end = text.find('\n', at + 1);
    const auto line = text.substr(at + 1, end - at - 1);
    return std::stoi(line.substr(line.rfind(' ') + 1));
  }

  parley::testing::core host;
};

}  // namespace file_test
