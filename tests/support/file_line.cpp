#include "support/file_line.hpp"

#include <parley/commands.hpp>

#include <algorithm>

namespace parley::test {
namespace {

using namespace IM::File;
using namespace IM::BaseDefine;

constexpr std::size_t block = 32768;

}  // namespace

std::string file_content(std::size_t size, std::uint32_t seed) {
  std::string out(size, '\0');
  std::uint32_t state = seed * 2654435761u + 1;
  for (auto& byte : out) {
    state = state * 1664525 + 1013904223;
    byte = static_cast<char>(state >> 24);
  }
  return out;
}

IMFileRsp offer_file(chat_client& from, std::uint32_t to, std::size_t size, TransferFileType mode) {
  IMFileReq wish;
  wish.set_from_user_id(0);
  wish.set_to_user_id(to);
  wish.set_file_name("file.bin");
  wish.set_file_size(static_cast<std::uint32_t>(size));
  wish.set_trans_mode(mode);
  return from.ask<IMFileRsp>(cid::file_request, wish);
}

file_line::file_line(std::uint16_t port, std::string task, std::uint32_t user, ClientFileRole role, std::uint32_t level,
                     std::uint32_t resume, int receive_buffer)
    : task_(std::move(task)), user_(user), role_(role) {
  wire_.connect(port, receive_buffer);
  IMFileLoginReq hello;
  hello.set_user_id(user_);
  hello.set_task_id(task_);
  hello.set_file_role(role);
  if (level) hello.set_extension_level(level);
  if (resume) hello.set_resume_offset(resume);
  wire_.send(cid::file_login_req, ++seq_, hello.SerializeAsString());
  const auto got = wire_.answer(cid::file_login_res, seq_);
  if (!got) throw failure("no answer to 0x0501");
  answer_ = read<IMFileLoginRsp>(*got);
}

bool file_line::give(const std::string& content, const std::function<bool(std::size_t)>& after) {
  std::size_t sent = 0;
  while (const auto got = wire_.next()) {
    if (got->command == cid::file_state) return read<IMFileState>(*got).state() == CLIENT_FILE_DONE;
    if (got->command != cid::file_pull_data_req) throw failure("a sender was told something else");
    const auto wanted = read<IMFilePullDataReq>(*got);
    IMFilePullDataRsp out;
    out.set_result_code(0);
    out.set_task_id(task_);
    out.set_user_id(user_);
    out.set_offset(wanted.offset());
    out.set_file_data(content.substr(wanted.offset(), wanted.data_size()));
    if (!wire_.send(cid::file_pull_data_rsp, 0, out.SerializeAsString())) return false;
    if (after && !after(++sent)) return false;
  }
  return false;
}

void file_line::pull(std::size_t offset) {
  IMFilePullDataReq wanted;
  wanted.set_task_id(task_);
  wanted.set_user_id(user_);
  wanted.set_trans_mode(online() ? FILE_TYPE_ONLINE : FILE_TYPE_OFFLINE);
  wanted.set_offset(static_cast<std::uint32_t>(offset));
  wanted.set_data_size(block);
  wire_.send(cid::file_pull_data_req, ++seq_, wanted.SerializeAsString());
}

void file_line::say_done() {
  IMFileState done;
  done.set_state(CLIENT_FILE_DONE);
  done.set_task_id(task_);
  done.set_user_id(user_);
  wire_.send(cid::file_state, ++seq_, done.SerializeAsString());
}

bool file_line::fetch(std::string& into, std::size_t size, std::size_t window,
                      const std::function<bool(std::size_t)>& after) {
  if (online()) {
    const auto ready = wire_.next_of(cid::file_state);
    if (!ready || read<IMFileState>(*ready).state() != CLIENT_FILE_PEER_READY) return false;
  }
  std::size_t asked = into.size(), got = 0;
  std::uint16_t expected = seq_;
  while (into.size() < size) {
    while (asked < size && asked < into.size() + window * block) {
      pull(asked);
      asked += std::min(block, size - asked);
    }
    const auto next = wire_.next_of(cid::file_pull_data_rsp);
    if (!next) return false;
    if (next->seq != ++expected) throw failure("a block under another seq than its pull's");
    const auto one = read<IMFilePullDataRsp>(*next);
    if (one.offset() != into.size()) throw failure("a block of another place");
    into += one.file_data();
    if (after && !after(++got)) return false;
  }
  if (online()) {
    say_done();
    return into.size() == size;
  }
  const auto end = wire_.next_of(cid::file_state);
  return end && read<IMFileState>(*end).state() == CLIENT_FILE_DONE && into.size() == size;
}

}  // namespace parley::test
