#include "client/file_transfer.hpp"

#include <gtest/gtest.h>
#include <atomic>
#include <chrono>
#include <parley/commands.hpp>
#include <thread>

#include "client/file_delivery.hpp"
#include "scripted_server.hpp"

namespace parley::client {
namespace {

using namespace IM::BaseDefine;

constexpr std::uint64_t soon_ms = 5000;
constexpr std::uint32_t me = 7, peer = 8;
const std::string task = "0123abcd-0000-4000-8000-0123456789ab";

std::string bytes_of_a_file(std::size_t size) {
  std::string out;
  for (std::uint32_t i = 0; out.size() < size; i += 7919) out.append(std::to_string(i));
  out.resize(size);
  return out;
}

struct text_source : block_source {
  std::string all;
  explicit text_source(std::string text) : all(std::move(text)) {}
  result<> read(std::uint32_t offset, std::uint32_t size, std::string& out) override {
    if (broken) return error{failure::malformed, "was changed while it was sent"};
    out = all.substr(offset, size);
    return done{};
  }
  bool broken = false;
};

struct text_sink : block_sink {
  std::string all;
  bool whole = false;
  bool full = false;
  std::uint32_t received() const override { return static_cast<std::uint32_t>(all.size()); }
  result<> go_back(std::uint32_t offset) override {
    if (offset > all.size()) return error{failure::malformed, "behind what is here"};
    all.resize(offset);
    return done{};
  }
  result<> append(std::string_view block) override {
    if (full) return error{failure::closed, "no space left"};
    all.append(block);
    return done{};
  }
  result<> complete() override {
    whole = true;
    return done{};
  }
};

std::string entry_answer(const pdu& next, std::uint32_t result = 0, std::uint32_t offset = 0) {
  IM::File::IMFileLoginRsp body;
  body.set_result_code(result);
  body.set_task_id(task);
  body.set_extension_level(1);
  body.set_offset(offset);
  std::string out;
  append_pdu(out, cid::file_login_res, next.head.seq_num, body);
  return out;
}

std::string state(ClientFileState what) {
  IM::File::IMFileState body;
  body.set_state(what);
  body.set_task_id(task);
  body.set_user_id(peer);
  std::string out;
  append_pdu(out, cid::file_state, 0, body);
  return out;
}

std::string pull(std::uint32_t offset, std::uint32_t size, std::uint16_t seq) {
  IM::File::IMFilePullDataReq body;
  body.set_task_id(task);
  body.set_user_id(peer);
  body.set_trans_mode(FILE_TYPE_OFFLINE);
  body.set_offset(offset);
  body.set_data_size(size);
  std::string out;
  append_pdu(out, cid::file_pull_data_req, seq, body);
  return out;
}

std::string block(const pdu& request, const std::string& file, std::uint32_t more = 0) {
  IM::File::IMFilePullDataReq wanted;
  request.read(wanted);
  IM::File::IMFilePullDataRsp body;
  body.set_result_code(0);
  body.set_task_id(task);
  body.set_user_id(peer);
  body.set_offset(wanted.offset());
  body.set_file_data(file.substr(wanted.offset(), wanted.data_size() + more));
  std::string out;
  append_pdu(out, cid::file_pull_data_rsp, request.head.seq_num, body);
  return out;
}

/// One attempt, and how it ended.
struct attempt {
  event_loop loop;
  file_transfer::end how = file_transfer::end::lost;
  std::string text;
  bool over = false;
  file_transfer transfer;

  attempt(ClientFileRole role, std::uint32_t size, block_source* from, block_sink* to, std::uint32_t window = 1)
      : transfer(loop, {task, me, peer, role, size}, from, to,
                 {{},
                  {},
                  {},
                  [this](file_transfer::end end, const std::string& why) {
                    how = end;
                    text = why;
                    over = true;
                  }},
                 window) {}

