// What others were told about each user, and what they are still to be told.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace route {

/// IM.BaseDefine.UserStatType.
enum class presence : std::uint8_t { online = 1, offline = 2, leave = 3 };

/// A user as others see it.
struct seen {
  presence status = presence::offline;
  bool pc = false;    // on a PC, as the user's mobile terminals are told
  bool wide = false;  // everybody was told that it is there

  bool nobody() const { return status == presence::offline && !pc; }
};

/// One user's news of one round.
struct news {
  std::uint32_t user = 0;
  presence before = presence::offline;
  bool wide = false;               // as seen, before
  std::optional<presence> status;  // when it is another than before
  std::optional<std::string> sign;
  std::optional<std::string> avatar;

  /// Whoever was told that the user came is told that it goes.
  bool for_everybody() const { return wide && status == presence::offline; }
};

/// Bounded by the users: online ones, and those with news. [loop]
class ledger {
 public:
  using looks = std::function<seen(std::uint32_t user)>;

  void touched(std::uint32_t user) { waiting(user).status = true; }
  void signature_changed(std::uint32_t user, std::string text) { waiting(user).sign = std::move(text); }
  void avatar_changed(std::uint32_t user, std::string url) { waiting(user).avatar = std::move(url); }

  /// The next news, of at most `most` users and `most_wide` for everybody, and counts them as told. Who is again what
  /// was last told is left out.
  std::vector<news> take(std::size_t most, const looks& now, std::size_t most_wide = SIZE_MAX);
  /// Everybody was told that the user is there; until it is told to be offline.
  void told_everybody(std::uint32_t user);
  /// They were not told after all.
  void put_back(std::vector<news> untold);
  bool empty() const { return order_.empty(); }
  std::size_t size() const { return order_.size(); }
  /// Whose status waits to be looked at.
  std::unordered_set<std::uint32_t> users_touched() const;

  seen told(std::uint32_t user) const;
  /// Without telling anybody.
  void set_told(std::uint32_t user, const seen& what);
  std::size_t remembered() const { return told_.size(); }

  /// At most `most` bytes: who waits, then what was told, then the texts; what does not fit is left out.
  std::string save(std::size_t most) const;
  /// False, and unchanged, when that is none. `now` stands in for what was left out of what was told.
  bool restore(std::string_view state, const std::vector<std::uint64_t>& online, const looks& now);

 private:
  struct entry {
    bool status = false;
    std::optional<std::string> sign;
    std::optional<std::string> avatar;
  };
  entry& waiting(std::uint32_t user);
  void set_status(std::uint32_t user, presence status);

  std::unordered_map<std::uint32_t, seen> told_;  // absent: nobody
  std::unordered_map<std::uint32_t, entry> waiting_;
  std::deque<std::uint32_t> order_;  // its keys
};

}  // namespace route
