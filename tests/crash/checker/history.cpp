#include "crash/checker/history.hpp"

#include <array>
#include <cstdio>

namespace parley::crash {
namespace {

constexpr std::array kind_names = {"send",         "ack",  "refuse",      "push",  "page",
                                   "page_message", "read", "read_notice", "unread"};

void add(std::string& out, const char* name, std::uint64_t value) {
  if (value != 0) out += std::string(" ") + name + "=" + std::to_string(value);
}

}  // namespace

std::uint64_t hash_of(std::string_view content) {
  std::uint64_t hash = 0xcbf29ce484222325u;  // FNV-1a
  for (const char c : content) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return hash;
}

std::string describe(const terminal& who, const line& one) {
  char head[64];
  std::snprintf(head, sizeof head, "%12.6f s  ", static_cast<double>(one.at_ns) / 1e9);
  std::string out = head + who.name + " (user " + std::to_string(who.user) + ") session " +
                    std::to_string(one.session) + ": " + kind_names[static_cast<std::size_t>(one.kind)];
  add(out, one.with.group ? "group" : "peer", one.with.id);
  add(out, "author", one.author);
  if (one.kind != what::send && one.kind != what::refuse && one.kind != what::unread) {
    out += " msg_id=" + std::to_string(one.msg_id);
  }
  if (!one.client_msg_id.empty()) out += " client_msg_id=" + one.client_msg_id;
  add(out, "created", one.created);
  if (one.kind == what::page || one.kind == what::unread) out += " count=" + std::to_string(one.count);
  if (one.content != 0) {
    char hash[32];
    std::snprintf(hash, sizeof hash, " content=%016llx", static_cast<unsigned long long>(one.content));
    out += hash;
  }
  if (one.duplicate) out += " duplicate";
  if (one.final) out += " (final)";
  return out;
}

}  // namespace parley::crash
