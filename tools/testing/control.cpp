// Control verbs, the life cycle's among them, through the control socket as parleyctl runs them.
#include <sys/socket.h>
#include <sys/un.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tools/testing/world.hpp"

namespace parley::testing {

namespace {

using control_line = nlohmann::ordered_json;

void connect_to_control(byte_stream& s, const std::string& path) {
  sockaddr_un to{};
  to.sun_family = AF_UNIX;
  path.copy(to.sun_path, sizeof to.sun_path - 1);  // the host listens there, so it fits
  s.fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (s.fd < 0 || ::connect(s.fd, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0)
    throw failure("cannot connect to " + path + ": " + std::strerror(errno));
}

/// Of the word that the host writes for it.
status status_named(std::string_view word) {
  for (parley_status s = PARLEY_OK; s < 256; ++s) {
    if (to_string(static_cast<status>(s)) == word) return static_cast<status>(s);
  }
  return status::fault;
}

/// Takes the lines that came; true once the last of them, the answer, is there.
bool take_lines(std::string& unread, verb_answer& out) {
  for (std::size_t end; (end = unread.find('\n')) != std::string::npos;) {
    const auto line = control_line::parse(unread.substr(0, end));
    unread.erase(0, end + 1);
    if (const auto told = line.find("progress"); told != line.end()) {
      out.progress.push_back(told->get<std::string>());
    } else if (const auto ok = line.find("ok"); ok != line.end()) {
      if (ok->get<bool>()) {
        out.text = line.at("result").dump();
      } else {
        out.code = status_named(line.at("code").get<std::string>());
        out.text = line.at("error").get<std::string>();
      }
      return true;
    }
  }
  return false;
}

}  // namespace

verb_answer world::verb(const std::string& name, const std::map<std::string, std::string>& args,
                        std::uint64_t patience_ms) {
  if (name == "tap") throw failure("the verb tap has no end; sessions show a test what they receive");
  byte_stream s;
  settle();
  connect_to_control(s, data + "/parleyd.sock");
  control_line request{{"verb", name}, {"args", control_line::object()}};
  for (const auto& [key, value] : args) request["args"][key] = value;
  s.to_send = request.dump() + "\n";
  const auto in_plugins = [this] {
    std::size_t count = 0;
    for (const auto* g : node_->changes().loaded()) {
      for (const auto* h = g->pins.next; h != &g->pins; h = h->next) {
        count += static_cast<const host::pin*>(h)->kind == host::pin_kind::verb;
      }
    }
    return count;
  };
  const auto before = in_plugins();  // whose patience ended
  verb_answer out;
  converse(
      s, [&] { return take_lines(s.unread, out); }, [&] { return in_plugins() > before; }, patience_ms,
      "the verb " + name);
  return out;
}

verb_answer core::verb(const std::string& name, const std::map<std::string, std::string>& args,
                       std::chrono::milliseconds patience) {
  return world_->verb(name, args, static_cast<std::uint64_t>(patience.count()));
}

verb_answer core::reload(const std::string& name, const std::string& file) {
  std::map<std::string, std::string> args{{"name", name}};
  const auto path = file.empty() ? file : std::filesystem::absolute(file).string();
  if (!path.empty()) args["file"] = path;
  auto out = world_->verb("reload", args, 0);
  if (!out || path.empty()) return out;
  for (auto& use : world_->settings.plugins) {
    if (use.name == name) use.file = path;
  }
  return out;
}

}  // namespace parley::testing
