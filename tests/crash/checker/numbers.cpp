// Numbers and times within a conversation.
#include <algorithm>

#include "crash/checker/index.hpp"

namespace parley::crash {

void check_numbers(const index& of, findings& out) {
  for (const auto& [where, ids] : of.finals) {
    seen before;
    for (const auto& [msg_id, s] : ids) {
      const auto expected = before ? before->msg_id + 1 : 1;
      if (msg_id != expected) {
        out.add(promise::gap,
                text_of(where) + ": " + std::to_string(expected) + " is missing before " + std::to_string(msg_id),
                {before, s});
      }
      if (before && s->created < before->created) {
        out.add(promise::time_went_back,
                text_of(where) + ": " + std::to_string(msg_id) + " was made before " + std::to_string(before->msg_id),
                {before, s});
      }
      before = s;
    }
  }
}

void check_sender_order(const history& all, findings& out) {
  for (const auto& who : all.terminals) {
    std::map<std::pair<std::uint32_t, conversation>, std::vector<seen>> by_session;
    for (const auto& one : who.lines) {
      if (one.kind != what::ack || one.duplicate) continue;
      const seen s{&who, &one};
      by_session[{one.session, conversation_of(s)}].push_back(s);
    }
    for (auto& [key, acks] : by_session) {
      std::stable_sort(acks.begin(), acks.end(),
                       [](const seen& x, const seen& y) { return x->asked_at_ns < y->asked_at_ns; });
      const auto wrong = std::adjacent_find(acks.begin(), acks.end(),
                                            [](const seen& x, const seen& y) { return y->msg_id <= x->msg_id; });
      if (wrong == acks.end()) continue;
      out.add(promise::out_of_order,
              text_of(key.second) + ": " + (*wrong)->client_msg_id + " was sent before " +
                  (*std::next(wrong))->client_msg_id + " in one session, and is numbered behind it",
              {*wrong, *std::next(wrong)});
    }
  }
}

}  // namespace parley::crash
