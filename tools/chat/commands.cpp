#include <algorithm>
#include <charconv>
#include <parley/commands.hpp>

#include "chat/chat.hpp"
#include "client/printable.hpp"

namespace parley::chat {
namespace {

constexpr std::uint32_t history_default = 20;
constexpr std::uint32_t history_at_opening = 10;
constexpr std::uint32_t history_most = 100;
constexpr std::size_t names_at_login = 20;

constexpr std::string_view command_help[] = {
    "/who            everybody, with those online first",
    "/groups         the groups you are in",
    "/to NAME        open the chat with NAME (or #GROUP): shows the last messages and marks them read",
    "/history [N]    the last N messages of the open chat",
    "/unread         how much is unread, and from whom",
    "/recent         the latest conversations",
    "/resend         send again what was not acknowledged; nothing arrives twice",
    "/wait SECONDS   for scripts: the next line is read that much later",
    "/quit           leave (also Ctrl-D)",
    "Anything else is sent to the open chat; // at the start sends a single /.",
};

constexpr std::string_view names[] = {"/groups", "/help", "/history", "/quit", "/recent",
                                      "/resend", "/to",   "/unread",  "/wait", "/who"};

std::uint32_t number(std::string_view text, std::uint32_t otherwise) {
  std::uint32_t value = otherwise;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::string trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return std::string(text);
}

}  // namespace

void chat::obey(const std::string& line) {
  if (line.starts_with("//")) return say(line.substr(1));
  if (!line.starts_with('/')) return trimmed(line).empty() ? void() : say(line);
  const auto space = line.find(' ');
  const std::string name = line.substr(0, space);
  const std::string rest = space == std::string::npos ? "" : trimmed(line.substr(space));
  if (name == "/who") return who();
  if (name == "/groups") return groups();
  if (name == "/to") return to(rest);
  if (name == "/history") return history(rest);
  if (name == "/unread") return unread();
  if (name == "/recent") return recent();
  if (name == "/resend") return resend();
  if (name == "/wait") return wait(rest);
  if (name == "/quit") return quit();
  if (name != "/help") view_.trouble("there is no command " + client::printable(name));
  for (const std::string_view each : command_help) view_.plain(each);
}

void chat::who() {
  ask_presence([this] {
    std::size_t offline = 0;
    for (const std::uint32_t id : directory_.people()) {
      if (directory_.online(id)) view_.plain(view_.online_mark(true) + " " + author(id));
      offline += directory_.online(id) ? 0 : 1;
    }
    if (offline > history_most) return view_.notice(std::to_string(offline) + " more are offline");
    for (const std::uint32_t id : directory_.people()) {
      if (!directory_.online(id)) view_.plain(view_.online_mark(false) + " " + author(id));
    }
  });
}

void chat::show_people() {
  std::vector<std::string> online;
  const auto people = directory_.people();
  for (const std::uint32_t id : people) {
    if (id != me_.user_id && directory_.online(id)) online.push_back(directory_.name({false, id}));
  }
  std::string line = std::to_string(people.size()) + " people, " + std::to_string(online.size()) +
                     (online.size() == 1 ? " other online" : " others online");
  for (std::size_t i = 0; i < std::min(online.size(), names_at_login); ++i) line += (i == 0 ? ": " : ", ") + online[i];
  if (online.size() > names_at_login) line += " ...";
  view_.notice(line + "; /to NAME to talk, /help for more");
}

void chat::groups() {
  if (directory_.groups().empty()) return view_.notice("no groups");
  for (const auto& [id, name] : directory_.groups()) view_.plain("#" + name + "  (#" + std::to_string(id) + ")");
}

void chat::to(const std::string& name) {
  const auto match = directory_.find(name);
  if (match.found.empty()) return view_.trouble("nobody here is called " + client::printable(name) + "; see /who");
  if (match.found.size() > 1) {
    std::string line = "more than one:";
    for (const peer& each : match.found) line += " " + directory_.name(each);
    return view_.trouble(line);
  }
  if (match.found.front() == peer{false, me_.user_id}) return view_.trouble("that is you");
  open_ = match.found.front();
  show_history(*open_, history_at_opening);
  refresh_prompt();
}

void chat::history(const std::string& count) {
  if (!open_) return view_.trouble("no chat is open; /to NAME opens one");
  show_history(*open_, std::clamp(number(count, history_default), 1u, history_most));
}

void chat::show_history(peer with, std::uint32_t count) {
  IM::Message::IMGetMsgListReq request;
  request.set_user_id(me_.user_id);
  request.set_session_type(with.type());
  request.set_session_id(with.id);
  request.set_msg_id_begin(0);
  request.set_msg_cnt(count);
  ask<IM::Message::IMGetMsgListRsp>(cid::msg_list_request, request, "history", [this, with](const auto& answer) {
    const int size = answer.msg_list_size();
    if (size == 0) return view_.title("no messages with " + directory_.name(with) + " yet");
    view_.title("last " + std::to_string(size) + " with " + directory_.name(with));
    for (int i = size; i-- > 0;) {
      const auto& each = answer.msg_list(i);
      conversations_[with].see(each.msg_id());
      view_.message(each.create_time(), place(with), author(each.from_session_id()),
                    readable(codec_, each.msg_type(), each.msg_data()), each.from_session_id() == me_.user_id);
      if (auto* const pending = outbox_.find(each.client_msg_id())) acknowledge(*pending, each.msg_id(), true);
    }
    if (with == open_) read_up_to(with, answer.msg_list(0).msg_id());
  });
}

void chat::unread() {
  IM::Message::IMUnreadMsgCntReq request;
  request.set_user_id(me_.user_id);
  ask<IM::Message::IMUnreadMsgCntRsp>(cid::msg_unread_cnt_request, request, "unread counts",
                                      [this](const auto& answer) {
                                        const std::string line = unread_line(answer, std::nullopt);
                                        view_.notice(line.empty() ? "nothing is unread" : line);
                                      });
}

void chat::recent() {
  constexpr std::size_t preview = 60;
  IM::Buddy::IMRecentContactSessionReq request;
  request.set_user_id(me_.user_id);
  request.set_latest_update_time(0);
  ask<IM::Buddy::IMRecentContactSessionRsp>(
      cid::buddy_list_recent_contact_session_request, request, "recent conversations", [this](const auto& answer) {
        if (answer.contact_session_list().empty()) view_.notice("no conversations yet");
        for (const auto& each : answer.contact_session_list()) {
          const std::string text = readable(codec_, each.latest_msg_type(), each.latest_msg_data());
          view_.plain(view_.dim(view::clock(each.updated_time())) + " " +
                      view_.bold(directory_.name(peer_of(each.session_type(), each.session_id()))) + "  " +
                      client::shortened(text, preview));
        }
      });
}

void chat::wait(const std::string& seconds) {
  pausing_ = true;
  pause_.once(1000 * static_cast<std::uint64_t>(number(seconds, 1)), [this] {
    pausing_ = false;
    pump();
  });
}

std::string chat::complete(const std::string& text) const {
  std::vector<std::string> candidates;
  std::string wanted = text;
  if (text.starts_with("/to ")) {
    candidates = directory_.names();
    wanted = text.substr(4);
  } else if (text.starts_with('/')) {
    candidates.assign(std::begin(names), std::end(names));
  }
  std::erase_if(candidates, [&](const std::string& each) { return !each.starts_with(wanted); });
  if (candidates.empty()) return "";
  if (candidates.size() == 1) return candidates.front().substr(wanted.size()) + " ";
  const auto [least, greatest] = std::ranges::minmax_element(candidates);
  const auto common = std::ranges::mismatch(*least, *greatest).in1 - least->begin();
  return least->substr(wanted.size(), static_cast<std::size_t>(common) - wanted.size());
}

}  // namespace parley::chat