  file_transfer::end against(const endpoint& server) {
    transfer.start(server);
    loop.run_until([this] { return over; }, soon_ms);
    EXPECT_TRUE(over) << "it never ended";
    return how;
  }
};

TEST(file_transfer, uploads_what_the_server_pulls) {
  const std::string file = bytes_of_a_file(2 * file_block + 100);
  std::string arrived;
  IM::File::IMFileLoginReq entry;
  std::vector<std::uint16_t> seqs;
  scripted_server server([&](const pdu& next) -> std::string {
    if (next.head.command_id == cid::file_login_req) {
      next.read(entry);
      return entry_answer(next) + pull(0, file_block, 40);
    }
    IM::File::IMFilePullDataRsp given;
    next.read(given);
    seqs.push_back(next.head.seq_num);
    EXPECT_EQ(given.offset(), arrived.size());
    EXPECT_EQ(given.user_id(), me);
    arrived += given.file_data();
    if (arrived.size() == file.size()) return state(CLIENT_FILE_DONE);
    return pull(static_cast<std::uint32_t>(arrived.size()), file_block, static_cast<std::uint16_t>(40 + seqs.size()));
  });
  text_source from(file);
  attempt one(CLIENT_OFFLINE_UPLOAD, static_cast<std::uint32_t>(file.size()), &from, nullptr);
  EXPECT_EQ(one.against(server.where()), file_transfer::end::complete);
  EXPECT_EQ(arrived, file);
  EXPECT_EQ(seqs, (std::vector<std::uint16_t>{40, 41, 42})) << "a block answers the pull it was asked with";
  EXPECT_EQ(entry.task_id(), task);
  EXPECT_EQ(entry.user_id(), me);
  EXPECT_EQ(entry.file_role(), CLIENT_OFFLINE_UPLOAD);
  EXPECT_EQ(entry.extension_level(), 1u);
}

TEST(file_transfer, downloads_block_by_block_from_where_it_stopped) {
  const std::string file = bytes_of_a_file(5 * file_block + 1);
  IM::File::IMFileLoginReq entry;
  scripted_server server([&](const pdu& next) -> std::string {
    if (next.head.command_id != cid::file_login_req) return block(next, file);
    next.read(entry);
    return entry_answer(next, 0, entry.resume_offset());
  });
  text_sink to;
  to.all = file.substr(0, 2 * file_block);
  attempt one(CLIENT_OFFLINE_DOWNLOAD, static_cast<std::uint32_t>(file.size()), nullptr, &to, 3);
  one.transfer.start(server.where());
  one.loop.run_until([&] { return to.whole; }, soon_ms);
  EXPECT_EQ(to.all, file);
  EXPECT_EQ(entry.resume_offset(), 2 * file_block);
}

TEST(file_transfer, begins_anew_where_the_server_cannot_resume) {
  const std::string file = bytes_of_a_file(file_block + 1);
  scripted_server server([&](const pdu& next) {
    return next.head.command_id == cid::file_login_req ? entry_answer(next) : block(next, file);
  });
  text_sink to;
  to.all = std::string(file_block, '?');
  attempt one(CLIENT_OFFLINE_DOWNLOAD, static_cast<std::uint32_t>(file.size()), nullptr, &to);
  one.transfer.start(server.where());
  one.loop.run_until([&] { return to.whole; }, soon_ms);
  EXPECT_EQ(to.all, file);
}

TEST(file_transfer, in_real_time_waits_for_the_sender_and_says_that_it_is_done) {
  const std::string file = bytes_of_a_file(100);
  std::atomic<bool> told_done = false;
  scripted_server server([&](const pdu& next) -> std::string {
    if (next.head.command_id == cid::file_login_req) return entry_answer(next) + state(CLIENT_FILE_PEER_READY);
    if (next.head.command_id == cid::file_pull_data_req) return block(next, file);
    IM::File::IMFileState told;
    told_done = next.read(told) && told.state() == CLIENT_FILE_DONE && told.user_id() == me;
    return scripted_server::close_now;
  });
  text_sink to;
  attempt one(CLIENT_REALTIME_RECVER, 100, nullptr, &to);
  EXPECT_EQ(one.against(server.where()), file_transfer::end::complete);
  EXPECT_TRUE(told_done);
  EXPECT_EQ(to.all, file);
}

TEST(file_transfer, of_an_empty_file_is_complete_at_once) {
  scripted_server server([&](const pdu& next) -> std::string {
    return next.head.command_id == cid::file_login_req ? entry_answer(next) + state(CLIENT_FILE_DONE) : "";
  });
  text_sink to;
  attempt one(CLIENT_OFFLINE_DOWNLOAD, 0, nullptr, &to);
  EXPECT_EQ(one.against(server.where()), file_transfer::end::complete);
  EXPECT_TRUE(to.whole);
}

TEST(file_transfer, tells_how_it_ended) {
  text_source from("hello");
  const auto ends = [&](std::string after_entry, std::uint32_t result = 0) {
    scripted_server server([&](const pdu& next) { return entry_answer(next, result) + after_entry; });
    attempt one(CLIENT_REALTIME_SENDER, 5, &from, nullptr);
    return one.against(server.where());
  };
  EXPECT_EQ(ends("", 1), file_transfer::end::unknown);
  EXPECT_EQ(ends(state(CLIENT_FILE_REFUSE)), file_transfer::end::refused);
  EXPECT_EQ(ends(state(CLIENT_FILE_CANCEL)), file_transfer::end::cancelled);
  EXPECT_EQ(ends(state(CLIENT_FILE_DONE)), file_transfer::end::complete);
  EXPECT_EQ(ends(pull(6, 1, 1)), file_transfer::end::broken) << "behind the end";
  EXPECT_EQ(ends(pull(0, 64u << 20, 1)), file_transfer::end::broken) << "more than a PDU holds";
  scripted_server server([](const pdu&) { return scripted_server::close_now; });
  attempt one(CLIENT_REALTIME_SENDER, 5, &from, nullptr);
  EXPECT_EQ(one.against(server.where()), file_transfer::end::lost);
}

TEST(file_transfer, takes_no_block_it_did_not_ask_for) {
  const std::string file = bytes_of_a_file(3 * file_block);
  scripted_server server([&](const pdu& next) {
    return next.head.command_id == cid::file_login_req ? entry_answer(next) : block(next, file, 1);
  });
  text_sink to;
  attempt one(CLIENT_OFFLINE_DOWNLOAD, static_cast<std::uint32_t>(file.size()), nullptr, &to);
  EXPECT_EQ(one.against(server.where()), file_transfer::end::broken);
  EXPECT_EQ(to.all, "");
}

TEST(file_transfer, that_the_disk_ends_tells_the_other_side) {
  std::atomic<bool> cancelled = false;
  const auto server_of = [&](const std::string& first) {
    return [&cancelled, first](const pdu& next) -> std::string {
      if (next.head.command_id == cid::file_login_req) return entry_answer(next) + first;
      if (next.head.command_id == cid::file_pull_data_req) return block(next, "hello");
      IM::File::IMFileState told;
      cancelled = next.read(told) && told.state() == CLIENT_FILE_CANCEL;
      return "";
    };
  };
  text_sink to;
  to.full = true;
  {
    scripted_server server(server_of(state(CLIENT_FILE_PEER_READY)));
    attempt one(CLIENT_REALTIME_RECVER, 5, nullptr, &to);
    EXPECT_EQ(one.against(server.where()), file_transfer::end::broken);
    EXPECT_EQ(one.text, "no space left");
  }
  EXPECT_TRUE(cancelled.exchange(false));
  text_source from("hello");
  from.broken = true;
  {
    scripted_server server(server_of(pull(0, 5, 1)));
    attempt one(CLIENT_REALTIME_SENDER, 5, &from, nullptr);
    EXPECT_EQ(one.against(server.where()), file_transfer::end::broken);
  }
  EXPECT_TRUE(cancelled);
}

TEST(file_transfer, that_is_stopped_says_so_behind_what_is_still_on_its_way) {
  const std::string file = bytes_of_a_file(20 * 400'000);
  std::atomic<bool> cancelled = false;
  std::atomic<int> blocks = 0;
  scripted_server server([&](const pdu& next) -> std::string {
    if (next.head.command_id == cid::file_login_req) {
      std::string all = entry_answer(next);
      for (std::uint32_t i = 0; i < 20; ++i) all += pull(i * 400'000, 400'000, static_cast<std::uint16_t>(i));
      return all;
    }
    if (next.head.command_id == cid::file_state) {
      cancelled = true;
    } else if (++blocks < 10) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));  // it reads slower than is written
    }
    return "";
  });
  text_source from(file);
  {
    attempt one(CLIENT_OFFLINE_UPLOAD, static_cast<std::uint32_t>(file.size()), &from, nullptr);
    one.transfer.start(server.where());
    one.loop.run_until([&] { return one.transfer.moved() == file.size(); }, soon_ms);
    one.transfer.stop(CLIENT_FILE_CANCEL);
  }
  EXPECT_EQ(blocks, 20);
  EXPECT_TRUE(cancelled);
}

