#include "arrangement.hpp"

#include <algorithm>

namespace buddy {
namespace {

using parley::sql;
using parley::status;

constexpr verdict no_friend{status::no_target, "that user is no friend of yours"};
constexpr verdict no_grouping{status::no_target, "no such grouping"};

auto with_id(std::vector<store::IMGrouping>& all, std::uint32_t id) {
  return std::find_if(all.begin(), all.end(), [id](const auto& one) { return one.grouping_id() == id; });
}
auto named(std::vector<store::IMGrouping>& all, std::string_view name) {
  return std::find_if(all.begin(), all.end(), [name](const auto& one) { return one.name() == name; });
}

/// Locks the user's list; edit(list, out) says by out.changed whether it wrote anything for list.revision + 1.
template <class Out, class Edit>
Out change(sql& db, std::uint32_t user, Edit&& edit) {
  Out out;
  db.transaction([&] {
    out = {};
    auto list = store::lock_list(db, user);
    edit(list, out);
    if (out.changed) {
      ++list.revision;
      store::save_list(db, list);
    }
    out.revision = list.revision;
  });
  return out;
}

template <class Edit>
regrouped change_groupings(sql& db, std::uint32_t user, Edit&& edit) {
  return change<regrouped>(db, user, [&](store::list& list, regrouped& out) {
    out.groupings = store::groupings(db, user);
    edit(list, out);
    if (out.changed) list.grouping_revision = list.revision + 1;
  });
}

}  // namespace

arranged remark(sql& db, two who, std::string_view text, std::uint32_t now) {
  return change<arranged>(db, who.user, [&](const store::list& list, arranged& out) {
    const auto found = store::find_friend(db, who.user, who.peer);
    if (!found) {
      out.is = no_friend;
    } else if (found->remark() != text) {
      out.changed = store::set_remark(db, who.user, who.peer, text, list.revision + 1, now);
    }
  });
}

arranged move(sql& db, two who, std::uint32_t grouping, std::uint32_t now) {
  return change<arranged>(db, who.user, [&](const store::list& list, arranged& out) {
    const auto found = store::find_friend(db, who.user, who.peer);
    auto all = store::groupings(db, who.user);
    if (!found) {
      out.is = no_friend;
    } else if (grouping != 0 && with_id(all, grouping) == all.end()) {
      out.is = no_grouping;
    } else if (found->grouping_id() != grouping) {
      out.changed = store::set_grouping(db, who.user, who.peer, grouping, list.revision + 1, now);
    }
  });
}

regrouped create_grouping(sql& db, std::uint32_t user, std::string_view name) {
  return change_groupings(db, user, [&](store::list& list, regrouped& out) {
    if (const auto found = named(out.groupings, name); found != out.groupings.end()) {
      out.grouping = found->grouping_id();
      return;
    }
    if (out.groupings.size() >= most_groupings) {
      out.is = {status::refused, "you have as many groupings as one may have"};
      return;
    }
    out.grouping = ++list.last_grouping;
    // Its own number is behind every place there is, as places are numbered from 0 by order_groupings.
    store::add_grouping(db, user, out.grouping, name, static_cast<std::uint32_t>(most_groupings) + out.grouping);
    auto& made = out.groupings.emplace_back();
    made.set_grouping_id(out.grouping);
    made.set_name(name.data(), name.size());
    out.changed = true;
  });
}

regrouped rename_grouping(sql& db, std::uint32_t user, std::uint32_t grouping, std::string_view name) {
  return change_groupings(db, user, [&](const store::list&, regrouped& out) {
    const auto found = with_id(out.groupings, grouping);
    const auto same = named(out.groupings, name);
    out.grouping = grouping;
    if (found == out.groupings.end()) {
      out.is = no_grouping;
    } else if (same != out.groupings.end() && same != found) {
      out.is = {status::not_allowed, "another grouping of yours has that name"};
    } else if (same == out.groupings.end()) {
      store::rename_grouping(db, user, grouping, name);
      found->set_name(name.data(), name.size());
      out.changed = true;
    }
  });
}

regrouped delete_grouping(sql& db, std::uint32_t user, std::uint32_t grouping, std::uint32_t now) {
  return change_groupings(db, user, [&](const store::list& list, regrouped& out) {
    out.grouping = grouping;
    const auto found = with_id(out.groupings, grouping);
    if (found == out.groupings.end()) return;
    store::delete_grouping(db, user, grouping, list.revision + 1, now);
    out.groupings.erase(found);
    out.changed = true;
  });
}

regrouped order_groupings(sql& db, std::uint32_t user, std::span<const std::uint32_t> order) {
  return change_groupings(db, user, [&](const store::list&, regrouped& out) {
    std::vector<store::IMGrouping> placed;
    for (const auto id : order) {
      const auto found = with_id(out.groupings, id);
      if (found == out.groupings.end()) break;
      out.changed |= found != out.groupings.begin();
      placed.push_back(*found);
      out.groupings.erase(found);
    }
    if (placed.size() != order.size() || !out.groupings.empty()) {
      out.changed = false;
      out.is = {status::malformed, "an order names each of your groupings once"};
      return;
    }
    out.groupings = std::move(placed);
    if (!out.changed) return;
    for (std::uint32_t i = 0; i < order.size(); ++i) store::place_grouping(db, user, order[i], i);
  });
}

}  // namespace buddy
