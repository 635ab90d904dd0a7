// The ids of a recording and what a replay got in their place: a group that was 7 is 12 here, and later requests
// say 12.
#pragma once

#include <google/protobuf/message.h>

#include <cstdint>
#include <map>
#include <string>

namespace parleyctl {

/// Fields are ids by their names: users (user_id, member_id, peer_id, owner_id ...), groups, sessions (a user or a
/// group, by session_type or msg_type beside them), messages (within their conversation), and any other name that ends
/// in _id; revisions and versions (of what their message is about), and latest_update_time. Names with _list behind
/// them, too. What a client chooses, client_msg_id, is none.
///
/// Learned from a recorded PDU and the one that came in its place, field beside field: the first pair counts, and no
/// two recorded ids become the same one, so that an answer which is really another stays a difference. Elements of
/// lists are paired by what is known of them, the rest in order.
class id_map {
 public:
  /// `user` is the recorded session's. Both are of one type.
  void learn(const google::protobuf::Message& recorded, const google::protobuf::Message& replayed, std::uint64_t user);
  /// Replaces what is known; whether anything was. Lists of ids keep their order. 0 is nothing in a request; in an
  /// answer it may be the revision of a list that nobody has changed, where here somebody has.
  enum class side { request, answer };
  bool translate(google::protobuf::Message& recorded, std::uint64_t user, side what) const;
  std::size_t size() const { return size_; }

 private:
  struct about;
  struct pairs {
    std::map<std::string, std::string> there;  // recorded -> replayed
    std::map<std::string, std::string> back;
  };
  using message = google::protobuf::Message;
  using field = google::protobuf::FieldDescriptor;

  const std::string* find(const std::string& kind, const std::string& recorded) const;
  void put(const std::string& kind, const std::string& recorded, const std::string& replayed);
  void learn(const message& was, const message& is, const about& outer);
  void learn_list(const message& was, const message& is, const field& f, const std::string& kind);
  void learn_elements(const message& was, const message& is, const field& f, const about& here);
  bool translate(message& m, const about& outer, side what) const;

  std::map<std::string, pairs> kinds_;
  std::size_t size_ = 0;
};

}  // namespace parleyctl
