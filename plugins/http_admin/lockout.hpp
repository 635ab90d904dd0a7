// Failed sign-ins, counted per (name, address) and per address.
//
// Rationale: counted per name alone anybody could lock an admin out. A failure is counted before the password is looked
// at and taken back when it was right, so a burst gets no more guesses than a slow attacker. Names count as they were
// given: whether one exists makes no difference. Both tables are bounded and forget what was tried longest ago.
#pragma once

#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <string_view>

namespace http_admin {

/// Times are milliseconds of any clock that only goes forward. [loop]
class lockout {
 public:
  struct limits {
    std::size_t failures = 5;  ///< per name and address; ten times that per address
    std::uint64_t window_ms = 15 * 60 * 1000;
    std::size_t most = 1024;  ///< entries of each table: what a reload hands over is below its limit
  };
  explicit lockout(const limits& l) : limits_(l) {}

  /// 0: go on, it is counted as a failure now. Else milliseconds after which it may be tried again.
  std::uint64_t begin(std::string_view name, std::string_view address, std::uint64_t now_ms);
  /// It was right: forgets what begin() counted, and the pair's other failures.
  void succeeded(std::string_view name, std::string_view address);
  /// The password was not looked at: what begin() counted last is forgotten.
  void take_back(std::string_view name, std::string_view address);
  /// Whether begin() would refuse the name from some address.
  bool locked(std::string_view name, std::uint64_t now_ms) const;
  /// Forgets the failures of a name, from everywhere. False when there were none.
  bool unlock(std::string_view name);

  /// For the next generation. The clock is the same.
  std::string save() const;
  /// False, and nothing has changed, when it is malformed.
  bool restore(std::string_view state);

 private:
  struct entry {
    std::string key;
    std::list<std::uint64_t> at;  // oldest first
  };
  using table = std::list<entry>;  // what was tried last in front
  struct indexed {
    table entries;
    std::map<std::string, table::iterator, std::less<>> by_key;
  };
  entry& of(indexed& all, const std::string& key);
  std::uint64_t wait(entry& e, std::size_t most, std::uint64_t now_ms) const;
  static void drop(indexed& all, const std::string& key);

  limits limits_;
  indexed pairs_;      // "name\naddress"
  indexed addresses_;  // of IPv6 the first 64 bits
};

}  // namespace http_admin
