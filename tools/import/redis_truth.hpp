// What TeamTalk keeps in Redis and nowhere else, read whole.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace parley::teamtalk {

/// In memory: some 60 bytes for a value. Numbers are those of MySQL's rows; nothing here is known to be there.
struct redis_truth {
  using number = std::uint32_t;

  std::map<number, number> last_of_relation;               // msg_id_<relation>
  std::map<number, number> last_of_group;                  // group_msg_id_<group>
  std::map<std::pair<number, number>, number> unread;      // unread_<user>, by (user, peer)
  std::map<number, number> group_total;                    // <group>_im_group_msg
  std::map<std::pair<number, number>, number> group_read;  // <user>_<group>_im_user_group, by (group, user)
  std::map<number, std::map<number, number>> members;      // group_member_<group>: user and when he joined
  std::map<number, std::set<number>> shields;              // group_set_<group>: who gets no push
  std::map<std::string, std::string> devices;              // device_<user> and device_<token>

  std::uint64_t keys = 0;             // that were TeamTalk's
  std::uint64_t strange = 0;          // that were its by name, and not by content
  std::vector<std::string> examples;  // of the strange ones

  enum class kind { none, text, hash };
  /// What kind of value TeamTalk keeps under such a key. [any]
  static kind kind_of(std::string_view key);
  void take_text(std::string_view key, const std::string& value);
  void take_hash(std::string_view key, const std::vector<std::pair<std::string, std::string>>& fields);
  void take_strange(std::string_view key);
};

/// Reads all of them; a url without a database stands for every database there. Throws trouble, also when none of the
/// keys is TeamTalk's.
redis_truth read_redis(const std::vector<std::string>& urls);

/// All digits, within 32 bits.
bool read_number(std::string_view text, std::uint32_t& number);

}  // namespace parley::teamtalk
