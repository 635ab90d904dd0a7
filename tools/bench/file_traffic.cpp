#include "bench/file_traffic.hpp"

#include <cstdio>
#include <parley/commands.hpp>

#include "IM.File.pb.h"

namespace parley::bench {
namespace {

using namespace IM::BaseDefine;

constexpr std::uint64_t prepare_ms = 120'000;
constexpr std::uint64_t look_every_ms = 100;

std::string made_up(std::uint64_t number) {
  char text[40];
  std::snprintf(text, sizeof text, "00000000-0000-4000-8000-%012llx", static_cast<unsigned long long>(number));
  return text;
}

}  // namespace

file_traffic::file_traffic(client::event_loop& loop, const crowd& users, const shape& how)
    : loop_(loop),
      how_(how),
      server_(users.server),
      fleet_(loop, users, [this](std::size_t, const client::pdu& next) { received(next); }),
      slots_(how.transfers),
      memory_(how.pid),
      looking_(loop) {}

client::result<> file_traffic::prepare() {
  if (!how_.bare) {
    if (const auto in = fleet_.login(how_.users); !in) return in;
  }
  if (!memory_.begin()) {
    return client::error{client::failure::refused, "there is no process " + std::to_string(how_.pid)};
  }
  if (how_.what != mode::download || how_.bare) return client::done{};
  preparing_ = true;
  for (std::size_t i = 0; i < slots_.size(); ++i) offer(i);
  if (!loop_.run_until([&] { return uploaded_ == slots_.size() || !broken_.empty(); }, prepare_ms)) {
    broken_ = "the files were not uploaded in two minutes";
  }
  preparing_ = false;
  if (!broken_.empty()) return client::error{client::failure::refused, broken_};
  return client::done{};
}

void file_traffic::start() {
  for (std::size_t i = 0; i < slots_.size(); ++i) begin(i);
}

void file_traffic::begin(std::size_t index) {
  if (how_.what != mode::download) return offer(index);
  slot& one = slots_[index];
  one.began_ns = client::event_loop::now_ns();
  one.open_ends = 1;
  if (how_.bare) {
    one.file = 1;
    one.task_id = made_up(index);
  }
  receive(index);
}

void file_traffic::offer(std::size_t index) {
  slot& one = slots_[index];
  one.file = ++newest_file_;
  one.began_ns = client::event_loop::now_ns();
  if (how_.bare) {
    one.task_id = made_up(one.file);
    return connect(index);
  }
  IM::File::IMFileReq request;
  request.set_from_user_id(from(index).me().user_id);
  request.set_to_user_id(to(index).me().user_id);
  request.set_file_name("bench-" + std::to_string(one.file));
  request.set_file_size(how_.size);
  request.set_trans_mode(how_.what == mode::relay ? FILE_TYPE_ONLINE : FILE_TYPE_OFFLINE);
  from(index).line().send(cid::file_request, static_cast<std::uint16_t>(index + 1), request);
}

void file_traffic::received(const client::pdu& next) {
  if (next.head.command_id == cid::host_refused) {
    const auto why = client::read_refusal(next);
    if (broken_.empty()) broken_ = "refused: " + why.text;
    return;
  }
  if (next.head.command_id != cid::file_response) return;
  IM::File::IMFileRsp given;
  const std::size_t index = next.head.seq_num - 1u;
  if (!next.read(given) || index >= slots_.size()) return void(broken_ = "an answer to nothing that was asked");
  if (given.result_code() != 0) return void(broken_ = "a file was not taken: " + given.refused_text());
  const bool relayed = given.trans_mode() == FILE_TYPE_ONLINE;
  if (relayed != (how_.what == mode::relay)) return void(broken_ = "the server chose another mode");
  slots_[index].task_id = given.task_id();
  connect(index);
}

void file_traffic::connect(std::size_t index) {
  slots_[index].open_ends = how_.what == mode::relay ? 2 : 1;
  send(index);
  if (how_.what == mode::relay) receive(index);
}

client::file_task file_traffic::task_of(std::size_t index, client::file_role role) {
  const std::uint32_t sender = how_.bare ? 1 : from(index).me().user_id;
  const std::uint32_t recipient = how_.bare ? 2 : to(index).me().user_id;
  const bool sending = client::sends(role);
  return {slots_[index].task_id, sending ? sender : recipient, sending ? recipient : sender, role, how_.size};
}

void file_traffic::send(std::size_t index) {
  slot& one = slots_[index];
  one.source = std::make_unique<pattern_source>(pattern_, one.file, how_.what == mode::upload ? moved_ : sent_);
  const auto role = how_.what == mode::relay ? CLIENT_REALTIME_SENDER : CLIENT_OFFLINE_UPLOAD;
  one.sender =
      std::make_unique<client::file_transfer>(loop_, task_of(index, role), one.source.get(), nullptr, watched(index));
  one.sender->start(server_);
}

void file_traffic::receive(std::size_t index) {
  slot& one = slots_[index];
  one.sink = std::make_unique<pattern_sink>(pattern_, one.file, moved_);
  const auto role = how_.what == mode::relay ? CLIENT_REALTIME_RECVER : CLIENT_OFFLINE_DOWNLOAD;
  one.receiver = std::make_unique<client::file_transfer>(loop_, task_of(index, role), nullptr, one.sink.get(),
                                                         watched(index), how_.window);
  one.receiver->start(server_);
}

client::file_transfer::handlers file_traffic::watched(std::size_t index) {
  return {{}, {}, {}, [this, index](client::file_transfer::end how, const std::string& text) {
            if (how == client::file_transfer::end::complete) return end_reached(index);
            if (broken_.empty()) broken_ = "a transfer ended early: " + text;
          }};
}

void file_traffic::end_reached(std::size_t index) {
  slot& one = slots_[index];
  if (--one.open_ends > 0) return;
  if (preparing_) return void(++uploaded_);
  const std::uint64_t now = client::event_loop::now_ns();
  ++completed_;
  if (one.began_ns >= measured_from_ns_ && measured_ns_ == 0) times_.add(now - one.began_ns);
  if (now >= measured_from_ns_ && measured_ns_ == 0) ++completed_measured_;
  if (how_.what == mode::upload) forget(one, index);
  if (measured_ns_ == 0) begin(index);
}

/// An uploaded file is taken back, or the next ones would find no room.
void file_traffic::forget(slot& one, std::size_t index) {
  IM::File::IMFileDelOfflineReq told;
  told.set_from_user_id(from(index).me().user_id);
  told.set_to_user_id(to(index).me().user_id);
  told.set_task_id(one.task_id);
  from(index).line().send(cid::file_del_offline_req, 0, told);
}

void file_traffic::start_measuring() {
  moved_before_ = moved_;
  measured_from_ns_ = client::event_loop::now_ns();
  if (memory_.on()) looking_.every(look_every_ms, [this] { memory_.look(); });
}

void file_traffic::stop_measuring() {
  measured_ns_ = client::event_loop::now_ns() - measured_from_ns_;
  moved_measured_ = moved_ - moved_before_;
  looking_.stop();
}

void file_traffic::conclude(report& out) const {
  constexpr double mebibyte = 1 << 20;
  const double seconds = static_cast<double>(measured_ns_) / 1e9;
  out.quantity("mib_per_s", static_cast<double>(moved_measured_) / mebibyte / seconds, "MiB/s");
  out.rate("transfers_per_s", completed_measured_, measured_ns_);
  out.latency("transfer", times_);
  out.count("completed", completed_);
  memory_.conclude(out, slots_.size());
  out.violations("connections_lost", fleet_.lost());
  if (moved_measured_ == 0) out.fail("nothing was moved");
  if (!broken_.empty()) out.fail(broken_);
}

}  // namespace parley::bench
