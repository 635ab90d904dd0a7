// Groups are for their members: nobody else is shown anything of them, or heard in them.
#include "crash/checker/index.hpp"

namespace parley::crash {
namespace {

bool shows_something(const line& one) {
  switch (one.kind) {
    case what::ack:
    case what::push:
    case what::page_message:
    case what::read_notice:
      return true;
    case what::unread:
      return one.count > 0;
    default:
      return false;
  }
}

}  // namespace

void check_strangers(const history& all, const index& of, findings& out) {
  for (const auto& who : all.terminals) {
    for (const auto& one : who.lines) {
      const seen s{&who, &one};
      if (!shows_something(one) || of.belongs(s)) continue;
      out.add(promise::stranger,
              "user " + std::to_string(who.user) + " is not in " + text_of(conversation_of(s)) + ", and was told of it",
              {s});
    }
  }
  for (const auto& [where, ids] : of.finals) {
    for (const auto& [msg_id, s] : ids) {
      if (of.belongs(where, s->author)) continue;
      out.add(promise::stranger,
              "user " + std::to_string(s->author) + " is not in " + text_of(where) + ", and wrote " +
                  std::to_string(msg_id),
              {s});
    }
  }
}

}  // namespace parley::crash
