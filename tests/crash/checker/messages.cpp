// Acks, resends and where messages come from: what has to be true of one message.
#include <algorithm>

#include "crash/checker/index.hpp"

namespace parley::crash {
namespace {

std::string named(const identity& key) {
  return "message " + key.id + " of user " + std::to_string(key.author) + " in " + text_of(key.where);
}

seen first(const std::vector<seen>& all) {
  return all.empty() ? seen{} : all.front();
}

/// Was this content sent under the message's name before the ack came?
bool sent_before(const message_story& story, const seen& ack, std::uint64_t content) {
  return std::any_of(story.sends.begin(), story.sends.end(),
                     [&](const seen& s) { return s->content == content && s->at_ns < ack->at_ns; });
}

}  // namespace

void check_acks(const index& of, findings& out) {
  for (const auto& [key, story] : of.messages) {
    for (const auto& ack : story.acks) {
      const auto stored = of.final_of(key.where, ack->msg_id);
      const auto under = named(key) + " was acked as " + std::to_string(ack->msg_id);
      if (!stored) {
        out.add(promise::lost, under + " and is not in history under that id",
                {first(story.sends), ack, first(story.finals)});
        break;
      }
      const bool same = stored->author == key.author && id_of(*stored.what) == key.id;
      if (!same || !sent_before(story, ack, stored->content)) {
        out.add(promise::misplaced, under + ", where history has something else", {first(story.sends), ack, stored});
        break;
      }
    }
  }
}

void check_resends(const index& of, findings& out) {
  for (const auto& [key, story] : of.messages) {
    if (key.id.front() == '#' || story.acks.empty()) continue;
    const auto& acks = story.acks;
    const auto other =
        std::find_if(acks.begin(), acks.end(), [&](const seen& s) { return s->msg_id != acks.front()->msg_id; });
    if (other != acks.end()) {
      out.add(promise::renumbered,
              named(key) + " was acked as " + std::to_string(acks.front()->msg_id) + " and as " +
                  std::to_string((*other)->msg_id),
              {first(story.sends), acks.front(), *other});
    }
    const auto earliest =
        std::min_element(acks.begin(), acks.end(), [](const seen& x, const seen& y) { return x->at_ns < y->at_ns; });
    seen fresh;
    for (const auto& ack : acks) {
      if (ack->duplicate) continue;
      if (fresh || (*earliest)->at_ns < ack->asked_at_ns) {
        out.add(promise::new_again, named(key) + " had been acked, and a resend was acked as if it were new",
                {fresh ? fresh : *earliest, ack});
        break;
      }
      fresh = ack;
    }
    const auto repeated = std::find_if(acks.begin(), acks.end(), [](const seen& s) { return s->duplicate; });
    if (story.sends.size() == 1 && repeated != acks.end()) {
      out.add(promise::duplicate_of_nothing, named(key) + " was sent once and acked as a resend",
              {first(story.sends), *repeated});
    }
  }
}

void check_origin(const index& of, findings& out) {
  for (const auto& [key, story] : of.messages) {
    if (story.finals.empty()) continue;
    const auto content_known = [&](const seen& stored) {
      return std::any_of(story.sends.begin(), story.sends.end(),
                         [&](const seen& s) { return s->content == stored->content; });
    };
    for (const auto& stored : story.finals) {
      if (content_known(stored)) continue;
      out.add(promise::invented,
              named(key) + " stands in history as " + std::to_string(stored->msg_id) + " and nobody sent it so",
              {first(story.sends), stored});
      break;
    }
    // Without a client_msg_id each send may be stored for itself; with one there is one message however often it is
    // sent.
    const auto allowed = key.id.front() == '#' ? std::max<std::size_t>(1, story.sends.size()) : 1;
    if (story.finals.size() > allowed) {
      out.add(promise::doubled,
              named(key) + " stands in history " + std::to_string(story.finals.size()) + " times and was sent " +
                  std::to_string(story.sends.size()) + " times",
              {first(story.sends), first(story.acks), story.finals[0], story.finals[1]});
    }
  }
}

}  // namespace parley::crash
