// Notifications for devices that are away: posted to a webhook, in batches.
#pragma once

#include <parley/background.hpp>
#include <parley/metrics.hpp>
#include <parley/plugin.hpp>
#include <parley/sql.hpp>
#include <parley/timer.hpp>
#include <parley/worker.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "courier.hpp"
#include "events/message.pb.h"
#include "outbox.hpp"
#include "pacing.hpp"
#include "portion.hpp"
#include "quiet_hours.hpp"
#include "store.hpp"

namespace push {

/// The event push.serving, which a generation publishes when it hands over: whoever hears it serves. It has no fields.
struct serving {
  bool ParsePartialFromArray(const void*, int) { return true; }
  bool IsInitialized() const { return true; }
};

/// The event push.posted: how a request ended that a generation had begun which does not serve any more.
struct posted {
  std::string delivery_id;
  std::uint64_t number = 0;  // pacing's
  delivery done;

  std::string encoded() const;
  bool ParsePartialFromArray(const void* data, int size);
  bool IsInitialized() const { return true; }
};

class push_plugin final : public parley::plugin {
 public:
  using status = parley::status;

  explicit push_plugin(const parley::context& ctx);
  std::string save_state() override;
  status restore_state(std::uint32_t version, std::string_view state) override;

  // recipients.cpp
  void on_committed(const parley::events::MessageCommitted& event);

  // posting.cpp
  void on_posted(const posted& by_another);

  void on_serving(const serving&);

 private:
  // recipients.cpp
  bool on_pc(std::uint32_t user) const;
  std::uint32_t oldest() const;
  parley::task<> look_up();
  void look_up_failed(const parley::error& why);
  void sift();
  bool notify(message_news& message, std::size_t& left);

  // posting.cpp
  parley::task<> post();
  void ended(const std::string& delivery_id, std::uint64_t number, const delivery& done);
  void taken(const std::string& answer);
  void refused(const delivery& done);
  void failed(const std::string& trouble, std::uint64_t retry_after_ms);
  parley::task<> forget(std::vector<std::pair<std::uint32_t, std::string>> gone);
  void stir();

  void later();
  void turn();

  parley::sql_pool main_;
  parley::worker_pool workers_;
  const content_key key_;
  const privacy privacy_;
  const std::size_t alert_bytes_;
  const quiet_hours quiet_;
  const bool silent_with_pc_;
  const std::string secret_;
  const std::size_t batch_;
  const std::uint32_t keep_s_;
  parley::counter made_, posted_, retried_, dropped_full_, dropped_old_, dropped_quiet_, dropped_refused_,
      dropped_unknown_, gone_;
  parley::gauge queued_;

  outbox box_;
  pacing pacing_;
  std::unique_ptr<courier> courier_;  // none: there is no url, and nothing to do
  const std::string id_prefix_;
  std::uint64_t last_id_ = 0;

  bool scheduled_ = false;
  bool looking_ = false;
  std::optional<findings> known_;     // about the messages that were looked up
  std::size_t suspects_ = 0;          // messages to be looked up one by one: among them one cannot be
  std::uint32_t alone_failures_ = 0;  // of the first of them
  bool handed_over_ = false;          // until an event shows that this one serves on
  std::uint64_t epoch_ = 0;           // of handing over: what began before is void
  bool complained_ = false;           // of look-ups
  bool resting_ = false;              // after one that failed
  std::uint64_t complain_again_ms_ = 0;
  std::optional<parley::timer> alarm_, look_again_;
  std::uint64_t alarm_at_ = 0;  // 0: it has fired
};

}  // namespace push
