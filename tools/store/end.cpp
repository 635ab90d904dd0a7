#include "store/end.hpp"

#include <poll.h>

#include <filesystem>

#include "host/plugin/interfaces.hpp"
#include "store/in_use.hpp"
#include "store/trouble.hpp"

namespace parley::store {

namespace fs = std::filesystem;

namespace {

/// The SDK's statements over the host's own tables, without a plugin.
const edge& own_edge() {
  static const edge all(nullptr, host::host_table());
  return all;
}

}  // namespace

std::string quoted(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) {
    if (c == '"') out += c;
    out += c;
  }
  return out + "\"";
}

end::end(const std::string& url, host::connection_role role, const std::string& option) {
  auto parsed = host::parse_sql_url(url);
  if (!parsed) throw trouble(option + ": " + parsed.text());
  url_ = std::move(*parsed);
  shown_ = url_.redacted();
  const bool writer = role == host::connection_role::writer;
  if (sqlite()) refuse_users_of_file(writer);

  host::sql_pool_config config;
  config.url = url;
  config.writers = 1;
  config.lock_timeout = std::chrono::seconds(5);
  if (!sqlite() && !url_.options.contains("read_timeout")) {
    config.url += url.find('?') == url.npos ? "?read_timeout=600s" : "&read_timeout=600s";  // building an index, say
  }
  auto backend = host::make_sql_backend(config);
  if (!backend) throw trouble(option + ": " + backend.text());
  backend_ = std::move(*backend);
  if (writer) {
    if (const auto ready = backend_->prepare(); !ready) throw trouble(option + ": " + ready.text());
  }
  auto made = backend_->connect(role);
  if (!made) throw trouble(option + ": " + made.text());
  connection_ = std::move(*made);
  db_.emplace(&own_edge(), connection_.get());
  if (!sqlite()) refuse_users_of_server();
}

void end::refuse_users_of_file(bool writer) {
  std::error_code failed;
  if (!writer && !fs::is_regular_file(url_.path, failed)) throw trouble(shown_ + ": there is no such file");
  if (const auto holder = holder_of(url_.path)) {
    throw trouble(shown_ + ": process " + std::to_string(*holder) +
                  " has it open; stop it, or copy from a backup (parleyctl backup)");
  }
  // Whoever starts a node there meanwhile is told so.
  const auto directory = fs::path(url_.path).parent_path().string();
  const auto place = directory.empty() ? "." : directory;
  if (!writer && !fs::exists(fs::path(place) / "parleyd.lock", failed)) return;
  if (const auto taken = lock_.take(place); !taken) throw trouble(shown_ + ": " + taken.text());
}

void end::refuse_users_of_server() {
  // The session of a copy that was killed just now may still be there.
  for (int attempt = 0;; ++attempt) {
    const auto others = db().one<std::uint64_t>(
        "SELECT COUNT(*) FROM information_schema.PROCESSLIST WHERE DB = DATABASE() AND ID <> CONNECTION_ID() AND "
        "COMMAND <> 'Killed'",
        {});
    const auto count = others ? std::get<0>(*others) : 0;
    if (count == 0) return;
    if (attempt == 10) {
      throw trouble(shown_ + ": " + std::to_string(count) +
                    " other connections are open there (SHOW PROCESSLIST): stop the nodes that use it");
    }
    poll(nullptr, 0, 300);
  }
}

void end::check(parley_status status) {
  if (status != PARLEY_OK) throw sql_error(static_cast<parley::status>(status), connection_->error());
}

void end::query(const std::string& statement, host::sql_connection::parameters values, const std::string& columns,
                const std::function<void(const parley_sql_value*)>& row) {
  struct frame {
    const std::function<void(const parley_sql_value*)>& row;
    std::exception_ptr thrown;
  } context{row, nullptr};
  check(connection_->query(statement, values, columns, &context, [](void* raw, const parley_sql_value* cells) {
    auto& f = *static_cast<frame*>(raw);
    if (f.thrown) return;
    try {
      f.row(cells);
    } catch (...) {
      f.thrown = std::current_exception();
    }
  }));
  if (context.thrown) std::rethrow_exception(context.thrown);
}

void end::insert(const std::string& head, std::size_t columns, host::sql_connection::parameters values) {
  check(connection_->insert_rows(head, "", columns, values, values.size() / columns));
}

}  // namespace parley::store
