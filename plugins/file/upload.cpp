// Role 3. The server asks for block after block; what has come is written beside the loop, in order, and acknowledged
// as a whole when it is committed.
#include <parley/commands.hpp>

#include <algorithm>

#include "file.hpp"

namespace file {
namespace {

/// Asked for and not written yet: all the memory that an upload takes.
constexpr std::uint64_t most_on_the_way = 4 * block_bytes;

/// A TeamTalk client is asked for one block at a time, as it is used to.
std::size_t window(const end& uploader) {
  return uploader.level == 0 ? 1 : 4;
}

}  // namespace

void file_plugin::pull_more(transfer& all) {
  auto& up = all.up;
  while (all.sender.ready && up.awaited.size() < window(all.sender) && up.asked < all.what.size &&
         up.asked - up.written < most_on_the_way) {
    const auto size = std::min<std::uint64_t>(block_bytes, all.what.size - up.asked);
    IM::File::IMFilePullDataReq wanted;
    wanted.set_task_id(all.what.id);
    wanted.set_user_id(all.what.from);
    wanted.set_trans_mode(IM::BaseDefine::FILE_TYPE_OFFLINE);
    wanted.set_offset(static_cast<number>(up.asked));
    wanted.set_data_size(static_cast<number>(size));
    up.awaited.push_back({0, static_cast<number>(up.asked), static_cast<number>(size)});
    up.asked += size;
    if (sessions().push(all.sender.session, parley::cid::file_pull_data_req, wanted) != status::ok) return;
  }
}

parley::status file_plugin::take_block(transfer& all, const block_view& block) {
  auto& up = all.up;
  if (up.awaited.empty()) return violated(all.sender.session, "a block that nobody asked for");
  const auto expected = up.awaited.front();
  if (block.result_code != 0 || block.offset != expected.offset || block.file_data.size() != expected.size) {
    return violated(all.sender.session, "another block than the one asked for");
  }
  up.awaited.pop_front();
  up.arrived += expected.size;
  if (!up.queued) up.queued = std::make_shared<backlog>();
  up.queued->blocks.emplace_back(block.file_data);
  bytes_up_.add(expected.size);
  touch(all);
  write_behind(all);
  pull_more(all);
  return status::ok;
}

void file_plugin::write_behind(transfer& all) {
  auto& queued = all.up.queued;
  if (!queued || queued->writing || queued->blocks.empty()) return;
  queued->writing = true;
  parley::in_background(host_edge(), write(all.what, queued, all.up.arrived - queued->bytes(), epoch_));
}

/// Until nothing waits. When this generation has handed over, whoever serves hears of it.
parley::task<> file_plugin::write(task what, std::shared_ptr<backlog> queued, std::uint64_t at, std::uint64_t epoch) {
  {
    const while_listed<std::string> job(jobs_, what.id);
    while (!queued->blocks.empty()) {
      auto blocks = std::exchange(queued->blocks, {});
      written_news news{what.id, at, at, {}};
      for (const auto& block : blocks) news.to += block.size();
      at = news.to;
      const auto done = co_await append(what, news.from, std::move(blocks), news.trouble);
      if (done != status::ok) {
        news.to = 0;
        queued->blocks.clear();
      }
      if (epoch != epoch_) {
        publish("file.written", news.encoded());
      } else {
        on_written(news);
      }
    }
    queued->writing = false;
  }
  settled(what.id, epoch);
  if (epoch == epoch_) drop_if_idle(what.id);
}

/// A file has no holes: what another generation's writer has before this is waited for.
parley::task<parley::status> file_plugin::append(task what, std::uint64_t at, std::vector<std::string> blocks,
                                                 std::string& trouble) {
  for (int tries = 0; tries < 500; ++tries) {
    const auto done = co_await workers_.run([&] { return vault_.append(what, at, blocks); });
    if (done && *done) co_return status::ok;
    if (!done) {
      trouble = done.text().empty() ? std::string(parley::to_string(done.code())) : done.text();
      co_return done.code();
    }
    co_await parley::sleep(host_edge(), 20);
  }
  trouble = "what comes before was never written";
  co_return status::fault;
}

void file_plugin::on_written(const written_news& news) {
  auto* all = find(news.id);
  if (!all) return;
  if (news.to == 0) return upload_failed(*all, news.trouble);
  if (!all->up.mark_written(news.from, news.to)) return;
  serve(*all);
  if (all->up.written == all->what.size && all->what.at == stage::open && !all->up.finishing) {
    return begin_to_finish(*all);
  }
  pull_more(*all);
  drop_if_idle(news.id);
}

/// The disk is full, or worse. The connection ends; what has been written stays, and the upload can go on from there.
void file_plugin::upload_failed(transfer& all, const std::string& trouble) {
  disk_errors_.add();
  last_trouble_ = trouble;
  complain("an upload was broken off: " + trouble);
  const std::string id = all.what.id;
  close(all.sender, "disk error");
  all.up.finishing = false;
  all.up.start(all.up.written);
  drop_if_idle(id);
}

void file_plugin::begin_to_finish(transfer& all) {
  all.up.finishing = true;
  parley::in_background(host_edge(), finish(all.what, epoch_));
}

parley::task<> file_plugin::finish(task what, std::uint64_t epoch) {
  {
    const while_listed<std::string> job(jobs_, what.id);
    co_await commit(what, epoch);
  }
  settled(what.id, epoch);
}

/// Commits file and record, then says so: 0x0503 "done" to the uploader, 0x0508 to the recipient. A generation that
/// takes over begins anew with those it has connections of; nothing of it happens twice.
///
/// Rationale: TeamTalk's record is made by the uploader's 0x050B. One that never comes would leave a file that nobody
/// is told of, so the record is made here; 0x050B then finds it made.
parley::task<> file_plugin::commit(task what, std::uint64_t epoch) {
  const std::string id = what.id;
  transfer* all = nullptr;
  const auto now = unix_s();
  const auto synced = co_await workers_.run([&] { vault_.commit(what); });
  if (!synced) {
    if (epoch == epoch_ && (all = find(id))) upload_failed(*all, synced.text());
    co_return;
  }
  auto stored = co_await main_.write([&](parley::sql& db) { return store::complete_task(db, what, now); });
  if (stored && *stored == store::completion::now) completed_.add();
  // One that stood before may have been committed by whoever died before telling.
  if (stored && (*stored == store::completion::now || (*stored == store::completion::before && epoch == epoch_))) {
    if (told_.size() > 10'000) told_.clear();
    if (told_.insert(id).second) notify(what, true);
  }
  if (epoch != epoch_) co_return;
  all = find(id);
  if (!stored) {
    complain("an upload cannot be recorded: " + stored.text());
    if (all) {
      all->up.finishing = false;
      close(all->sender, "database away");
      drop_if_idle(id);
    }
    co_return;
  }
  if (*stored == store::completion::gone) {
    end_transfer(id, "file ended");
    co_return co_await forget(id);
  }
  if (!all) co_return;
  all->what.at = stage::complete;
  all->up.finishing = false;
  if (all->sender.ready) send_state(all->sender.session, what, IM::BaseDefine::CLIENT_FILE_DONE, what.from);
  close(all->sender, "file done");
  serve(*all);
  drop_if_idle(id);
}

}  // namespace file
