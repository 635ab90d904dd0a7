#include "crash/outcome.hpp"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace parley::crash {
namespace {

using json_value = nlohmann::ordered_json;

std::uint64_t percentile(std::vector<std::uint64_t> all, std::size_t percent) {
  if (all.empty()) return 0;
  std::sort(all.begin(), all.end());
  return all[std::min(all.size() - 1, all.size() * percent / 100)];
}

std::string again(const options& o, const episode_result& one) {
  std::string out = "crash-check --seed " + std::to_string(one.seed) + " --episodes 1 --rounds " +
                    std::to_string(o.rounds) + " --clients " + std::to_string(o.clients) + " --database " +
                    std::string(name_of(one.database));
  if (o.edges > 0) {
    out += " --cluster " + std::to_string(o.edges) + "x" + std::to_string(o.nodes - o.edges);
  } else if (o.nodes > 1) {
    out += " --nodes " + std::to_string(o.nodes);
  }
  if (o.resume_ms > 0) out += " --resume " + std::to_string(o.resume_ms);
  for (std::size_t i = 0; i < o.faults.size(); ++i) {
    out += (i == 0 ? " --faults " : ",") + std::string(kind_of(o.faults[i]).name);
  }
  return out;
}

json_value to_json(const verdict_counts& c) {
  return {{"sends", c.sends},
          {"resends", c.resends},
          {"acks", c.acks},
          {"unacked", c.unacked},
          {"refusals", c.refusals},
          {"pushes", c.pushes},
          {"pages", c.pages},
          {"page_messages", c.page_messages},
          {"reads", c.reads},
          {"unread_counts", c.unreads},
          {"messages", c.messages},
          {"group_messages", c.group_messages},
          {"group_pushes", c.group_pushes},
          {"conversations", c.conversations},
          {"groups", c.groups}};
}

json_value to_json(const std::map<promise, std::size_t>& counts) {
  json_value out = json_value::object();
  for (const auto& [which, count] : counts) out[std::string(name_of(which))] = count;
  return out;
}

json_value to_json(const episode_result& one) {
  json_value violations = json_value::array();
  for (const auto& v : one.judged.violations) {
    violations.push_back({{"promise", name_of(v.which)}, {"text", v.text}, {"evidence", v.evidence}});
  }
  return {{"seed", one.seed},
          {"database", name_of(one.database)},
          {"acked", one.acked},
          {"dropped", one.dropped},
          {"counts", to_json(one.judged.counts)},
          {"broken", to_json(one.judged.violation_counts)},
          {"broken_in_groups", to_json(one.judged.group_counts)},
          {"violations", violations},
          {"complaints", one.complaints}};
}

}  // namespace

std::string outcome::describe(const options& o, const episode_result& one) {
  std::string out;
  for (const auto& v : one.judged.violations) {
    out += "BROKEN " + std::string(name_of(v.which)) + ": " + v.text + "\n";
    for (const auto& line : v.evidence) out += "    " + line + "\n";
  }
  for (const auto& [which, count] : one.judged.violation_counts) {
    const auto grouped = one.judged.group_counts.find(which);
    out += "  " + std::to_string(count) + " times " + std::string(name_of(which)) + ", of them " +
           std::to_string(grouped == one.judged.group_counts.end() ? 0 : grouped->second) + " in groups\n";
  }
  for (const auto& text : one.complaints) out += "BROKEN: " + text + "\n";
  if (!out.empty()) out += "again with: " + again(o, one) + "\n";
  if (!out.empty() && !one.log_end.empty()) out += "---- the end of the log\n" + one.log_end + "\n----\n";
  return out;
}

std::map<fault, struck> outcome::faults() const {
  std::map<fault, struck> out;
  for (const auto& one : episodes_) {
    for (const auto& [which, did] : one.faults) {
      auto& sum = out[which];
      sum.times += did.times;
      sum.bites += did.bites;
      sum.healed_ms.insert(sum.healed_ms.end(), did.healed_ms.begin(), did.healed_ms.end());
      sum.silent_ms.insert(sum.silent_ms.end(), did.silent_ms.begin(), did.silent_ms.end());
    }
  }
  return out;
}

verdict_counts outcome::counts() const {
  verdict_counts out;
  for (const auto& one : episodes_) {
    const auto& c = one.judged.counts;
    out.sends += c.sends;
    out.acks += c.acks;
    out.refusals += c.refusals;
    out.pushes += c.pushes;
    out.pages += c.pages;
    out.page_messages += c.page_messages;
    out.reads += c.reads;
    out.unreads += c.unreads;
    out.messages += c.messages;
    out.group_messages += c.group_messages;
    out.group_pushes += c.group_pushes;
    out.groups += c.groups;
    out.conversations += c.conversations;
    out.resends += c.resends;
    out.unacked += c.unacked;
  }
  return out;
}

