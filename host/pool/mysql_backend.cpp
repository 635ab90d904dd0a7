#include "host/pool/mysql_backend.hpp"

namespace parley::host {

result<void> mysql_backend::prepare() {
  auto link = servers_.connect(connection_role::writer);
  if (!link) return link.failure();
  if (auto done = mysql_connection::prepare(**link); !done) {
    return error{done.code(), servers_.settings().shown + ": " + std::string(done.text())};
  }
  return {};
}

result<std::unique_ptr<sql_connection>> mysql_backend::connect(connection_role role) {
  auto made = mysql_connection::open(servers_, role);
  if (!made) return made.failure();
  return std::unique_ptr<sql_connection>(std::move(*made));
}

durability mysql_backend::durability(sql_connection& writer) {
  auto& link = static_cast<mysql_connection&>(writer).link();
  const auto value = [&](const std::string& name) { return link.ask("SELECT @@global." + name); };
  std::string lacking, text;
  const auto need = [&](const std::string& name, const std::string& wanted) {
    const auto found = value(name);
    text += (text.empty() ? "" : ", ") + name + "=" + found;
    if (found == wanted || found == "ON") return;
    lacking += (lacking.empty() ? "" : "; ") + name + " is " + found +
               ": the last commits may be lost at a power cut; SET GLOBAL " + name + " = " + wanted +
               " and write it into the server's configuration";
  };
  need("innodb_flush_log_at_trx_commit", "1");
  if (value("log_bin") == "1") need("sync_binlog", "1");
  const auto pages = value("innodb_doublewrite");
  text += ", innodb_doublewrite=" + pages;
  if (pages == "0" || pages == "OFF") {
    lacking += (lacking.empty() ? "" : "; ") + std::string("innodb_doublewrite is ") + pages +
               ": a page that a power cut tears cannot be mended; set innodb_doublewrite = ON in the server's "
               "configuration and restart it";
  }
  return lacking.empty() ? host::durability{true, text} : host::durability{false, lacking};
}

}  // namespace parley::host
