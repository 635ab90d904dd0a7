#include "scenario/steps.hpp"

#include <parley/commands.hpp>
#include <sstream>

#include "scenario/values.hpp"

namespace parley::scenario {

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

namespace {

int number_of(const std::string& digits, int otherwise) {
  return digits.empty() ? otherwise : std::stoi(digits);
}

std::string bytes_of(const std::string& hex) {
  std::istringstream in(hex);
  std::string out;
  for (std::string pair; in >> pair;) out.push_back(static_cast<char>(std::stoul(pair, nullptr, 16)));
  return out;
}

/// "name=dave user=@alice path=$path"
test::json arguments_of(const world& in, const std::string& text) {
  auto out = test::json::object();
  for (const auto& pair : list_of(text)) {
    const auto equals = pair.find('=');
    auto value = equals == std::string::npos ? "true" : pair.substr(equals + 1);
    if (value.starts_with('@') || value.starts_with('$')) value = in.resolve(value[0], value.substr(1));
    const bool number = !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
    out[pair.substr(0, equals)] = number ? test::json(std::stoull(value)) : test::json(value);
  }
  return out;
}

void set(const utterance& u) {
  u.in.set(u.word(1), u.word(2));
}

void make_users(const utterance& u) {
  for (const auto& name : list_of(u.word(1))) u.in.add_user(name);
}

void connect(const utterance& u) {
  u.in.connect(u.word(1));
}
void log_in(const utterance& u) {
  u.in.log_in(u.word(1), u.word(2), u.word(3));
}

void try_to_log_in(const utterance& u) {
  const auto password = u.word(4).empty() ? "" : unquote(u.word(4));
  u.in.start_login(u.word(1), u.word(2), u.word(3), password);
}

void disconnect(const utterance& u) {
  u.who().wire.close();
}
void be_closed(const utterance& u) {
  u.in.closed(u.who(), number_of(u.word(2), 3000));
}
void be_quiet(const utterance& u) {
  u.in.quiet(u.who(), number_of(u.word(2), 0));
}

void send(const utterance& u) {
  u.in.send(u.who(), u.messages.command(u.word(2)), seq_of(u.word(3)), u.what.block);
}

void receive(const utterance& u) {
  const bool eventually = !u.word(2).empty();
  u.in.receive(u.who(),
               {u.messages.command(u.word(3)), seq_of(u.word(4)), u.what.block, list_of(u.word(5)), eventually});
}

void send_bytes(const utterance& u) {
  if (!u.who().wire.send_raw(bytes_of(u.word(2)))) throw test::failure("the connection is gone");
}

void receive_bytes(const utterance& u) {
  const auto got = u.who().wire.next();
  if (!got) throw test::failure("nothing came");
  if (got->raw != bytes_of(u.word(2))) throw test::failure("other bytes: " + literal(got->raw));
}

void remember(const utterance& u) {
  if (!u.who().last) throw test::failure("nothing was received yet");
  u.in.remember(u.word(3), field_text(*u.who().last, u.word(2)));
}

void say(const utterance& u) {
  std::string fields = "from_user_id: @" + u.who().user + " to_session_id: @" + u.word(3) +
                       " msg_id: 0 create_time: 0 msg_type: MSG_TYPE_SINGLE_TEXT msg_data: text " + u.word(2);
  if (!u.word(4).empty()) fields += " client_msg_id: " + u.word(4);
  u.in.send(u.who(), cid::msg_data, seq_of(u.word(5)), fields);
}

void be_acked(const utterance& u) {
  std::string fields = "user_id: @" + u.who().user + " session_type: SESSION_TYPE_SINGLE msg_id: " + u.word(2);
  if (!u.word(4).empty()) fields += " duplicate: true";
  u.in.receive(u.who(), {cid::msg_data_ack, seq_of(u.word(3)), fields, {}, false});
}

void be_refused(const utterance& u) {
  u.in.receive(u.who(), {cid::host_refused, seq_of(u.word(3)), "code: " + u.word(2), {}, false});
}

void hear(const utterance& u) {
  std::string fields = "from_user_id: @" + u.word(3) + " msg_data: text " + u.word(2);
  if (!u.word(4).empty()) fields += " msg_id: " + u.word(4);
  u.in.receive(u.who(), {cid::msg_data, 0, fields, {"attach_data"}, false});
}

void kill_server(const utterance& u) {
  u.in.restart(true);
}
void stop_server(const utterance& u) {
  u.in.restart(false);
}
void run_verb(const utterance& u) {
  u.in.server().ask(unquote(u.word(1)), arguments_of(u.in, u.word(2)));
}

void run_sql(const utterance& u) {
  u.in.server().run_sql(u.in.expanded(unquote(u.word(1))));
}

// clang-format off
const row rows[] = {
    {"setting PARLEY_MESSAGE_RATE 5",                    R"(setting (\w+) (\S+))",                                            0, set},
    {"users alice, bob and carol",                       "users (.+)",                                                        0, make_users},
    {"alice connects",                                   "WHO connects",                                                      0, connect},
    {"alice logs in as android level 1",                 R"(WHO logs in as CLIENT)",                                          0, log_in},
    {"alice tries to log in as ios with password \"x\"", R"(WHO tries to log in as CLIENT(?: with password TEXT)?)",          0, try_to_log_in},
    {"alice disconnects",                                "WHO disconnects",                                                   0, disconnect},
    {"alice is closed within 3000 ms",                   R"(WHO is closed(?: within (\d+) ms)?)",                             0, be_closed},
    {"alice sends CID_MSG_TIME_REQUEST seq 7 { }",       "WHO sends COMMAND SEQ",                                             2, send},
    {"bob receives CID_MSG_DATA seq 0 { msg_id: 1 } without attach_data", "WHO( eventually)? receives COMMAND SEQ(?: without (.+))?", 3, receive},
    {"alice receives nothing for 200 ms",                R"(WHO receives nothing(?: for (\d+) ms)?)",                         0, be_quiet},
    {"alice sends bytes 00 00 00 10",                    "WHO sends bytes ([0-9a-fA-F ]+)",                                   0, send_bytes},
    {"alice receives bytes 00 00 00 10",                 "WHO receives bytes ([0-9a-fA-F ]+)",                                0, receive_bytes},
    {"alice remembers latest_update_time as $when",      R"(WHO remembers ([\w.]+) as \$(\w+))",                              0, remember},
    {"alice says \"hello\" to bob id \"m1\" seq 7",      R"(WHO says TEXT to (\w+)(?: id TEXT)? SEQ)",                        0, say},
    {"alice is acked 1 seq 7 again",                     R"(WHO is acked (\d+) SEQ( again)?)",                                0, be_acked},
    {"alice is refused with 8 seq 7",                    R"(WHO is refused with (\d+) SEQ)",                                  0, be_refused},
    {"bob hears \"hello\" from alice as message 1",      R"(WHO hears TEXT from (\w+)(?: as message (\d+))?)",                0, hear},
    {"the server is killed and restarted",               "the server is killed and restarted",                                0, kill_server},
    {"the server is stopped and restarted",              "the server is stopped and restarted",                               0, stop_server},
    {"the operator runs \"kick\" user=@alice",           "the operator runs TEXT(?: (.+))?",                                  0, run_verb},
    {"the database runs \"UPDATE ...\"",                 "the database runs TEXT",                                            0, run_sql},
};

const std::pair<std::string, std::string> groups[] = {
    {" SEQ", R"((?: seq (\d+))?)"},
    {"WHO", R"(([a-z]\w*(?:/\w+)?))"},
    {"TEXT", R"re(("(?:[^"\\]|\\.)*"))re"},
    {"COMMAND", R"((CID_\w+))"},
    {"GROUP", R"(group \$(\w+))"},
    {"CLIENT", R"((windows|mac|ios|android|web)(?: level (\d+))?)"},
};
// clang-format on

std::vector<sentence_form> all_forms() {
  std::vector<row> all(std::begin(rows), std::end(rows));
  for (const auto more : {group_rows(), web_rows()}) all.insert(all.end(), more.begin(), more.end());
  std::vector<sentence_form> out;
  for (const auto& each : all) {
    std::string pattern = each.pattern;
    for (const auto& [name, group] : groups) {
      for (auto at = pattern.find(name); at != std::string::npos; at = pattern.find(name, at + group.size())) {
        pattern.replace(at, name.size(), group);
      }
    }
    out.push_back({each.example, std::regex("^" + pattern + "$"), each.command, each.run});
  }
  return out;
}

}  // namespace

const sentence_form& form_of(const step& what, std::smatch& found) {
  static const auto forms = all_forms();
  for (const auto& each : forms) {
    if (std::regex_match(what.sentence, found, each.pattern)) return each;
  }
  std::string known = "no such sentence: " + what.sentence + "\nknown are, for example:";
  for (const auto& each : forms) known += "\n  " + each.example;
  throw test::failure(known);
}

}  // namespace parley::scenario
