#include "crash/checker/checker.hpp"

#include <algorithm>
#include <array>

#include "crash/checker/index.hpp"

namespace parley::crash {
namespace {

constexpr std::array<std::pair<promise, std::string_view>, 21> promises = {{
    {promise::lost, "lost"},
    {promise::misplaced, "misplaced"},
    {promise::renumbered, "renumbered"},
    {promise::new_again, "new_again"},
    {promise::duplicate_of_nothing, "duplicate_of_nothing"},
    {promise::out_of_order, "out_of_order"},
    {promise::doubled, "doubled"},
    {promise::invented, "invented"},
    {promise::gap, "gap"},
    {promise::time_went_back, "time_went_back"},
    {promise::readers_disagree, "readers_disagree"},
    {promise::vanished, "vanished"},
    {promise::page_with_hole, "page_with_hole"},
    {promise::stale_page, "stale_page"},
    {promise::pushed_unknown, "pushed_unknown"},
    {promise::pushed_otherwise, "pushed_otherwise"},
    {promise::pushed_out_of_order, "pushed_out_of_order"},
    {promise::pushed_twice, "pushed_twice"},
    {promise::unread_wrong, "unread_wrong"},
    {promise::position_lost, "position_lost"},
    {promise::stranger, "stranger"},
}};

void count_lines(const history& of, verdict_counts& out) {
  for (const auto& who : of.terminals) {
    for (const auto& one : who.lines) {
      switch (one.kind) {
        case what::send:
          ++out.sends;
          break;
        case what::ack:
          ++out.acks;
          break;
        case what::refuse:
          ++out.refusals;
          break;
        case what::push:
          ++out.pushes;
          out.group_pushes += one.with.group;
          break;
        case what::page:
          ++out.pages;
          break;
        case what::page_message:
          ++out.page_messages;
          break;
        case what::read:
          ++out.reads;
          break;
        case what::unread:
          ++out.unreads;
          break;
        case what::read_notice:
          break;
      }
    }
  }
}

void count_messages(const index& of, verdict_counts& out) {
  for (const auto& [key, story] : of.messages) {
    if (story.sends.empty()) continue;
    out.resends += story.sends.size() - 1;
    out.unacked += story.acks.empty();
  }
  out.conversations = of.finals.size();
  for (const auto& [where, ids] : of.finals) {
    out.messages += ids.size();
    if (!where.group) continue;
    ++out.groups;
    out.group_messages += ids.size();
  }
}

}  // namespace

std::string_view name_of(promise which) {
  return promises[static_cast<std::size_t>(which)].second;
}

const promise* find_promise(std::string_view name) {
  const auto found =
      std::find_if(promises.begin(), promises.end(), [&](const auto& one) { return one.second == name; });
  return found == promises.end() ? nullptr : &found->first;
}

std::vector<std::string_view> promise_names() {
  std::vector<std::string_view> out;
  for (const auto& one : promises) out.push_back(one.second);
  return out;
}

report check(const history& of) {
  report out;
  const index ordered(of);
  findings found(out);
  check_acks(ordered, found);
  check_resends(ordered, found);
  check_origin(ordered, found);
  check_numbers(ordered, found);
  check_sender_order(of, found);
  check_pages(of, ordered, found);
  check_pushes(of, ordered, found);
  check_positions(of, ordered, found);
  check_strangers(of, ordered, found);
  count_lines(of, out.counts);
  count_messages(ordered, out.counts);
  return out;
}

}  // namespace parley::crash