TEST(file_delivery, takes_the_same_block_again_for_no_progress) {
  const std::string file = bytes_of_a_file(2 * file_block);
  std::atomic<int> entries = 0;
  scripted_server server(
      [&](const pdu& next) -> std::string {
        if (next.head.command_id != cid::file_login_req) return scripted_server::close_now;
        ++entries;
        return entry_answer(next) + pull(0, file_block, 1);
      },
      4);
  event_loop loop;
  int interruptions = 0, moved = 0;
  auto delivery = std::make_unique<file_delivery>(
      loop, file_task{task, me, peer, CLIENT_OFFLINE_UPLOAD, 2 * file_block}, std::vector<endpoint>{server.where()},
      std::make_shared<text_source>(file), nullptr,
      file_delivery::handlers{{}, [&] { ++moved; }, [&](const std::string&) { ++interruptions; }, {}});
  delivery->start();
  loop.run_until([&] { return moved == 4; }, soon_ms);
  delivery.reset();
  EXPECT_EQ(entries, 4);
  EXPECT_EQ(interruptions, 1) << "the pauses grow, and patience ends";
}

TEST(file_delivery, goes_on_after_lost_connections) {
  const std::string file = bytes_of_a_file(6 * file_block);
  int blocks = 0;
  std::vector<std::uint32_t> resumed;
  scripted_server server(
      [&](const pdu& next) -> std::string {
        if (next.head.command_id == cid::file_login_req) {
          IM::File::IMFileLoginReq entry;
          next.read(entry);
          resumed.push_back(entry.resume_offset());
          return entry_answer(next, 0, entry.resume_offset());
        }
        return ++blocks % 3 == 0 ? scripted_server::close_now : block(next, file);
      },
      4);
  event_loop loop;
  const auto to = std::make_shared<text_sink>();
  int interruptions = 0;
  std::optional<file_delivery::end> how;
  file_delivery delivery(loop, {task, me, peer, CLIENT_OFFLINE_DOWNLOAD, 6 * file_block}, {server.where()}, nullptr, to,
                         {{},
                          {},
                          [&](const std::string&) { ++interruptions; },
                          [&](file_delivery::end end, const std::string&) { how = end; }});
  delivery.start();
  loop.run_until([&] { return to->whole; }, soon_ms);
  EXPECT_EQ(to->all, file);
  EXPECT_EQ(interruptions, 2);
  EXPECT_EQ(resumed, (std::vector<std::uint32_t>{0, 2 * file_block, 4 * file_block}));
}

