#include "tools/parleyctl/tap.hpp"

#include <cstdio>
#include <ctime>

#include "tools/client/base64.hpp"

namespace parleyctl {

std::string tap_line(const schema& known, const nlohmann::ordered_json& t) {
  const auto command = static_cast<std::uint16_t>(t.value("command", 0u));
  const auto time_ms = t.value("time_ms", std::uint64_t{0});
  const auto seconds = static_cast<std::time_t>(time_ms / 1000);
  std::tm local{};
  localtime_r(&seconds, &local);
  char head[160];
  std::snprintf(head, sizeof head, "%02d:%02d:%02d.%03d %s session %llx user %llu 0x%04x seq %u", local.tm_hour,
                local.tm_min, local.tm_sec, static_cast<int>(time_ms % 1000), t.value("in", true) ? ">" : "<",
                static_cast<unsigned long long>(t.value("session", std::uint64_t{0})),
                static_cast<unsigned long long>(t.value("user", std::uint64_t{0})), command, t.value("seq", 0u));
  std::string out = head;
  const auto name = known.name(command);
  const auto size = t.value("size", std::size_t{0});
  if (name.empty()) return out + " (" + std::to_string(size) + " bytes)";
  out += " " + name;
  const auto body = parley::client::base64_decode(t.value("body", std::string())).value_or("");
  if (body.size() < size) return out + " (" + std::to_string(size) + " bytes)";
  const auto message = known.decode(command, body);
  if (!message) return out + " (not decoded, " + std::to_string(size) + " bytes)";
  blank_secrets(*message);
  return out + " { " + one_line(*message) + "}";
}

}  // namespace parleyctl
