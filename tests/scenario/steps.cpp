#include "scenario/steps.hpp"

#include <parley/commands.hpp>
#include <sstream>

#include "scenario/values.hpp"
#include "support/database.hpp"

namespace parley::scenario {
namespace {

using words = std::smatch;

const std::string who = R"(([a-z]\w*(?:/\w+)?))";
const std::string quoted = R"re(("(?:[^"\\]|\\.)*"))re";

std::optional<std::uint16_t> seq_of(const std::string& digits) {
  if (digits.empty()) return std::nullopt;
  return static_cast<std::uint16_t>(std::stoul(digits));
}

std::vector<std::string> list_of(const std::string& text) {
  std::istringstream in(text);
  std::vector<std::string> out;
  for (std::string word; in >> word;) {
    if (word.back() == ',') word.pop_back();
    if (word != "and") out.push_back(word);
  }
  return out;
}

std::string bytes_of(const std::string& hex) {
  std::istringstream in(hex);
  std::string out;
  for (std::string pair; in >> pair;) out.push_back(static_cast<char>(std::stoul(pair, nullptr, 16)));
  return out;
}

/// "name=dave" "user=@alice"
test::json arguments_of(const world& in, const std::string& text) {
  auto out = test::json::object();
  for (const auto& pair : list_of(text)) {
    const auto equals = pair.find('=');
    auto value = equals == std::string::npos ? "true" : pair.substr(equals + 1);
    if (value.starts_with('@')) value = in.resolve('@', value.substr(1));
    const bool number = !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
    out[pair.substr(0, equals)] = number ? test::json(std::stoull(value)) : test::json(value);
  }
  return out;
}

sentence_form form(const std::string& example, const std::string& pattern, int command, decltype(sentence_form::run) run) {
  return {example, std::regex("^" + pattern + "$", std::regex::optimize), command, run};
}

void add_connection_forms(std::vector<sentence_form>& out) {
  out.push_back(form("setting PARLEY_MESSAGE_RATE 5", R"(setting (\w+) (\S+))", 0,
                     [](world& in, const schema&, const words& w, const step&) { in.set(w[1], w[2]); }));
  out.push_back(form("users alice, bob and carol", "users (.+)", 0, [](world& in, const schema&, const words& w, const step&) {
    for (const auto& name : list_of(w[1])) in.add_user(name);
  }));
  out.push_back(form("alice connects", who + " connects", 0,
                     [](world& in, const schema&, const words& w, const step&) { in.connect(w[1]); }));
  out.push_back(form("alice logs in as android level 1", who + R"( logs in as (windows|mac|ios|android)(?: level (\d+))?)", 0,
                     [](world& in, const schema&, const words& w, const step&) { in.log_in(w[1], w[2], w[3]); }));
  out.push_back(form("alice tries to log in as windows with password \"wrong\"",
                     who + R"( tries to log in as (windows|mac|ios|android)(?: level (\d+))?(?: with password )" + quoted + ")?", 0,
                     [](world& in, const schema&, const words& w, const step&) {
                       in.start_login(w[1], w[2], w[3], w[4].matched ? unquote(w[4]) : "");
                     }));
  out.push_back(form("alice disconnects", who + " disconnects", 0,
                     [](world& in, const schema&, const words& w, const step&) { in.at(w[1]).wire.close(); }));
  out.push_back(form("alice is closed within 20000 ms", who + R"( is closed(?: within (\d+) ms)?)", 0,
                     [](world& in, const schema&, const words& w, const step&) {
                       in.closed(in.at(w[1]), w[2].matched ? std::stoi(w[2]) : 3000);
                     }));
}

void add_exchange_forms(std::vector<sentence_form>& out) {
  out.push_back(form("alice sends CID_MSG_TIME_REQUEST seq 7 { }", who + R"( sends (CID_\w+)(?: seq (\d+))?)", 2,
                     [](world& in, const schema& messages, const words& w, const step& s) {
                       in.send(in.at(w[1]), messages.command(w[2]), seq_of(w[3]), s.block);
                     }));
  out.push_back(form("bob receives CID_MSG_DATA seq 0 { msg_id: 1 } without attach_data",
                     who + R"(( eventually)? receives (CID_\w+)(?: seq (\d+))?(?: without (.+))?)", 3,
                     [](world& in, const schema& messages, const words& w, const step& s) {
                       in.receive(in.at(w[1]), {messages.command(w[3]), seq_of(w[4]), s.block, list_of(w[5]), w[2].matched});
                     }));
  out.push_back(form("alice receives nothing for 200 ms", who + R"( receives nothing(?: for (\d+) ms)?)", 0,
                     [](world& in, const schema&, const words& w, const step&) {
                       in.quiet(in.at(w[1]), w[2].matched ? std::stoi(w[2]) : 0);
                     }));
  out.push_back(form("alice sends bytes 00 00 00 10", who + " sends bytes ([0-9a-fA-F ]+)", 0,
                     [](world& in, const schema&, const words& w, const step&) {
                       if (!in.at(w[1]).wire.send_raw(bytes_of(w[2]))) throw test::failure("the connection is gone");
                     }));
  out.push_back(form("alice receives bytes 00 00 00 10", who + " receives bytes ([0-9a-fA-F ]+)", 0,
                     [](world& in, const schema&, const words& w, const step&) {
                       const auto got = in.at(w[1]).wire.next();
                       if (!got) throw test::failure("nothing came");
                       if (got->raw != bytes_of(w[2])) throw test::failure("other bytes: " + literal(got->raw));
                     }));
  out.push_back(form("alice remembers latest_update_time as $when", who + R"( remembers ([\w.]+) as \$(\w+))", 0,
                     [](world& in, const schema&, const words& w, const step&) {
                       const auto& last = in.at(w[1]).last;
                       if (!last) throw test::failure("nothing was received yet");
                       in.remember(w[3], field_text(*last, w[2]));
                     }));
}

void add_message_forms(std::vector<sentence_form>& out) {
  out.push_back(form("alice says \"hello\" to bob id \"m1\" seq 7",
                     who + " says " + quoted + R"( to (\w+)(?: id )" + quoted + R"()?(?: seq (\d+))?)", 0,
                     [](world& in, const schema&, const words& w, const step&) {
                       auto& from = in.at(w[1]);
                       in.send(from, cid::msg_data, seq_of(w[5]),
                               "from_user_id: @" + from.user + " to_session_id: @" + w[3].str() +
                                   " msg_id: 0 create_time: 0 msg_type: MSG_TYPE_SINGLE_TEXT msg_data: text " + w[2].str() +
                                   (w[4].matched ? " client_msg_id: " + w[4].str() : ""));
                     }));
  out.push_back(form("alice is acked 1 seq 7 again", who + R"( is acked (\d+)(?: seq (\d+))?( again)?)", 0,
                     [](world& in, const schema&, const words& w, const step&) {
                       auto& to = in.at(w[1]);
                       in.receive(to, {cid::msg_data_ack, seq_of(w[3]),
                                       "user_id: @" + to.user + " session_type: SESSION_TYPE_SINGLE msg_id: " + w[2].str() +
                                           (w[4].matched ? " duplicate: true" : ""), {}, false});
                     }));
  out.push_back(form("alice is refused with 8 seq 7", who + R"( is refused with (\d+)(?: seq (\d+))?)", 0,
                     [](world& in, const schema&, const words& w, const step&) {
                       in.receive(in.at(w[1]), {cid::host_refused, seq_of(w[3]), "code: " + w[2].str(), {}, false});
                     }));
  out.push_back(form("bob hears \"hello\" from alice as message 1",
                     who + " hears " + quoted + R"( from (\w+)(?: as message (\d+))?)", 0,
                     [](world& in, const schema&, const words& w, const step&) {
                       in.receive(in.at(w[1]), {cid::msg_data, 0,
                                                "from_user_id: @" + w[3].str() + " msg_data: text " + w[2].str() +
                                                    (w[4].matched ? " msg_id: " + w[4].str() : ""),
                                                {"attach_data"}, false});
                     }));
}

void add_operator_forms(std::vector<sentence_form>& out) {
  out.push_back(form("the server is killed and restarted", "the server is killed and restarted", 0,
                     [](world& in, const schema&, const words&, const step&) { in.restart(true); }));
  out.push_back(form("the server is stopped and restarted", "the server is stopped and restarted", 0,
                     [](world& in, const schema&, const words&, const step&) { in.restart(false); }));
  out.push_back(form("the operator runs \"kick\" user=@alice", "the operator runs " + quoted + "(?: (.+))?", 0,
                     [](world& in, const schema&, const words& w, const step&) {
                       in.server().ask(unquote(w[1]), arguments_of(in, w[2]));
                     }));
  out.push_back(form("the database runs \"UPDATE ...\"", "the database runs " + quoted, 0,
                     [](world& in, const schema&, const words& w, const step&) {
                       test::database(test::database::find(in.server().data())).run(in.expanded(unquote(w[1])));
                     }));
}

std::vector<sentence_form> all_forms() {
  std::vector<sentence_form> out;
  add_connection_forms(out);
  add_exchange_forms(out);
  add_message_forms(out);
  add_operator_forms(out);
  return out;
}

}  // namespace

const std::vector<sentence_form>& sentence_forms() {
  static const auto forms = all_forms();
  return forms;
}

const sentence_form& form_of(const step& what, std::smatch& found) {
  for (const auto& each : sentence_forms()) {
    if (std::regex_match(what.sentence, found, each.pattern)) return each;
  }
  std::string known = "no such sentence: " + what.sentence + "\nknown are, for example:";
  for (const auto& each : sentence_forms()) known += "\n  " + each.example;
  throw test::failure(known);
}

}  // namespace parley::scenario
