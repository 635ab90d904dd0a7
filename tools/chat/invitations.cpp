#include <algorithm>
#include <parley/commands.hpp>

#include "chat/chat.hpp"

namespace parley::chat {
namespace {

using parley::group::Invitation;

/// Those that "#12", "#team" or "team" can mean; nothing typed means any.
std::vector<Invitation> meant_by(std::string_view typed, const std::vector<Invitation>& all) {
  if (typed.starts_with('#')) typed.remove_prefix(1);
  std::vector<Invitation> named;
  for (const auto& each : all) {
    if (std::to_string(each.group_id()) == typed) return {each};
    if (typed.empty() || each.group_name() == typed) named.push_back(each);
  }
  return named;
}

std::string group_of(const Invitation& what) {
  return "#" + client::printable(what.group_name()) + " (#" + std::to_string(what.group_id()) + ")";
}

}  // namespace

void chat::ask_invitations(std::function<void()> then) {
  if (me_.extension_level == 0) return then ? then() : void();
  ask<parley::group::InvitationsRsp>(cid::group_invitations_request, parley::group::InvitationsReq(), "invitations",
                                     [this, then](const auto& answer) {
                                       invitations_.assign(answer.invitation().begin(), answer.invitation().end());
                                       std::vector<std::uint32_t> inviters;
                                       for (const auto& each : invitations_) inviters.push_back(each.inviter_id());
                                       with_profiles(inviters, then);
                                     });
}

void chat::invited(const parley::group::InvitationNotify& notice) {
  const auto what = notice.invitation();
  std::erase_if(invitations_, [&](const auto& each) { return each.group_id() == what.group_id(); });
  invitations_.insert(invitations_.begin(), what);
  with_profiles({what.inviter_id()}, [this, what] { tell_invitation(what); });
}

void chat::tell_invitation(const parley::group::Invitation& what) {
  const std::string id = "#" + std::to_string(what.group_id());
  view_.notice(phrases_.invitation(what));
  view_.notice("/accept " + id + " or /decline " + id);
}

bool chat::group_invite(words& given) {
  const std::string typed = given.take_group();
  // The last word in quotes is the text, unless somebody is called so.
  std::string text;
  if (given.size() > 1) {
    words without = given;
    text = without.take_quoted_end();
    if (!text.empty() && directory_.find(text).found.empty()) {
      given = without;
    } else {
      text.clear();
    }
  }
  if (given.empty()) return false;
  with_group(typed, [this, text, names = given.take_all()](std::uint32_t group) {
    with_people(names, [this, text, group](const std::vector<std::uint32_t>& ids) {
      parley::group::InviteReq request;
      request.set_group_id(group);
      for (const std::uint32_t id : ids) request.add_user_id(id);
      if (!text.empty()) request.set_text(text);
      ask<parley::group::InviteRsp>(
          cid::group_invite_request, request, "nobody invited", [this, group, ids](const auto& answer) {
            const std::vector<std::uint32_t> invited(answer.user_id().begin(), answer.user_id().end());
            view_.notice("you invited " + phrases_.list(invited) + " to " + directory_.name({true, group}));
            std::vector<std::uint32_t> others = ids;
            std::erase_if(others, [&](auto id) { return std::ranges::find(invited, id) != invited.end(); });
            if (!others.empty()) view_.trouble("not invited: " + phrases_.list(others));
          });
    });
  });
  return true;
}

bool chat::invitations(words& given) {
  if (!given.empty()) return false;
  ask_invitations([this] {
    if (invitations_.empty()) view_.notice("no invitations");
    for (const auto& each : invitations_) {
      view_.plain(view_.dim(view::clock(each.created())) + " " + phrases_.invitation(each));
    }
  });
  return true;
}

bool chat::accept(words& given) {
  answer_invitation(given.rest(), true);
  return true;
}

bool chat::decline(words& given) {
  answer_invitation(given.rest(), false);
  return true;
}

void chat::answer_invitation(const std::string& typed, bool yes) {
  ask_invitations([this, typed, yes] {
    const auto meant = meant_by(typed, invitations_);
    if (meant.empty()) {
      return view_.trouble(typed.empty() ? "no invitations" : "no invitation to " + client::printable(typed));
    }
    if (meant.size() > 1) {
      std::string line = "more than one, give the number:";
      for (const auto& each : meant) line += " " + group_of(each);
      return view_.trouble(line);
    }
    const std::uint32_t group = meant.front().group_id();
    const std::string name = "#" + client::printable(meant.front().group_name());
    parley::group::AnswerInvitationReq request;
    request.set_group_id(group);
    request.set_accept(yes);
    ask<parley::group::AnswerInvitationRsp>(
        cid::group_answer_invitation_request, request, "not answered", [this, group, name](const auto& answer) {
          std::erase_if(invitations_, [&](const auto& each) { return each.group_id() == group; });
          if (!answer.accepted()) return view_.notice("you declined the invitation to " + name);
          with_group_infos({group}, [this, group] { tell_members_changed(me_.user_id, true, group, {me_.user_id}); });
        });
  });
}

}  // namespace parley::chat
