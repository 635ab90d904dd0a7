#include "tools/parleyctl/replay.hpp"

#include <poll.h>

#include <google/protobuf/descriptor.h>

#include <algorithm>
#include <chrono>
#include <iostream>
#include <map>
#include <parley/commands.hpp>
#include <stdexcept>

#include "tools/client/digest.hpp"
#include "tools/parleyctl/comparison.hpp"
#include "tools/parleyctl/node_schema.hpp"
#include "tools/parleyctl/replay_session.hpp"
#include "tools/parleyctl/table.hpp"

namespace parleyctl {

using json = nlohmann::ordered_json;
using steady = std::chrono::steady_clock;

namespace {

constexpr const char* replay_usage =
    "usage: parleyctl replay FILE [--logins FILE] [--ignore FIELD]... [--exact] [--patience MS]";
constexpr std::size_t most_shown = 50;

struct replay_wishes {
  std::string file;
  std::map<std::string, std::string> passwords;
  normalisation rules;
  std::chrono::milliseconds patience{2000};
};

std::map<std::string, std::string> read_logins(const std::string& file) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file);
  std::map<std::string, std::string> out;
  std::string line;
  while (std::getline(in, line)) {
    const auto space = line.find(' ');
    if (line.empty()) continue;
    if (space == 0 || space == std::string::npos)
      throw std::runtime_error(file + ": a line is a name, a space and a password");
    out[line.substr(0, space)] = line.substr(space + 1);
  }
  return out;
}

replay_wishes read_replay_wishes(const std::vector<std::string>& words) {
  replay_wishes w;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    if (word == "--exact") {
      w.rules.exact = true;
    } else if (word == "--logins" || word == "--ignore" || word == "--patience") {
      if (++i == words.size()) throw std::runtime_error(word + " needs a value");
      if (word == "--logins") w.passwords = read_logins(words[i]);
      if (word == "--ignore") w.rules.ignored.insert(words[i]);
      if (word == "--patience") {
        const auto ms = std::atoi(words[i].c_str());
        if (ms < 1 || ms > 600000) throw std::runtime_error("--patience takes 1 to 600000 milliseconds");
        w.patience = std::chrono::milliseconds(ms);
      }
    } else if (word.starts_with("--") || !w.file.empty()) {
      throw std::runtime_error(replay_usage);
    } else {
      w.file = word;
    }
  }
  if (w.file.empty()) throw std::runtime_error(replay_usage);
  return w;
}

class player {
 public:
  player(const replay_wishes& wishes, const schema& known, const recording& what)
      : wishes_(wishes), known_(known), recording_(what) {}

  /// Which sessions can be played, and why the others cannot.
  void connect(const std::string& address, std::uint16_t port) {
    std::map<std::uint64_t, std::string> left_out;
    for (const auto& p : recording_.pdus) {
      if (sessions_.contains(p.session) || left_out.contains(p.session)) continue;
      if (const auto why = why_not(p.session); !why.empty()) {
        left_out[p.session] = why;
        std::cerr << "session " << p.session << " is left out: " << why << "\n";
      } else {
        sessions_.emplace(p.session, replay_session(address, port));
      }
    }
    if (sessions_.empty()) throw std::runtime_error("nothing in the recording can be played");
  }

  void play() {
    for (const auto& p : recording_.pdus) {
      const auto found = sessions_.find(p.session);
      if (found == sessions_.end()) continue;
      if (!p.in) {
        found->second.expected.push_back({&p, {}});
        continue;
      }
      wait();
      learn();
      found->second.send(p.command, p.seq, body_of(p));
      ++sent_;
    }
    wait();
    settle();
    learn();
  }

  int report() {
    for (auto& [id, s] : sessions_) {
      for (const auto& e : s.expected) compare(id, s, e);
      for (const auto& g : s.got) {
        if (!g.matched) tell(id, g.command, g.seq, "was not recorded" + shown(g.command, g.body));
      }
    }
    if (differences_ > most_shown) std::cout << "and " << differences_ - most_shown << " more\n";
    std::cout << sessions_.size() << " sessions, " << sent_ << " requests, " << compared_ << " PDUs compared: "
              << (differences_ ? std::to_string(differences_) + " differ" : std::string("all the same")) << "\n";
    return differences_ ? 1 : 0;
  }

 private:
  std::string why_not(std::uint64_t session) const {
    bool logged_in = false;
    for (const auto& p : recording_.pdus) {
      if (p.session != session) continue;
      if (p.in && p.cut) return "a request of it was too long to be recorded";
      if (p.user != 0 && !logged_in) return "it was recorded from its middle, without its login";
      if (!p.in || p.command != parley::cid::login_req_userlogin) continue;
      const auto name = user_of(p);
      if (!wishes_.passwords.contains(name)) return "--logins has no password of " + safe(name);
      logged_in = true;
    }
    return {};
  }

  std::string user_of(const recorded_pdu& p) const {
    const auto login = known_.decode(p.command, p.body);
    const auto* field = login ? login->GetDescriptor()->FindFieldByName("user_name") : nullptr;
    return field ? login->GetReflection()->GetString(*login, field) : std::string();
  }

  std::string body_of(const recorded_pdu& p) const {
    if (p.command != parley::cid::login_req_userlogin) return with_new_ids(p);
    auto login = known_.decode(p.command, p.body);
    const auto* field = login ? login->GetDescriptor()->FindFieldByName("password") : nullptr;
    const auto found = wishes_.passwords.find(user_of(p));
    if (!field || found == wishes_.passwords.end()) return p.body;
    login->GetReflection()->SetString(login.get(), field, parley::client::md5_hex(found->second));
    return login->SerializePartialAsString();
  }