TEST(file_delivery, connects_to_say_no) {
  std::atomic<bool> refused = false;
  scripted_server server([&](const pdu& next) -> std::string {
    if (next.head.command_id == cid::file_login_req) return entry_answer(next);
    IM::File::IMFileState told;
    refused = next.read(told) && told.state() == CLIENT_FILE_REFUSE;
    return scripted_server::close_now;
  });
  event_loop loop;
  std::optional<file_delivery::end> how;
  file_delivery delivery(loop, {task, me, peer, CLIENT_REALTIME_RECVER, 5}, {server.where()}, nullptr, nullptr,
                         {{}, {}, {}, [&](file_delivery::end end, const std::string&) { how = end; }});
  delivery.stop(CLIENT_FILE_REFUSE);
  loop.run_until([&] { return how.has_value() && refused; }, soon_ms);
  EXPECT_EQ(how, file_delivery::end::stopped);
  EXPECT_TRUE(refused);
}

TEST(file_delivery, may_be_destroyed_by_its_own_call) {
  scripted_server server([](const pdu& next) { return entry_answer(next, 1); });
  event_loop loop;
  std::unique_ptr<file_delivery> delivery;
  bool over = false;
  text_source from("hello");
  delivery = std::make_unique<file_delivery>(
      loop, file_task{task, me, peer, CLIENT_REALTIME_SENDER, 5}, std::vector<endpoint>{server.where()},
      std::make_shared<text_source>("hello"), nullptr,
      file_delivery::handlers{{}, {}, {}, [&](file_delivery::end, const std::string&) {
                                delivery.reset();
                                over = true;
                              }});
  delivery->start();
  EXPECT_TRUE(loop.run_until([&] { return over; }, soon_ms));
}

}  // namespace
}  // namespace parley::client
