#include "tools/parleyctl/record.hpp"

#include <algorithm>
#include <iostream>
#include <parley/commands.hpp>
#include <set>
#include <stdexcept>

#include "tools/client/base64.hpp"
#include "tools/parleyctl/node_schema.hpp"
#include "tools/parleyctl/recording.hpp"

namespace parleyctl {

using json = nlohmann::ordered_json;

namespace {

constexpr const char* record_usage = "usage: parleyctl record FILE [--session ID]... [--user ID]... [--limit 64MiB]";

struct record_wishes {
  std::string file;
  std::set<std::uint64_t> sessions, users;
  std::uint64_t limit = 64ull << 20;
};

std::uint64_t number(const std::string& option, const std::string& text, char** rest = nullptr) {
  char* end = nullptr;
  const auto value = std::strtoull(text.c_str(), &end, 0);
  if (text.empty() || text[0] == '-' || (!rest && *end != '\0'))
    throw std::runtime_error(option + " takes a number, found \"" + text + "\"");
  if (rest) *rest = end;
  return value;
}

/// "512KiB", "64MiB", "1GiB" or bytes.
std::uint64_t size(const std::string& text) {
  char* unit = nullptr;
  const auto value = number("--limit", text, &unit);
  const std::string word = unit;
  const unsigned shift = word == "GiB" ? 30 : word == "MiB" ? 20 : word == "KiB" ? 10 : 0;
  if ((shift == 0 && !word.empty() && word != "B") || value == 0 || value >> (40 - shift))
    throw std::runtime_error("--limit takes a size such as 64MiB, found \"" + text + "\"");
  return value << shift;
}

record_wishes read_record_wishes(const std::vector<std::string>& words) {
  record_wishes w;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const auto& word = words[i];
    if (!word.starts_with("--")) {
      if (!w.file.empty()) throw std::runtime_error(record_usage);
      w.file = word;
      continue;
    }
    if (word != "--session" && word != "--user" && word != "--limit")
      throw std::runtime_error("record does not know " + word + "; " + record_usage);
    if (++i == words.size()) throw std::runtime_error(word + " needs a value");
    if (word == "--limit") {
      w.limit = size(words[i]);
    } else {
      (word == "--user" ? w.users : w.sessions).insert(number(word, words[i]));
    }
  }
  if (w.file.empty()) throw std::runtime_error(record_usage);
  return w;
}

struct full {};

class recorder {
 public:
  recorder(const record_wishes& wishes, const schema& known)
      : wishes_(wishes), known_(known), out_(wishes.file, wishes.limit) {}

  void line(const json& line) {
    if (line.contains("progress"))  // from here on the node shows every PDU
      std::cerr << "recording into " << wishes_.file << ", at most " << wishes_.limit << " bytes; Ctrl-C ends it"
                << std::endl;
    if (line.contains("lost")) {
      if (!out_.add_lost(line["lost"].get<std::uint64_t>())) throw full();
      std::cerr << "parleyctl: " << line["lost"] << " PDUs were not recorded: the node sends more than this can take"
                << std::endl;
    }
    if (line.contains("tap")) take(line["tap"]);
  }
  std::size_t count() const { return count_; }

 private:
  void take(const json& t) {
    recorded_pdu p;
    const auto time = t.value("time_ms", std::uint64_t{0});
    if (!start_) start_ = time;
    p.at_ms = time - std::min(time, start_);
    p.session = t.value("session", std::uint64_t{0});
    p.user = t.value("user", std::uint64_t{0});
    p.in = t.value("in", true);
    p.command = static_cast<std::uint16_t>(t.value("command", 0u));
    p.seq = static_cast<std::uint16_t>(t.value("seq", 0u));
    p.body = parley::client::base64_decode(t.value("body", std::string())).value_or("");
    const auto size = t.value("size", std::size_t{0});
    if (p.body.size() < size) p.cut = size;
    if (!chosen(p) || !without_secrets(p)) return;
    if (!out_.add(p)) throw full();
    ++count_;
  }

  /// A user's sessions are known once they have logged in: until then each session's first PDUs wait here.
  bool chosen(const recorded_pdu& p) {
    if (wishes_.sessions.empty() && wishes_.users.empty()) return true;
    if (wishes_.sessions.contains(p.session) || wishes_.users.contains(p.user)) {
      flush(p.session);
      return true;
    }
    if (wishes_.users.empty() || p.user != 0) {
      waiting_.erase(p.session);
      return false;
    }
    auto& held = waiting_[p.session];
    recorded_pdu copy = p;
    if (held.size() < 16 && without_secrets(copy)) held.push_back(std::move(copy));
    if (waiting_.size() > 1000) waiting_.erase(waiting_.begin());
    return false;
  }

  void flush(std::uint64_t session) {
    const auto found = waiting_.find(session);
    if (found == waiting_.end()) return;
    const auto held = std::move(found->second);
    waiting_.erase(found);
    for (const auto& p : held) {
      if (!out_.add(p)) throw full();
      ++count_;
    }
  }

  bool without_secrets(recorded_pdu& p) const {
    const bool login = p.command == parley::cid::login_req_userlogin;
    if (p.cut) return true;  // no byte of it is written
    const auto message = known_.decode(p.command, p.body);
    if (!message) return !login;
    if (blank_secrets(*message)) p.body = message->SerializePartialAsString();
    return true;
  }

  const record_wishes& wishes_;
  const schema& known_;
  recording_writer out_;
  std::map<std::uint64_t, std::vector<recorded_pdu>> waiting_;
  std::uint64_t start_ = 0;
  std::size_t count_ = 0;
};

}  // namespace

int record(const std::string& socket, const std::string& protoset, const std::vector<std::string>& words) {
  const auto wishes = read_record_wishes(words);
  const auto known = schema_of_node(socket, protoset);
  control_client node(socket);
  recorder out(wishes, known);
  try {
    node.request("tap", json::object(), [&](const json& line) { out.line(line); });
  } catch (const full&) {
    std::cerr << "parleyctl: " << wishes.file << " is full: " << out.count() << " PDUs" << std::endl;
    return 0;
  } catch (const std::runtime_error& e) {
    std::cerr << "parleyctl: " << e.what() << "; " << out.count() << " PDUs are in " << wishes.file << std::endl;
  }
  return 1;
}

}  // namespace parleyctl
