// The audit log: written by /api/v1, read by `audit list`, cleaned by age.
#include <parley/background.hpp>
#include <parley/json.hpp>
#include <parley/number.hpp>

#include "http_admin.hpp"

namespace http_admin {
namespace {

constexpr store::number rows_at_a_time = 500;
constexpr store::number most_pages = 100'000;

}  // namespace

parley::task<parley::result<store::number>> http_admin_plugin::begin_audit(const incoming& in, const store::admin& by,
                                                                           const asked& wanted, std::string result) {
  store::audited row;
  row.at = unix_s();
  row.admin = by.name;
  row.role = by.id == 0 ? std::string_view() : to_string(by.may);
  row.address = in.peer.substr(0, 64);
  row.action = in.at.found->action;
  row.target = wanted.target;
  row.result = std::move(result);
  row.detail = wanted.detail;
  co_return co_await main_.write([&row](parley::sql& db) { return store::add_audit(db, row); });
}

// The change itself is done by then: that its end is not written down is told the log, not the caller.
parley::task<> http_admin_plugin::end_audit(store::number id, std::string result, std::string target) {
  const auto done = co_await main_.write([&](parley::sql& db) { store::end_audit(db, id, result, target); });
  if (!done)
    log().error("audit " + std::to_string(id) + " ended as " + result + ", which is not written: " + done.text());
}

// audit list [--admin NAME] [--action ACTION] [--page N] [--size N]
parley::task<> http_admin_plugin::on_audit_list(parley::verb_call call) {
  const auto page = call.has(2) ? parley::whole_number(call[2], most_pages) : std::optional<store::number>(1);
  const auto size = call.has(3) ? parley::whole_number(call[3], 200) : std::optional<store::number>(50);
  if (!page || !size || *page == 0 || *size == 0) {
    call.fail(parley::status::malformed, "audit list: pages are counted from 1, and have at most 200 rows");
    co_return;
  }
  const auto found = co_await main_.read([&, skip = (*page - 1) * *size, most = *size](parley::sql& db) {
    return store::list_audit(db, call[0], call[1], skip, most);
  });
  if (!found) co_return call.fail("audit list", found.failure());
  const auto rows = parley::json_array(found->rows, [](const store::audited& row) {
    return parley::json_object()
        .add("id", row.id)
        .add("at", row.at)
        .add("admin", row.admin)
        .add("role", row.role)
        .add("address", row.address)
        .add("action", row.action)
        .add("target", row.target)
        .add("result", row.result)
        .add("detail", row.detail)
        .str();
  });
  call.answer(parley::json_object().add("total", found->total).raw("items", rows).str());
}

// A few at a time, so that nobody waits for it.
parley::task<> http_admin_plugin::clean_up() {
  if (!clean_) co_return;
  clean_ = false;
  const auto now = unix_s();
  auto done = co_await main_.write([&, before = now - idle_s_](parley::sql& db) {
    store::expire_sign_ins(db, before);
    return std::size_t{1};
  });
  const store::number keep_s = audit_days_ * 86400;
  const store::number oldest = now > keep_s ? now - keep_s : 0;
  while (done && *done > 0 && audit_days_ > 0) {
    done = co_await main_.write([&](parley::sql& db) { return store::expire_audit(db, oldest, rows_at_a_time); });
  }
  if (!done) log().warn("old sign-ins and audits stay for now: " + done.text());
  clean_ = true;
}

}  // namespace http_admin
