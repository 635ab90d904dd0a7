// The sentences about groups.
#include <parley/commands.hpp>

#include "scenario/steps.hpp"

namespace parley::scenario {
namespace {

using id_set = std::set<std::uint32_t>;

id_set ids_of(const utterance& u, const std::string& names) {
  id_set out;
  for (const auto& name : list_of(names)) out.insert(u.in.id(name));
  return out;
}

/// "[1, 2]", in order of id, as the server lists them.
std::string listed(const id_set& ids) {
  std::string out = "[";
  for (const auto id : ids) out += (out.size() > 1 ? ", " : "") + std::to_string(id);
  return out + "]";
}

void make_group(const utterance& u) {
  const auto group = u.word(4);
  auto all = ids_of(u, u.word(3));
  const std::string name = "group_name: " + u.word(2);
  u.in.send(u.who(), cid::group_create_request, std::nullopt,
            "user_id: @" + u.who().user + " group_type: GROUP_TYPE_TMP group_avatar: \"\" " + name +
                " member_id_list: " + listed(all));
  all.insert(u.in.id(u.who().user));
  u.in.receive(u.who(), {cid::group_create_response,
                         u.who().last_seq,
                         "user_id: @" + u.who().user + " result_code: 0 " + name + " user_id_list: " + listed(all),
                         {},
                         false});
  u.in.remember(group, field_text(*u.who().last, "group_id"));
  u.in.members(group) = all;
  u.in.told(all, u.who(),
            {cid::group_change_member_notify,
             0,
             "user_id: @" + u.who().user + " change_type: GROUP_MODIFY_TYPE_ADD group_id: $" + group +
                 " cur_user_id_list: " + listed(all) + " chg_user_id_list: " + listed(all),
             {},
             false});
}

/// `before` and `after`: the members; everybody in either hears of it.
void tell(const utterance& u, const std::string& how, const std::string& group, const id_set& before,
          const id_set& after, const id_set& changed) {
  auto all = before;
  all.insert(after.begin(), after.end());
  u.in.members(group) = after;
  const std::string current = after.empty() ? "" : " cur_user_id_list: " + listed(after);
  u.in.told(all, u.who(),
            {cid::group_change_member_notify,
             0,
             "user_id: @" + u.who().user + " change_type: " + how + " group_id: $" + group + current +
                 " chg_user_id_list: " + listed(changed),
             {},
             false});
}

void change_members(const utterance& u) {
  const auto group = u.word(4);
  const bool adding = u.word(2) == "adds";
  const auto changed = ids_of(u, u.word(3));
  const auto before = u.in.members(group);
  auto after = before;
  for (const auto id : changed) {
    if (adding) {
      after.insert(id);
    } else {
      after.erase(id);
    }
  }
  const std::string how = adding ? "GROUP_MODIFY_TYPE_ADD" : "GROUP_MODIFY_TYPE_DEL";
  const std::string head = "user_id: @" + u.who().user + " change_type: " + how + " group_id: $" + group;
  u.in.send(u.who(), cid::group_change_member_request, std::nullopt, head + " member_id_list: " + listed(changed));
  u.in.receive(u.who(), {cid::group_change_member_response,
                         u.who().last_seq,
                         head + " result_code: 0 chg_user_id_list: " + listed(changed),
                         {},
                         false});
  tell(u, how, group, before, after, changed);
}

void leave_group(const utterance& u) {
  const auto group = u.word(2);
  const auto before = u.in.members(group);
  const id_set changed = {u.in.id(u.who().user)};
  auto after = before;
  after.erase(*changed.begin());
  u.in.send(u.who(), cid::group_leave_request, std::nullopt, "group_id: $" + group);
  u.in.receive(u.who(), {cid::group_leave_response, u.who().last_seq, "group_id: $" + group, {}, false});
  tell(u, "GROUP_MODIFY_TYPE_DEL", group, before, after, changed);
}

void say_to_group(const utterance& u) {
  std::string fields = "from_user_id: @" + u.who().user + " to_session_id: $" + u.word(3) +
                       " msg_id: 0 create_time: 0 msg_type: MSG_TYPE_GROUP_TEXT msg_data: text " + u.word(2);
  if (!u.word(4).empty()) fields += " client_msg_id: " + u.word(4);
  u.in.send(u.who(), cid::msg_data, seq_of(u.word(5)), fields);
}

void be_acked_in_group(const utterance& u) {
  std::string fields = "user_id: @" + u.who().user + " session_type: SESSION_TYPE_GROUP session_id: $" + u.word(3) +
                       " msg_id: " + u.word(2);
  if (!u.word(5).empty()) fields += " duplicate: true";
  u.in.receive(u.who(), {cid::msg_data_ack, seq_of(u.word(4)), fields, {}, false});
}

void hear_in_group(const utterance& u) {
  std::string fields = "from_user_id: @" + u.word(3) + " to_session_id: $" + u.word(4) +
                       " msg_type: MSG_TYPE_GROUP_TEXT msg_data: text " + u.word(2);
  if (!u.word(5).empty()) fields += " msg_id: " + u.word(5);
  u.in.receive(u.who(), {cid::msg_data, 0, fields, {"attach_data"}, false});
}

// clang-format off
const row about_groups[] = {
    {"alice makes group \"climbers\" with bob, carol as $g",  R"(WHO makes group TEXT with (.+) as \$(\w+))",                   0, make_group},
    {"alice adds dave to group $g",                           R"(WHO (adds) (.+) to GROUP)",                                    0, change_members},
    {"alice removes carol from group $g",                     R"(WHO (removes) (.+) from GROUP)",                               0, change_members},
    {"carol leaves group $g",                                 "WHO leaves GROUP",                                               0, leave_group},
    {"alice says \"hello\" to group $g id \"m1\" seq 7",      R"(WHO says TEXT to GROUP(?: id TEXT)? SEQ)",                     0, say_to_group},
    {"alice is acked 1 in group $g seq 7 again",              R"(WHO is acked (\d+) in GROUP SEQ( again)?)",                    0, be_acked_in_group},
    {"bob hears \"hello\" from alice in group $g as message 1", R"(WHO hears TEXT from (\w+) in GROUP(?: as message (\d+))?)",  0, hear_in_group},
};
// clang-format on

}  // namespace

std::span<const row> group_rows() {
  return about_groups;
}

}  // namespace parley::scenario
