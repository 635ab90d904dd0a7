// One request at a time, in order: again until it is taken, refused for good, or too old.
#include <parley/state_bytes.hpp>

#include <algorithm>

#include "backoff.hpp"
#include "push.hpp"
#include "signature.hpp"

namespace push {

using parley::put;
using parley::put_text;
namespace {

constexpr std::uint64_t complain_every_ms = 60'000;

std::vector<std::uint32_t> users_of(const std::vector<record>& records) {
  std::vector<std::uint32_t> users;
  for (const auto& one : records) users.push_back(one.user);
  std::sort(users.begin(), users.end());
  users.erase(std::unique(users.begin(), users.end()), users.end());
  return users;
}

void mark(std::vector<record>& records, const std::unordered_map<std::uint32_t, std::uint32_t>& badges) {
  for (auto& one : records) {
    if (const auto found = badges.find(one.user); found != badges.end()) one.badge = found->second;
  }
}

}  // namespace

std::string posted::encoded() const {
  std::string out;
  put_text(out, delivery_id);
  put(out, done.what);
  put(out, done.retry_after_ms);
  put_text(out, done.answer);
  put_text(out, done.trouble);
  put(out, number);
  return out;
}

bool posted::ParsePartialFromArray(const void* data, int size) {
  parley::state_reader in({static_cast<const char*>(data), static_cast<std::size_t>(size)});
  delivery_id = in.text();
  done.what = in.get<delivery::verdict>();
  done.retry_after_ms = in.get<std::uint64_t>();
  done.answer = in.text();
  done.trouble = in.text();
  if (!in.rest().empty()) number = in.get<std::uint64_t>();  // a plugin of state version 1 told none
  return in.done();
}

void push_plugin::later() {
  if (std::exchange(scheduled_, true)) return;
  parley::in_a_later_turn<&push_plugin::turn>(host_edge(), this);
}

void push_plugin::turn() {
  scheduled_ = false;
  if (handed_over_ || !courier_) return;
  if (known_) sift();
  if (!looking_ && !resting_ && box_.has_news()) parley::in_background(host_edge(), look_up());
  stir();
  queued_.set(static_cast<std::int64_t>(box_.records()));
}

/// Posts when a batch is full or has waited its time; else looks again when that may be.
void push_plugin::stir() {
  const auto now = now_ms();
  const auto next = pacing_.now(now, box_.records() > 0, box_.records() >= batch_);
  if (next.post) return parley::in_background(host_edge(), post());
  const auto at = next.look_again_at;
  if (at == 0 || (alarm_at_ != 0 && alarm_at_ <= at)) return;
  alarm_at_ = at;
  alarm_.emplace(host_edge(), at - now, 0, [this] {
    alarm_at_ = 0;
    later();
  });
}

/// What its users have not read is counted once for a batch, and is the same for each try; a database that is away
/// keeps no record back. A generation that has handed the batch over meanwhile posts it as it was handed over.
parley::task<> push_plugin::post() {
  const auto number = pacing_.begin();
  const auto epoch = epoch_;
  const auto now = unix_s();
  const auto dropped = box_.compose(batch_, oldest(), quiet_.at(now));
  dropped_old_.add(static_cast<std::int64_t>(dropped.old));
  dropped_quiet_.add(static_cast<std::int64_t>(dropped.quiet));
  if (box_.current().records.empty()) {
    pacing_.nothing_to_post();
    co_return later();
  }
  // The batch may be handed over while it is posted: these are the job's own.
  const std::string id = box_.current().delivery;
  std::vector<record> records = box_.current().records;
  if (!box_.current().settled) {
    const auto users = users_of(records);
    const auto counts = co_await main_.read([&](parley::sql& db) { return store::badges(db, users); });
    if (counts.code() == status::cancelled) co_return;
    if (box_.current().delivery == id) box_.current().settled = true;
    if (epoch == epoch_ && counts) {
      mark(box_.current().records, *counts);
      records = box_.current().records;
    }
  }
  const std::string body = to_json(records);
  const std::string timestamp = std::to_string(unix_s());
  const std::string proof = signature(secret_, timestamp, body);
  const auto done = co_await workers_.run([&] { return courier_->post(id, timestamp, proof, body); });
  if (done.code() == status::cancelled) co_return;
  delivery how = done ? *done : delivery{};
  if (!done) how.trouble = parley::to_string(done.code());
  if (epoch == epoch_) co_return ended(id, number, how);
  const std::string told = posted{id, number, how}.encoded();
  host_edge()->event->publish(host_edge()->self, "push.posted", parley::bytes(told));
}

void push_plugin::on_posted(const posted& by_another) {
  handed_over_ = false;
  ended(by_another.delivery_id, by_another.number, by_another.done);
}

/// Of the newest request of the current batch; what an older one has to say comes too late.
void push_plugin::ended(const std::string& delivery_id, std::uint64_t number, const delivery& done) {
  if (delivery_id != box_.current().delivery || !pacing_.ended(number, now_ms())) return;
  if (done.what == delivery::verdict::taken) {
    taken(done.answer);
  } else if (done.what == delivery::verdict::refused) {
    refused(done);
  } else {
    failed(done.trouble, done.retry_after_ms);
  }
  later();
}

/// Only tokens that were posted: a receiver has no business with others'.
void push_plugin::taken(const std::string& answer) {
  auto& batch = box_.current();
  posted_.add(static_cast<std::int64_t>(batch.records.size()));
  if (batch.failures > 0) log().info("the receiver takes records again");
  const auto dead = gone_tokens(answer);
  std::vector<std::pair<std::uint32_t, std::string>> gone;
  for (const auto& one : batch.records) {
    if (std::find(dead.begin(), dead.end(), one.token) != dead.end()) gone.emplace_back(one.user, one.token);
  }
  box_.finish_batch();
  if (!gone.empty()) parley::in_background(host_edge(), forget(std::move(gone)));
}

void push_plugin::refused(const delivery& done) {
  const auto count = box_.current().records.size();
  dropped_refused_.add(static_cast<std::int64_t>(count));
  box_.finish_batch();
  if (now_ms() < complain_again_ms_) return;
  complain_again_ms_ = now_ms() + complain_every_ms;
  log().warn("the receiver refused " + std::to_string(count) + " records, which are dropped: " + done.trouble);
}

void push_plugin::failed(const std::string& trouble, std::uint64_t retry_after_ms) {
  auto& batch = box_.current();
  retried_.add();
  if (++batch.failures == 1) log().warn("records cannot be posted, trying again: " + trouble);
  pacing_.back_off(now_ms() + wait_ms(batch.failures, retry_after_ms, random_number()));
}

parley::task<> push_plugin::forget(std::vector<std::pair<std::uint32_t, std::string>> gone) {
  const auto done = co_await main_.write([&](parley::sql& db) { store::forget_tokens(db, gone); });
  if (done) {
    gone_.add(static_cast<std::int64_t>(gone.size()));
  } else {
    log().warn("dead device tokens stay: " + std::string(done.text()));
  }
}

}  // namespace push
