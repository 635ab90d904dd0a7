#include "crash/verify.hpp"

namespace parley::crash {
namespace {

struct stored {
  std::uint32_t author = 0;
  std::string text;
  std::string client_msg_id;
};
using conversation = std::map<std::uint32_t, stored>;  // by msg_id

class examiner {
 public:
  examiner(stage& on, const std::vector<std::unique_ptr<talker>>& talkers, std::uint16_t port)
      : stage_(on), talkers_(talkers), port_(port) {}

  summary all() {
    for (std::size_t i = 0; i < talkers_.size(); ++i) examine(i);
    return counts_;
  }

 private:
  std::size_t index_of(std::uint32_t id) const {
    return static_cast<std::size_t>(std::find(stage_.ids.begin(), stage_.ids.end(), id) - stage_.ids.begin());
  }

  conversation read(test::chat_client& who, std::uint32_t peer, const std::string& where) {
    conversation out;
    const auto latest = who.latest(peer);
    for (auto begin = latest; begin > 0; begin = begin > 100 ? begin - 100 : 0) {
      const auto page = who.history(peer, begin);
      for (const auto& m : page.msg_list()) {
        out[m.msg_id()] = {m.from_session_id(), who.decrypt(m.msg_data()), m.client_msg_id()};
      }
    }
    if (out.size() != latest || (latest > 0 && out.begin()->first != 1)) {
      stage_.complain(where + ": the newest id is " + std::to_string(latest) + ", but there are " +
                      std::to_string(out.size()) + " messages");
    }
    return out;
  }

  void examine(std::size_t index) {
    test::chat_client who;
    who.log_in(port_, stage_.names[index]);
    std::map<std::uint32_t, conversation> with;
    for (const auto neighbour : {index + 1, index + talkers_.size() - 1}) {
      const auto peer = stage_.ids[neighbour % talkers_.size()];
      if (with.contains(peer)) continue;
      const auto where = stage_.names[index] + " with " + stage_.names[neighbour % talkers_.size()];
      with[peer] = read(who, peer, where);
      expect_only_what_was_sent(where, index, index_of(peer), with[peer]);
      ++counts_.conversations;
    }
    for (const auto& m : talkers_[index]->messages()) expect_kept(m, stage_.ids[index], with[m.peer]);
    for (const auto& p : talkers_[index]->pushes()) expect_stored(p, index, with);
    ask_again(who, talkers_[index]->messages());
  }

  void expect_kept(const message& m, std::uint32_t author, const conversation& in) {
    ++counts_.messages;
    if (m.msg_id == 0) return stage_.complain(m.client_msg_id + " was never acked");
    const auto found = in.find(m.msg_id);
    if (found == in.end())
      return stage_.complain(m.client_msg_id + " was acked as " + std::to_string(m.msg_id) + " and is lost");
    if (found->second.author != author || found->second.text != m.text ||
        found->second.client_msg_id != m.client_msg_id) {
      stage_.complain(m.client_msg_id + " was acked as " + std::to_string(m.msg_id) + ", where " +
                      found->second.client_msg_id + " is stored");
    }
  }

  void expect_only_what_was_sent(const std::string& where, std::size_t a, std::size_t b, const conversation& in) {
    std::size_t sent = 0;
    for (const auto& [from, to] : {std::pair(a, b), std::pair(b, a)}) {
      for (const auto& m : talkers_[from]->messages()) sent += m.peer == stage_.ids[to];
    }
    if (sent != in.size()) {
      stage_.complain(where + ": " + std::to_string(sent) + " messages were sent, " + std::to_string(in.size()) +
                      " are stored");
    }
    std::map<std::string, std::uint32_t> by_client_id;
    for (const auto& [msg_id, m] : in) {
      const auto [first, fresh] = by_client_id.emplace(m.client_msg_id, msg_id);
      if (!fresh)
        stage_.complain(m.client_msg_id + " is stored twice, as " + std::to_string(first->second) + " and " +
                        std::to_string(msg_id));
    }
  }

  void expect_stored(const heard& p, std::size_t index, std::map<std::uint32_t, conversation>& with) {
    ++counts_.pushes;
    const auto& in = with[p.author];
    const auto found = in.find(p.msg_id);
    if (found == in.end() || found->second.text != p.text) {
      stage_.complain(stage_.names[index] + " was told message " + std::to_string(p.msg_id) + " of user " +
                      std::to_string(p.author) + ", which is not stored so");
    }
  }

  void ask_again(test::chat_client& who, const std::vector<message>& all) {
    const std::size_t step = std::max<std::size_t>(1, all.size() / 20);
    for (std::size_t i = 0; i < all.size(); i += step) {
      const auto got = who.say(all[i].peer, "other words", all[i].client_msg_id);
      ++counts_.resends_asked;
      if (!got.acked() || got.msg_id != all[i].msg_id || !got.duplicate) {
        stage_.complain("a resend of " + all[i].client_msg_id + " was not given its first ack");
      }
    }
  }

  stage& stage_;
  const std::vector<std::unique_ptr<talker>>& talkers_;
  std::uint16_t port_;
  summary counts_;
};

}  // namespace

summary verify(stage& on, const std::vector<std::unique_ptr<talker>>& talkers, std::uint16_t port) {
  return examiner(on, talkers, port).all();
}

}  // namespace parley::crash
