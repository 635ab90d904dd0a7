// The host's own words for parleyctl.
#include "host/base/log.hpp"
#include "host/node/node.hpp"
#include "host/node/store_facts.hpp"
#include "host/node/verb_args.hpp"

namespace parley::host {

using json = nlohmann::ordered_json;

namespace {

const char* word(node_state s) {
  switch (s) {
    case node_state::starting:
      return "starting";
    case node_state::ready:
      return "ready";
    case node_state::draining:
      return "draining";
    case node_state::stopped:
      return "stopped";
  }
  return "?";
}

json option(const char* name, const char* help) {
  return {{"name", name}, {"kind", "option"}, {"required", false}, {"help", help}};
}

/// A number that scripts send as a number and people as text (decimal, or 0x...).
result<std::uint64_t> number(const json& args, const char* name) {
  const auto found = args.find(name);
  if (found == args.end()) return status::no_target;
  if (found->is_number_unsigned()) return found->get<std::uint64_t>();
  if (found->is_string()) {
    const auto text = found->get<std::string>();
    char* end = nullptr;
    const auto value = std::strtoull(text.c_str(), &end, 0);
    if (!text.empty() && text[0] != '-' && *end == '\0') return std::uint64_t{value};
  }
  return error{status::malformed, std::string(name) + " has to be a number"};
}

const char* word(spdlog::level::level_enum level) {
  if (level >= spdlog::level::err) return "error";
  return level == spdlog::level::warn ? "warn" : level == spdlog::level::info ? "info" : "debug";
}

result<json> log_json(const json& args) {
  constexpr std::uint64_t usual_limit = 200;
  const auto after = number(args, "after"), limit = number(args, "limit");
  if (after.code() == status::malformed) return after.failure();
  if (limit.code() == status::malformed) return limit.failure();
  const auto level = text_of(args, "level");
  if (!level.empty() && level != "debug" && level != "info" && level != "warn" && level != "error")
    return error{status::malformed, "log: level has to be debug, info, warn or error"};
  const auto found =
      newest_log().behind(after ? *after : 0, level.empty() ? spdlog::level::trace : spdlog::level::from_str(level),
                          std::min<std::uint64_t>(limit ? *limit : usual_limit, log_ring::most));
  json lines = json::array();
  for (const auto& line : found.found) {
    lines.push_back({{"n", line.number},
                     {"at", line.unix_ms},
                     {"level", word(line.level)},
                     {"module", line.module},
                     {"plugin", line.plugin},
                     {"generation", line.generation},
                     {"session", line.session},
                     {"text", line.text}});
  }
  return json{{"next", found.next}, {"lines", std::move(lines)}};
}

}  // namespace

void node::add_verbs() {
  control_.add_verb("verbs", "every verb with its arguments", json::array(),
                    [this](const json&) { return result<json>(control_.describe()); });
  control_.add_verb("status", "what this node is, does and cannot", json::array(),
                    [this](const json&) { return result<json>(status_json()); });
  control_.add_verb("accounts", "what each plugin has cost so far; `top` shows what it costs now", json::array(),
                    [this](const json&) { return result<json>(top_json()); });
  control_.add_verb("quarantine", "plugins that crashed too often to be loaded, and builds not loaded again",
                    json::array(), [this](const json&) { return result<json>(quarantine_json()); });
  control_.add_verb("pools", "queues, waits and errors of the pools", json::array(),
                    [this](const json&) { return result<json>(pools_.to_json()); });
  control_.add_verb("store", "where its databases and files are; `backup` asks for it", json::array(),
                    [this](const json&) { return result<json>(store_facts(manifest_)); });
  control_.add_verb(
      "sessions", "connections",
      json::array({option("user", "only this user id"), option("limit", "at most this many, 1000 unless given"),
                   option("search", "only with this in the address, or this tag"),
                   option("page", "answer a page with the total, from 1"),
                   option("size", "of a page, 50 unless given, at most 200")}),
      [this](const json& args) { return sessions_json(args); });
  control_.add_verb("log", "the newest lines of the log, at most 2000",
                    json::array({option("after", "only lines behind this number"),
                                 option("limit", "at most this many, the newest, 200 unless given"),
                                 option("level", "debug, info, warn or error, and what is graver")}),
                    log_json);
  control_.add_verb("stats", "small numbers for those who ask each second", json::array(),
                    [this](const json&) { return result<json>(stats_json()); });
  control_.add_verb(
      "cluster", "the nodes, what they serve, and the links to them; with --user where a user is",
      json::array({option("user", "user id"),
                   option("forget", "name of a node that will not be back: nothing of it is waited for")}),
      [this](const json& args) { return cluster_json(args); });
  control_.add_verb("kick", "close a session, or every session of a user",
                    json::array({option("session", "id as shown by sessions"), option("user", "user id")}),
                    [this](const json& args) { return kick(args); });
}

std::string node::degraded() {
  const auto& uploads = services_.http.uploads().trouble();
  auto out = pools_.degraded();
  if (!uploads.empty()) out += (out.empty() ? "" : "; ") + uploads;
  if (const auto fellows = cluster_ ? cluster_->degraded() : ""; !fellows.empty()) {
    out += (out.empty() ? "" : "; ") + fellows;
  }
  return out;
}

json node::status_json() {
  json quarantined = json::array();
  for (const auto& info : plugins_.away(plugins_.active())) quarantined.push_back(info->name);
  json listeners = json::array();
  const auto add_tls = [](json& to, const auto& l) {
    if (!l.identity()) return;
    const auto trouble = certificate_trouble(*l.identity(), static_cast<std::int64_t>(loop::unix_ms() / 1000));
    to["certificate"] = trouble.empty() ? "good until " + tls::utc_text(l.identity()->expires_s()) : trouble;
  };
  for (const auto& l : listeners_) {
    const auto& c = l->config();
    listeners.push_back({{"name", c.name},
                         {"kind", "pdu"},
                         {"address", c.bind},
                         {"port", l->port()},
                         {"connections", l->connections()},
                         {"refused", l->refused()}});
    add_tls(listeners.back(), *l);
  }
  for (const auto& h : http_) {
    const auto& c = h->config();
    listeners.push_back({{"name", c.name},
                         {"kind", "http"},
                         {"address", c.bind},
                         {"port", h->port()},
                         {"connections", h->connections()}});
    add_tls(listeners.back(), *h);
  }
  const auto& d = services_.dispatch.counters();
  const auto& s = services_.sessions.counters();
  return {{"name", manifest_.name},
          {"version", PARLEY_VERSION},
          {"pid", uv_os_getpid()},
          {"state", word(state_)},
          {"ready", state_ == node_state::ready},
          {"uptime_ms", services_.loop.now_ms() - started_ms_},
          {"data", manifest_.data},
          {"durable", pools_.durable()},
          {"durability", pools_.durability()},
          {"degraded", degraded()},
          {"quarantined", std::move(quarantined)},
          {"sessions", services_.sessions.size()},
          {"logged_in", services_.sessions.authenticated_count()},
          {"in_flight", services_.dispatch.in_flight()},
          {"pdus_in", s.pdus_in},
          {"pdus_out", s.pdus_out},
          {"failed_requests", d.failed},
          {"listeners", std::move(listeners)}};
}

// A page is counted through all that are open: what is not on it costs a comparison.
result<json> node::sessions_json(const json& args) {
  const auto user = number(args, "user"), limit = number(args, "limit");
  const auto page = number(args, "page"), size = number(args, "size");
  for (const auto* given : {&user, &limit, &page, &size}) {
    if (given->code() == status::malformed) return given->failure();
  }
  const bool paged = page || size;
  if (paged && ((page && (*page == 0 || *page > UINT32_MAX)) || (size && (*size == 0 || *size > 200))))
    return error{status::malformed, "sessions: pages are counted from 1, and have at most 200 lines"};
  const auto search = text_of(args, "search");
  const std::size_t most = paged ? (size ? *size : 50) : limit ? *limit : 1000;
  const std::size_t skipped = paged && page ? (*page - 1) * most : 0;
  std::size_t total = 0;
  json out = json::array();
  services_.sessions.each([&](session& s) {
    if (user && s.principal.id != *user) return;
    if (!search.empty() && s.peer_text.find(search) == std::string::npos && std::to_string(s.principal.tag) != search)
      return;
    if (total++ < skipped || out.size() >= most) return;
    out.push_back({{"session", s.id},
                   {"user", s.principal.id},
                   {"tag", s.principal.tag},
                   {"level", s.level},
                   {"peer", s.peer_text},
                   {"transport", s.transport()},
                   {"seconds", services_.sessions.now_s() - s.opened},
                   {"idle", services_.sessions.now_s() - s.last_received},
                   {"unsent", s.unsent()},
                   {"state", s.state == session_state::open ? (s.authenticated ? "open" : "connecting") : "draining"}});
  });
  if (paged) return json{{"total", total}, {"items", std::move(out)}};
  return out;
}

result<json> node::cluster_json(const json& args) {
  const auto user = number(args, "user");
  if (user.code() == status::malformed) return user.failure();
  if (!cluster_) return error{status::unavailable, "this node is by itself: its manifest says cluster: none"};
  if (const auto gone = args.find("forget"); gone != args.end()) {
    if (!gone->is_string() || user)
      return error{status::malformed, "--forget takes the name of a node, and nothing else"};
    return cluster_->forget(gone->get<std::string>());
  }
  return user ? cluster_->where_is(*user) : cluster_->to_json();
}

result<json> node::kick(const json& args) {
  const auto id = number(args, "session");
  const auto user = number(args, "user");
  if (id.code() == status::malformed) return id.failure();
  if (user.code() == status::malformed) return user.failure();
  if (!id && !user)
    return error{status::malformed, "kick needs --session ID or --user ID; `parleyctl sessions` shows both"};
  std::size_t kicked = 0;
  services_.sessions.each([&](session& s) {
    if ((id && s.id != *id) || (user && (!s.authenticated || s.principal.id != *user)) ||
        s.state != session_state::open)
      return;
    services_.sessions.close_after_flush(s, "kicked by operator");
    ++kicked;
  });
  if (!kicked) return error{status::no_target, "no such session"};
  return json{{"kicked", kicked}};
}

}  // namespace parley::host