  /// As it was recorded where nothing in it has another id here.
  std::string with_new_ids(const recorded_pdu& p) const {
    if (wishes_.rules.exact) return p.body;
    auto message = known_.decode(p.command, p.body);
    return message && ids_.translate(*message, p.user, id_map::side::request) ? message->SerializePartialAsString()
                                                                              : p.body;
  }

  /// Finds for what was recorded what has come in its place, and takes its ids from it.
  void learn() {
    for (auto& [id, s] : sessions_) {
      for (auto& e : s.expected) {
        if (e.came) continue;
        const auto there = std::find_if(s.got.begin(), s.got.end(), [&](const received_pdu& g) {
          return !g.matched && g.command == e.pdu->command && g.seq == e.pdu->seq;
        });
        if (there == s.got.end()) continue;
        there->matched = true;
        e.came = static_cast<std::size_t>(there - s.got.begin());
        if (e.pdu->cut) continue;
        const auto was = known_.decode(e.pdu->command, e.pdu->body), is = known_.decode(there->command, there->body);
        if (was && is) ids_.learn(*was, *is, e.pdu->user);
      }
    }
  }

  /// Until every session has received as much as it had by now, or nothing comes any more.
  void wait() {
    auto deadline = steady::now() + wishes_.patience;
    for (;;) {
      bool enough = true;
      std::size_t before = 0;
      for (auto& [id, s] : sessions_) {
        before += s.got.size();
        s.read();
        enough = enough && (s.got.size() >= s.expected.size() || s.fd() < 0 || late_.contains(id));
      }
      if (enough) return;
      std::size_t after = 0;
      for (auto& [id, s] : sessions_) after += s.got.size();
      const auto now = steady::now();
      if (after > before) deadline = now + wishes_.patience;
      if (now >= deadline) {
        // It will be told as missing; the rest need not wait for it again and again.
        for (auto& [id, s] : sessions_) {
          if (s.got.size() < s.expected.size()) late_.insert(id);
        }
        return;
      }
      poll_once(std::chrono::ceil<std::chrono::milliseconds>(deadline - now));
    }
  }

  /// A little longer: what was not recorded may still come.
  void settle() {
    const auto until = steady::now() + std::chrono::milliseconds(200);
    for (auto now = steady::now(); now < until; now = steady::now()) {
      poll_once(std::chrono::ceil<std::chrono::milliseconds>(until - now));
      for (auto& [id, s] : sessions_) s.read();
    }
  }

  void poll_once(std::chrono::milliseconds time) {
    std::vector<pollfd> fds;
    for (auto& [id, s] : sessions_) {
      if (s.fd() >= 0) fds.push_back({s.fd(), POLLIN, 0});
    }
    poll(fds.data(), fds.size(), static_cast<int>(time.count()));
  }

  void compare(std::uint64_t id, const replay_session& s, const expected_pdu& expected) {
    ++compared_;
    const auto& e = *expected.pdu;
    if (!expected.came) return tell(id, e.command, e.seq, "is missing" + shown(e.command, e.body));
    const auto& body = s.got[*expected.came].body;
    if (e.cut) {
      if (body.size() == e.cut) return;
      tell(id, e.command, e.seq,
           "recorded " + std::to_string(e.cut) + " bytes, replayed " + std::to_string(body.size()));
    } else if (const auto differs = difference(known_, wishes_.rules, ids_, e, body)) {
      tell(id, e.command, e.seq, "differs\n    " + *differs);
    }
  }

  std::string shown(std::uint16_t command, const std::string& body) const {
    const auto message = known_.decode(command, body);
    if (!message) return "\n    " + std::to_string(body.size()) + " bytes";
    blank_secrets(*message);
    return "\n    { " + one_line(*message) + "}";
  }

  void tell(std::uint64_t session, std::uint16_t command, std::uint16_t seq, const std::string& what) {
    if (++differences_ > most_shown) return;
    char head[64];
    std::snprintf(head, sizeof head, "session %llu 0x%04x seq %u ", static_cast<unsigned long long>(session), command,
                  seq);
    const auto name = known_.name(command);
    std::cout << head << (name.empty() ? "" : name + " ") << what << "\n";
  }

  const replay_wishes& wishes_;
  const schema& known_;
  const recording& recording_;
  std::map<std::uint64_t, replay_session> sessions_;
  id_map ids_;
  std::set<std::uint64_t> late_;
  std::size_t sent_ = 0, compared_ = 0, differences_ = 0;
};

}  // namespace

int replay(const std::string& socket, const std::string& protoset, const std::vector<std::string>& words) {
  const auto wishes = read_replay_wishes(words);
  const auto what = read_recording(wishes.file);
  if (what.lost)
    std::cerr << "parleyctl: " << what.lost << " PDUs are not in this recording: differences may come from that\n";
  const auto known = schema_of_node(socket, protoset);
  const auto status =
      control_client(socket).request("status", json::object(), [](const json&) {}).value("result", json::object());
  for (const auto& listener : status.value("listeners", json::array())) {
    if (listener.value("kind", std::string()) != "pdu") continue;
    player p(wishes, known, what);
    p.connect(listener.value("address", std::string()), listener.value("port", std::uint16_t{0}));
    p.play();
    return p.report();
  }
  throw std::runtime_error("the node has no PDU listener");
}

}  // namespace parleyctl
