// The outcome of a commit whose connection was cut: written with each transaction, read when it is needed.
#include <cstdlib>
#include <thread>

#include "host/pool/mysql_connection.hpp"
#include "host/pool/mysql_errors.hpp"
#include "host/pool/thread.hpp"

namespace parley::host {

namespace {

constexpr std::chrono::milliseconds lookup_pause{50};
constexpr std::chrono::hours kept_markers{24 * 7};

std::string seconds_now() {
  return std::to_string(
      std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count());
}

/// crash-check's sabotage, to show that it would notice: what was not answered counts as undone.
bool sabotaged() {
  const char* lookup = std::getenv("PARLEY_TEST_COMMIT_LOOKUP");
  return lookup && std::string_view(lookup) == "off";
}

}  // namespace

result<void> mysql_connection::prepare(mysql_link& link) {
  static constexpr auto make =
      "CREATE TABLE IF NOT EXISTS commit_marker(writer BIGINT UNSIGNED NOT NULL PRIMARY KEY, number BIGINT UNSIGNED "
      "NOT NULL, updated BIGINT NOT NULL, looked_up INT UNSIGNED NOT NULL DEFAULT 0) ENGINE=InnoDB";
  const auto old = "DELETE FROM commit_marker WHERE updated < " + seconds_now() + " - " +
                   std::to_string(std::chrono::seconds(kept_markers).count());
  for (const std::string_view text : {std::string_view(make), std::string_view(old)}) {
    if (link.run(text)) continue;
    return parley::error{status::unavailable,
                         link.host() + ": table commit_marker: " + mysql_text(link.number(), link.message(), text) +
                             std::string(mysql_remedy(link.number()))};
  }
  return {};
}

/// The last change of a transaction.
parley_status mysql_connection::mark() {
  const auto number = std::to_string(++number_);
  return run("INSERT INTO commit_marker(writer, number, updated) VALUES (" + std::to_string(writer_) + "," + number +
             "," + seconds_now() + ") ON DUPLICATE KEY UPDATE number = VALUES(number), updated = VALUES(updated)");
}

/// After a COMMIT that was not answered. ok: it took place. retry: it did not, and this is a new session.
parley_status mysql_connection::settle() {
  const auto cut = error_;
  const auto until = now_us() + static_cast<std::uint64_t>(servers_.settings().commit_timeout.count()) * 1000;
  undone_ = false;
  for (;;) {
    switch (!reopen() ? fate::unknown : sabotaged() ? fate::undone : look_up()) {
      case fate::committed:
        return PARLEY_OK;
      case fate::undone:
        undone_ = open_;
        return fail(PARLEY_RETRY, cut + ": the transaction was not committed");
      case fate::unknown:
        break;
    }
    if (now_us() >= until) break;
    std::this_thread::sleep_for(lookup_pause);
  }
  link_.reset();
  dead_ = true;
  return fail(PARLEY_UNAVAILABLE, cut + ": it is not known whether the transaction was committed");
}

mysql_connection::fate mysql_connection::look_up() {
  const auto mine = " WHERE writer = " + std::to_string(writer_);
  if (!link_->run("BEGIN")) return fate::unknown;
  const auto newest = link_->ask("SELECT number FROM commit_marker" + mine + " FOR UPDATE");
  if (link_->number()) return fate::unknown;
  if (newest != std::to_string(number_)) return link_->run("ROLLBACK") ? fate::undone : fate::unknown;
  if (!link_->run("UPDATE commit_marker SET looked_up = looked_up + 1" + mine)) return fate::unknown;
  return link_->run("COMMIT") ? fate::committed : fate::unknown;
}

}  // namespace parley::host