std::size_t outcome::broken() const {
  return static_cast<std::size_t>(
      std::count_if(episodes_.begin(), episodes_.end(), [](const auto& one) { return one.broken(); }));
}

bool outcome::found_what_it_must() const {
  return std::any_of(episodes_.begin(), episodes_.end(), [&](const episode_result& one) {
    return std::any_of(options_.must_find.begin(), options_.must_find.end(),
                       [&](promise which) { return one.judged.violation_counts.contains(which); });
  });
}

std::string outcome::proved_nothing() const {
  const auto c = counts();
  if (c.messages == 0) return "no message was stored";
  if (c.group_messages == 0) return "no message was stored in a group";
  if (c.group_pushes == 0) return "no message of a group was pushed";
  for (const auto& [which, did] : faults()) {
    if (did.bites == 0) return std::string(kind_of(which).name) + " never bit";
  }
  return {};
}

int outcome::status() const {
  if (!options_.must_find.empty()) return found_what_it_must() ? 0 : 1;
  return broken() == 0 && proved_nothing().empty() ? 0 : 1;
}

std::string outcome::sentence() const {
  if (!options_.must_find.empty()) {
    std::string names;
    for (const auto which : options_.must_find) names += (names.empty() ? "" : " or ") + std::string(name_of(which));
    return (found_what_it_must() ? "FOUND, as it must: " : "NOT FOUND: ") + names;
  }
  if (broken() > 0)
    return "BROKEN in " + std::to_string(broken()) + " of " + std::to_string(episodes_.size()) + " episodes";
  if (const auto why = proved_nothing(); !why.empty()) return "PROVED NOTHING: " + why;
  return "KEPT in " + std::to_string(episodes_.size()) + (episodes_.size() == 1 ? " episode" : " episodes");
}

std::string outcome::text() const {
  std::string out;
  char row[200];
  const bool cluster = options_.edges > 0;
  std::snprintf(row, sizeof row, "%-18s %6s %14s   %s%s\n", "fault", "times", "bites",
                "ms to the next ack, median / worst", cluster ? "   longest wait of a terminal" : "");
  out += row;
  const auto both = [](const std::vector<std::uint64_t>& all) {
    return std::to_string(percentile(all, 50)) + " / " + std::to_string(percentile(all, 100));
  };
  for (const auto& [which, did] : faults()) {
    std::snprintf(row, sizeof row, "%-18s %6zu %14llu   %-34s   %s", std::string(kind_of(which).name).c_str(),
                  did.times, static_cast<unsigned long long>(did.bites), both(did.healed_ms).c_str(),
                  cluster ? both(did.silent_ms).c_str() : "");
    out += std::string(row).substr(0, std::string(row).find_last_not_of(' ') + 1) + "\n";
  }
  const auto c = counts();
  std::snprintf(row, sizeof row, "%zu messages in %zu conversations, of them %zu in %zu groups; ", c.messages,
                c.conversations, c.group_messages, c.groups);
  out += row;
  std::snprintf(row, sizeof row, "%zu sends (%zu again), %zu acks, %zu refusals, ", c.sends, c.resends, c.acks,
                c.refusals);
  out += row;
  std::snprintf(row, sizeof row, "%zu pushes (%zu of groups), %zu pages, %zu read positions\n", c.pushes,
                c.group_pushes, c.pages, c.reads);
  out += row;
  if (options_.edges > 0) {
    std::uint64_t dropped = 0;
    for (const auto& one : episodes_) dropped += one.dropped;
    out += std::to_string(dropped) + " clients lost their connection with a node that lived\n";
  }
  return out + sentence() + "\n";
}

std::string outcome::json() const {
  json_value out;
  out["verdict"] =
      status() == 0 ? (!options_.must_find.empty() ? "found" : "kept") : (broken() > 0 ? "broken" : "proved nothing");
  out["sentence"] = sentence();
  out["seed"] = options_.seed;
  out["counts"] = to_json(counts());
  out["faults"] = json_value::object();
  for (const auto& [which, did] : faults()) {
    out["faults"][std::string(kind_of(which).name)] = {{"times", did.times},
                                                       {"bites", did.bites},
                                                       {"healed_ms_median", percentile(did.healed_ms, 50)},
                                                       {"healed_ms_worst", percentile(did.healed_ms, 100)},
                                                       {"silent_ms_median", percentile(did.silent_ms, 50)},
                                                       {"silent_ms_worst", percentile(did.silent_ms, 100)}};
  }
  out["episodes"] = json_value::array();
  for (const auto& one : episodes_) out["episodes"].push_back(to_json(one));
  return out.dump(2) + "\n";
}

}  // namespace parley::crash
