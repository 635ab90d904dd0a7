#include "host/control/control_server.hpp"

#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "host/config/words.hpp"
#include "host/control/control_connection.hpp"
#include "host/node/services.hpp"
#include "host/plugin/plugin_frame.hpp"
#include "parley/abi/control.h"
#include "parley/bytes.hpp"

namespace parley::host {

using json = nlohmann::ordered_json;

namespace {

json failure(status code, std::string_view text) {
  return {{"ok", false}, {"code", std::string(to_string(code))}, {"error", std::string(text)}};
}

/// Arguments are plain values: what is nested deeper is left out while it is read, or copying it would end the stack.
json parse_request(std::string_view line) {
  constexpr int most_depth = 2;
  const auto shallow = [](int depth, json::parse_event_t, json&) { return depth <= most_depth; };
  return json::parse(line, shallow, false);
}

const char* kind_word(std::uint32_t kind) {
  static constexpr const char* words[] = {"positional", "option", "switch", "file"};
  return kind < 4 ? words[kind] : "option";
}

}  // namespace

control_server::~control_server() {
  close();
}

result<void> control_server::start(const std::string& path) {
  auto fail = [&](const std::string& why) {
    return error{status::unavailable, "cannot listen on the control socket " + path + ": " + why};
  };
  if (path.size() >= sizeof(sockaddr_un::sun_path)) {
    return fail("the path is longer than " + std::to_string(sizeof(sockaddr_un::sun_path) - 1) +
                " bytes; set a shorter node.control in the manifest");
  }
  unlink(path.c_str());  // the data directory's lock says that no other node uses it
  uv_pipe_init(services_.loop.raw(), &socket_, 0);
  socket_.data = this;
  listening_ = true;
  path_ = path;
  const auto old_mask = umask(0177);
  const int bound = uv_pipe_bind(&socket_, path.c_str());
  umask(old_mask);
  if (bound) return fail(uv_strerror(bound));
  const int code = uv_listen(reinterpret_cast<uv_stream_t*>(&socket_), 16, [](uv_stream_t* s, int failed) {
    if (!failed) static_cast<control_server*>(s->data)->accept();
  });
  if (code) return fail(uv_strerror(code));
  return {};
}

void control_server::close() {
  if (!listening_) return;
  listening_ = false;
  connections_.each([](std::uint64_t, control_connection*& c) { c->close(); });
  uv_close(reinterpret_cast<uv_handle_t*>(&socket_), nullptr);
  services_.loop.turn(false);
  unlink(path_.c_str());
}

void control_server::accept() {
  auto* c = new control_connection(*this);
  uv_pipe_init(services_.loop.raw(), c->pipe(), 0);
  c->pipe()->data = c;
  c->id = connections_.insert(c);
  // Taken in any case: libuv looks at the socket no more while one waits to be.
  if (uv_accept(reinterpret_cast<uv_stream_t*>(&socket_), reinterpret_cast<uv_stream_t*>(c->pipe())) ||
      connections_.size() > most_connections) {
    return c->close();
  }
  c->start_reading();
}

void control_server::gone(control_connection& c) {
  connections_.erase(c.id);
  if (!c.tapping) return;
  c.tapping = false;
  bool watching = false;
  connections_.each([&](std::uint64_t, control_connection*& other) { watching = watching || other->tapping; });
  if (!watching && on_tap_change) on_tap_change(false);
}

void control_server::add_verb(const std::string& name, const std::string& help, json args, host_verb verb) {
  host_verbs_[name] = {{{"name", name}, {"help", help}, {"owner", "host"}, {"args", std::move(args)}}, std::move(verb)};
}

void control_server::add_slow_verb(const std::string& name, const std::string& help, json args, slow_verb verb) {
  add_verb(name, help, std::move(args), nullptr);
  slow_verbs_[name] = std::move(verb);
}

void control_server::cancel(generation& g) {
  std::vector<parley_verb_id> waiting;
  running_.each([&](std::uint64_t id, running_verb& r) {
    if (r.owner.of == &g) waiting.push_back(id);
  });
  for (const auto id : waiting) answer(id, status::cancelled, "the plugin is being replaced; try again");
  waiting.clear();
  operations_.each([&](std::uint64_t id, operation& o) {
    if (o.caller.of == &g) waiting.push_back(id);
  });
  for (const auto id : waiting) end(id, status::cancelled, "the plugin that asked is being replaced");
}

control_server::verb_table control_server::verbs_of(const std::vector<generation*>& generations) {
  verb_table out;
  for (auto* g : generations) {
    const auto& table = g->descriptor().verbs;
    for (std::uint32_t i = 0; i < table.count; ++i) {
      plugin_verb v{g, nullptr, {}, table_item<parley_verb>(table, i)};
      for (std::uint32_t a = 0; a < v.copy.args.count; ++a)
        v.args.push_back(table_item<parley_verb_arg>(v.copy.args, a));
      out[v.copy.name] = std::move(v);
    }
  }
  return out;
}

json control_server::describe() const {
  json all = json::array();
  for (const auto& [name, v] : host_verbs_) all.push_back(v.first);
  for (const auto& [name, v] : plugin_verbs_) {
    json args = json::array();
    for (const auto& a : v.args) {
      args.push_back({{"name", a.name}, {"kind", kind_word(a.kind)}, {"required", a.required != 0}, {"help", a.help}});
    }
    all.push_back({{"name", name}, {"help", v.copy.help}, {"owner", v.owner->name()}, {"args", std::move(args)}});
  }
  return all;
}

void control_server::request(control_connection& c, std::string_view line) {
  const auto parsed = parse_request(line);
  if (!parsed.is_object() || !parsed.contains("verb") || !parsed["verb"].is_string()) {
    return c.send(failure(status::malformed, "a request is one line: {\"verb\":\"status\",\"args\":{}}"));
  }
  const auto name = parsed["verb"].get<std::string>();
  const json args = parsed.contains("args") && parsed["args"].is_object() ? parsed["args"] : json::object();
  if (name == "tap") {
    c.tapping = true;
    if (on_tap_change) on_tap_change(true);
    return c.send({{"progress", "tapping; end it by closing the connection"}});
  }
  run({c.id, 0}, name, args);
}

void control_server::run(asker by, const std::string& name, const json& args) {
  if (auto found = slow_verbs_.find(name); found != slow_verbs_.end())
    return found->second(args, [this, by](const result<json>& outcome) { tell(by, outcome); });
  if (auto found = host_verbs_.find(name); found != host_verbs_.end()) return tell(by, found->second.second(args));
  if (auto found = plugin_verbs_.find(name); found != plugin_verbs_.end())
    return run_plugin_verb(by, found->second, args);
  std::vector<std::string> names;
  for (const auto& [n, v] : host_verbs_) names.push_back(n);
  for (const auto& [n, v] : plugin_verbs_) names.push_back(n);
  const auto near = nearest(name, names);
  tell(by, status::unknown_command,
       "there is no verb \"" + printable(name) + "\"" + (near.empty() ? "" : "; did you mean \"" + near + "\"?"));
}

void control_server::tell(asker who, const result<json>& outcome) {
  if (!outcome) return tell(who, outcome.code(), outcome.text());
  if (who.operation)
    return end(who.operation, status::ok, outcome->dump(-1, ' ', false, json::error_handler_t::replace));
  if (auto** c = connections_.find(who.connection)) (*c)->send({{"ok", true}, {"result", *outcome}});
}

void control_server::tell(asker who, status code, std::string_view text) {
  if (who.operation) return end(who.operation, code, text);
  if (auto** c = connections_.find(who.connection)) (*c)->send(failure(code, text));
}

void control_server::run_plugin_verb(asker by, const plugin_verb& v, const json& args) {
  std::vector<std::string> texts(v.args.size());
  std::vector<parley_bytes> values(v.args.size());
  for (std::size_t i = 0; i < v.args.size(); ++i) {
    const auto& a = v.args[i];
    auto found = args.find(a.name);
    if (found == args.end()) {
      if (a.required) return tell(by, status::malformed, std::string(v.copy.name) + " needs " + a.name + ": " + a.help);
      continue;
    }
    if (found->is_null() || (found->is_boolean() && !found->get<bool>())) continue;
    if (found->is_structured())
      return tell(by, status::malformed, std::string(v.copy.name) + ": " + a.name + " has to be a text");
    texts[i] = found->is_string() ? found->get<std::string>() : found->dump();
    values[i] = bytes(texts[i]);
    if (!values[i].data) values[i].data = "";
  }
  for (const auto& given : args.items()) {
    const std::string& key = given.key();
    const bool known =
        std::any_of(v.args.begin(), v.args.end(), [&](const parley_verb_arg& a) { return key == a.name; });
    if (!known) return tell(by, status::malformed, std::string(v.copy.name) + " has no argument " + printable(key));
  }
  auto [id, r] = running_.emplace();
  r.owner.take(*v.owner, pin_kind::verb, v.copy.name);
  r.by = by;
  parley_verb_call call{sizeof(parley_verb_call), static_cast<std::uint32_t>(values.size()), id, values.data()};
  const auto verdict = [&] {
    const plugin_frame frame(*v.owner, "verb");
    return static_cast<status>(v.copy.handle(v.owner->instance(), &call));
  }();
  if (verdict != status::ok && verdict != status::pending)
    answer(id, verdict, std::string(to_string(verdict)) + "; the log says more");
}

status control_server::answer(parley_verb_id id, status code, std::string_view text) {
  auto* r = running_.find(id);
  if (!r) return status::closed;
  const auto by = std::exchange(r->by, {});
  if (!by.operation && !by.connection) return status::closed;
  // The plugin frame that answers is still on the stack.
  services_.loop.defer([this, id] { running_.erase(id); });
  if (by.operation) {
    end(by.operation, code, text);
    return status::ok;
  }
  if (!connections_.find(by.connection)) return status::closed;
  if (code != status::ok) {
    tell(by, code, text);
    return status::ok;
  }
  auto parsed = json::parse(text, nullptr, false);
  if (parsed.is_discarded()) {
    tell(by, status::fault, "the plugin's answer is not JSON");
  } else {
    tell(by, result<json>(std::move(parsed)));
  }
  return status::ok;
}

status control_server::progress(parley_verb_id id, std::string_view text) {
  auto* r = running_.find(id);
  if (r && r->by.operation) return tell_progress(r->by.operation, text);
  auto** c = r ? connections_.find(r->by.connection) : nullptr;
  if (!c) return status::closed;
  (*c)->send({{"progress", std::string(text)}});
  return status::ok;
}

void control_server::tap_line(const json& line) {
  connections_.each([&](std::uint64_t, control_connection*& c) {
    if (!c->tapping) return;
    if (c->unsent() > 4 << 20) {
      ++c->lost_lines;
      return;
    }
    if (c->lost_lines) c->send({{"lost", std::exchange(c->lost_lines, 0)}});
    c->send({{"tap", line}});
  });
}

}  // namespace parley::host
