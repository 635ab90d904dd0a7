// One request at a time, in order: again until it is taken, refused for good, or too old.
#include <algorithm>

#include "backoff.hpp"
#include "push.hpp"
#include "signature.hpp"

namespace push {
namespace {

constexpr std::uint64_t complain_every_ms = 60'000;

}  // namespace

void push_plugin::later() {
  if (std::exchange(scheduled_, true)) return;
  parley::in_a_later_turn<&push_plugin::turn>(host_edge(), this);
}

void push_plugin::turn() {
  scheduled_ = false;
  if (handed_over_ || !courier_) return;
  if (!looking_ && box_.has_news()) parley::in_background(host_edge(), look_up());
  stir();
  queued_.set(static_cast<std::int64_t>(box_.records()));
}

/// Posts when a batch is full or has waited its time.
void push_plugin::stir() {
  if (posting_ || backing_off_ || box_.records() == 0) return;
  if (lingered_ || box_.records() >= batch_) return parley::in_background(host_edge(), post());
  if (!alarm_set_) set_alarm(linger_ms_);
}

void push_plugin::set_alarm(std::uint64_t ms) {
  alarm_set_ = true;
  alarm_.emplace(host_edge(), ms, 0, [this] {
    alarm_set_ = backing_off_ = false;
    lingered_ = true;
    later();
  });
}

parley::task<> push_plugin::post() {
  posting_ = true;
  const auto epoch = epoch_;
  const auto now = unix_s();
  dropped_old_.add(static_cast<std::int64_t>(box_.compose(batch_, now - std::min(now, keep_s_))));
  // The batch may be handed over while it is posted: these are the job's own.
  const std::string id = box_.current().delivery;
  const std::string body = to_json(box_.current().records);
  const std::string timestamp = std::to_string(now);
  const std::string proof = signature(secret_, timestamp, body);
  if (!box_.current().records.empty()) {
    const auto done = co_await workers_.run([&] { return courier_->post(id, timestamp, proof, body); });
    if (epoch != epoch_ || done.code() == status::cancelled) co_return;
    if (!done) {
      failed(std::string(parley::to_string(done.code())), 0);
    } else if (done->what == delivery::verdict::taken) {
      taken(done->answer);
    } else if (done->what == delivery::verdict::refused) {
      refused(*done);
    } else {
      failed(done->trouble, done->retry_after_ms);
    }
  }
  posting_ = false;
  lingered_ = box_.records() > 0;
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
  backing_off_ = true;
  set_alarm(wait_ms(batch.failures, retry_after_ms, random_number()));
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
