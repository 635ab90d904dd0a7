#include "chat/chat.hpp"

#include "Parley.Host.pb.h"
#include "client/printable.hpp"

namespace parley::chat {
namespace {

/// How long somebody without a terminal waits for a server that went away.
constexpr std::uint64_t script_patience_ms = 60'000;
constexpr std::uint64_t leave_patience_ms = 7000;

}  // namespace

chat::chat(client::event_loop& loop, const options& chosen)
    : loop_(loop),
      terminal_(loop, {[this](std::string line) { typed(std::move(line)); }, [this] { input_ended(); },
                       [this](const std::string& text) { return complete(text); }}),
      view_(terminal_),
      link_(loop, chosen, terminal_.interactive() ? 0 : script_patience_ms,
            {[this](const client::identity& me, bool again) { up(me, again); },
             [this](const std::string& reason, std::uint64_t retry_ms) { down(reason, retry_ms); },
             [this](const client::pdu& next) { pushed(next); },
             [this](exit_code code, const std::string& reason) { over(code, reason); }}),
      pause_(loop),
      retry_(loop),
      leave_limit_(loop),
      progress_(loop),
      files_directory_(chosen.files),
      media_url_(chosen.media) {}

int chat::run() {
  link_.start();
  loop_.run();
  return result_;
}

void chat::up(const client::identity& me, bool again) {
  me_ = me;
  again_ = again;
  welcoming_ = true;
  view_.notice((again ? "connected again as " : "logged in as ") + client::printable(me.name));
  send_unsent(me.extension_level > 0);
  requests_met_ = friend_requests_;
  invitations_met_ = invitations_;
  ask_people({});
  ask_groups({});
  ask_invitations({});
  if (me.extension_level > 0) {
    refresh_friends(again);
    ask_friend_requests({});
    if (away_) set_status(IM::BaseDefine::USER_STATUS_LEAVE, false);
  }
  ask_unread_at_login();
  offer_files_again();
  if (me.extension_level > 0) ask_waiting_files({});
  refresh_prompt();
}

void chat::down(const std::string& reason, std::uint64_t retry_ms) {
  asking_ = 0;
  welcoming_ = false;
  retry_.stop();
  outbox_.connection_lost();
  const std::uint64_t tenths = (retry_ms + 99) / 100;
  view_.trouble("connection lost (" + client::printable(reason) + "), trying again in " + std::to_string(tenths / 10) +
                "." + std::to_string(tenths % 10) + " s");
  refresh_prompt();
}

void chat::over(exit_code code, const std::string& reason) {
  const char* const what = code == exit_kicked          ? "signed out: "
                           : code == exit_login_refused ? "login refused: "
                                                        : "no connection: ";
  view_.trouble(what + client::printable(reason));
  result_ = code;
  loop_.stop();
}

void chat::typed(std::string line) {
  lines_.push_back(std::move(line));
  pump();
}

void chat::input_ended() {
  quit();
}

void chat::quit() {
  if (leaving_ && terminal_.interactive()) {
    result_ = outbox_.size() > 0 ? exit_unacknowledged : exit_fine;
    return loop_.stop();
  }
  if (!leaving_) leaving_since_ms_ = client::event_loop::now_ms();
  leaving_ = true;
  if (terminal_.interactive()) {
    if (files_.under_way() == 0) leave_limit_.once(leave_patience_ms, [this] { quit(); });
    if (outbox_.under_way() + files_.under_way() > 0)
      view_.notice("waiting for what is still under way; /quit again leaves at once");
  }
  pump();
}

void chat::pump() {
  if (files_.under_way() == 0) waiting_for_files_ = false;
  while (!lines_.empty() && ready_for_a_line()) {
    const std::string line = std::move(lines_.front());
    lines_.pop_front();
    obey(line);
  }
  if (!leaving_ || !welcomed_ || !lines_.empty() || !settled() || files_.under_way() > 0) return;
  if (outbox_.size() > 0) {
    view_.trouble(std::to_string(outbox_.size()) + " not acknowledged");
    result_ = exit_unacknowledged;
  }
  loop_.stop();
}

bool chat::ready_for_a_line() const {
  if (!welcomed_ || pausing_ || waiting_for_files_) return false;
  return terminal_.interactive() || (link_.online() && settled());
}

bool chat::settled() const {
  return asking_ == 0 && outbox_.under_way() == 0 && !pausing_;
}

void chat::asked(const char* what, const client::result<client::pdu>& answer, bool parsed) {
  const bool lost = !answer && answer.why().what == client::failure::closed;
  const bool not_offered = welcoming_ && !answer && answer.why().code == host::REFUSAL_UNKNOWN_COMMAND;
  if (!parsed && !lost && !not_offered) {
    view_.trouble(std::string(what) + ": " +
                  (answer ? "an answer that does not parse" : client::printable(answer.why().text)));
  }
  if (welcoming_ && asking_ == 0) welcome();
  pump();
}

void chat::refresh_prompt() {
  std::string text = open_ ? directory_.name(*open_) : "";
  if (!link_.online()) {
    text += text.empty() ? "(offline)" : " (offline)";
  } else if (const std::size_t count = outbox_.under_way(); count > 0) {
    text += " (sending " + std::to_string(count) + ")";
  }
  terminal_.prompt(text + progress_line() + "> ");
}

}  // namespace parley::chat
