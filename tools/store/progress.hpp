// How far a copy has come, in the database it is made in: table copy_progress, changed in one transaction with what it
// tells of.
#pragma once

#include <cstdint>
#include <string>

#include "store/catalog.hpp"

namespace parley::store {

class progress {
 public:
  explicit progress(end& to) : to_(to) {}

  /// Makes the table, and notes what is copied; a copy of something else throws trouble.
  void begin(const std::string& source);
  /// Whether all is copied and found equal.
  bool finished();
  void finish();

  struct place {
    bool begun = false;
    bool finished = false;
    std::string position;  // reader's
    std::uint64_t rows = 0;
  };
  place of(const std::string& table_name);
  /// Within a transaction.
  void set(const std::string& table_name, const place& now);

  /// Where a test may kill the process (PARLEY_TEST_COPY_KILL=N: at the Nth of them, for this and nothing else).
  void checkpoint();

 private:
  end& to_;
  unsigned checkpoints_ = 0;
};

}  // namespace parley::store
