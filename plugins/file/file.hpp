// Files from user to user: while both are there, or kept until the recipient comes for them.
#pragma once

#include <parley/background.hpp>
#include <parley/metrics.hpp>
#include <parley/plugin.hpp>
#include <parley/sql.hpp>
#include <parley/timer.hpp>
#include <parley/verb.hpp>
#include <parley/worker.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "IM.File.pb.h"
#include "block_view.hpp"
#include "doorkeeper.hpp"
#include "events/session.pb.h"
#include "knock.hpp"
#include "store.hpp"
#include "transfer.hpp"
#include "vault.hpp"
#include "while_listed.hpp"

namespace file {

class file_plugin final : public parley::plugin {
 public:
  using status = parley::status;
  using handled = parley::task<status>;

  explicit file_plugin(const parley::context& ctx);

  // handover.cpp
  std::string save_state() override;
  status restore_state(std::uint32_t version, std::string_view state) override;
  void on_serving(const serving&);

  // offer.cpp
  handled on_offer(parley::request request, IM::File::IMFileReq message);

  // records.cpp
  handled on_list(parley::request request, IM::File::IMFileHasOfflineReq message);
  handled on_add(parley::request request, IM::File::IMFileAddOfflineReq message);
  handled on_delete(parley::request request, IM::File::IMFileDelOfflineReq message);

  // login.cpp
  handled on_login(parley::request request, IM::File::IMFileLoginReq message);
  void on_knock(const knock& who);

  // data.cpp
  status on_state(parley::request request, std::string_view body);
  status on_pull(parley::request request, std::string_view body);
  status on_block(parley::request request, std::string_view body);
  void on_closed(const parley::events::SessionClosed& event);
  void on_ended(const ended_news& news);

  // upload.cpp
  void on_written(const written_news& news);
  void on_settled(const settled_news& news);

  // verbs.cpp
  parley::task<> on_files_list(parley::verb_call call);
  parley::task<> on_files_show(parley::verb_call call);
  parley::task<> on_files_cancel(parley::verb_call call);
  parley::task<> on_files_usage(parley::verb_call call);

 private:
  using transfers = std::map<std::string, transfer>;
  struct place {
    std::string id;
    role as;
  };
  struct elsewhere {
    std::uint32_t jobs = 0;
    std::uint64_t until_ms = 0;  // a generation that is gone tells no more
  };

  // offer.cpp
  parley::task<bool> has_room(number size);

  // address.cpp
  template <class Message>
  void add_addresses(Message& message, std::string_view peer) const;
  void notify(const task& what, bool ready) const;
  bool on_pc(number user) const;

  // login.cpp
  parley::task<> let_in(knock who);
  void turn_away(const knock& who, const char* why);
  void put_off(const knock& who, const char* why) const;
  parley::task<> refuse(knock who);
  parley::task<> drop_if_gone(std::string id);
  void cannot_begin(transfer& all, const knock& who, const char* why);
  void close_quietly(transfer& all, const knock& who);
  bool too_many_of(number user) const;
  parley::task<std::optional<task>> look_up(knock who, std::uint64_t epoch);
  parley::task<> admit_sender(knock who, std::uint64_t epoch);
  void admit_receiver(const knock& who, transfer& all);
  bool take_place(const knock& who, transfer& all, end& one);
  void welcome(const knock& who, std::uint64_t offset) const;
  bool handed_over(const knock& who, std::uint64_t epoch) const;

  // data.cpp
  transfer* of(parley_session_id session, role& as);
  transfer* find(const std::string& id);
  status violated(parley_session_id session, const char* what);
  void send_state(parley_session_id to, const task& what, IM::BaseDefine::ClientFileState state, number user) const;
  void close(end& one, const char* reason);
  void left(transfer& all, role as);
  void drop_if_idle(const std::string& id);
  void end_transfer(const std::string& id, const char* reason);
  /// Wherever it is served, in this turn or the next.
  void end_everywhere(const std::string& id);
  parley::task<> forget(std::string id);
  parley::task<> remove(std::string id);
  void touch(transfer& all, bool now = false);
  parley::task<> touched(std::string id);

  // upload.cpp
  status take_block(transfer& all, const block_view& block);
  void pull_more(transfer& all);
  void write_behind(transfer& all);
  parley::task<> write(task what, std::shared_ptr<backlog> queued, std::uint64_t at, std::uint64_t epoch);
  parley::task<status> append(task what, std::uint64_t at, std::vector<std::string> blocks, std::string& trouble);
  void begin_to_finish(transfer& all);
  parley::task<> finish(task what, std::uint64_t epoch);
  parley::task<> commit(task what, std::uint64_t epoch);
  void upload_failed(transfer& all, const std::string& trouble);

  // download.cpp
  status take_pull(transfer& all, std::uint16_t seq, const IM::File::IMFilePullDataReq& wanted);
  void serve(transfer& all);
  void read_ahead(transfer& all, std::uint64_t ready);
  parley::task<> read(std::string id, std::uint64_t from, std::size_t blocks, std::uint64_t turn, std::uint64_t epoch);

  // relay.cpp
  void meet(transfer& all);
  status relay_pull(transfer& all, std::uint16_t seq, const IM::File::IMFilePullDataReq& wanted, std::string_view body);
  status relay_block(transfer& all, const block_view& block, std::string_view body);

  // handover.cpp
  /// A job of this or an earlier generation has that file open.
  bool on_disk(const std::string& id) const;
  void settled(const std::string& id, std::uint64_t epoch) const;
  void serve_from_now_on() { serving_ = true; }

  // collect.cpp
  void tick();
  void close_stalled(const transfer& all, role as, end& one) const;
  parley::task<> collect();
  parley::task<> sweep();

  void publish(const char* event, const std::string& body) const;
  void complain(const std::string& what);

  parley::sql_pool main_;
  parley::worker_pool workers_;
  const vault vault_;
  const std::string address_;
  const std::uint32_t port_;
  const number max_file_;
  const std::uint64_t max_total_;
  const store::quota quota_;
  const std::size_t max_transfers_, max_of_user_;
  const std::uint64_t grace_ms_, stalled_ms_, undecided_ms_;
  const number keep_s_, unfinished_s_;
  const number listed_;
  parley::counter offers_, refused_offers_, refused_logins_, violations_, disk_errors_, completed_, expired_, stalled_,
      bytes_up_, bytes_down_, bytes_relayed_;
  parley::gauge online_, uploading_, downloading_;

  transfers live_;
  std::uint64_t made_ = 0;  // transfers, ever
  std::unordered_map<parley_session_id, place> ends_;
  std::multiset<std::string> jobs_;                         // tasks whose files this generation's jobs are at
  std::map<std::string, elsewhere> foreign_;                // earlier generations'
  std::multiset<std::string> leaving_;                      // tasks that are being removed: nobody gets in
  std::multiset<std::pair<number, std::string>> unwanted_;  // what users are deleting: not listed for them any more
  std::set<std::string> told_;  // of these, the recipients have heard that they are complete
  doorkeeper door_;
  bool serving_ = true;      // false from handing over until it serves again
  std::uint64_t epoch_ = 0;  // of handing over: what a wait brings that began before is the next generation's
  std::uint64_t complain_again_ms_ = 0, unsaid_ = 0;
  std::string last_trouble_;
  std::uint64_t kept_bytes_ = 0, kept_at_ms_ = 0;  // of all, as SQL said then, and what was offered since
  std::uint64_t collect_at_ms_ = 0;
  bool collecting_ = false;
  std::uint8_t swept_ = 0;  // the next folder
  std::optional<parley::timer> clock_;
};

}  // namespace file
