// What was looked up a moment ago: whoever asks for it again needs no worker. Bounded in number and time.
#pragma once

#include <cstdint>
#include <list>
#include <string>
#include <unordered_map>

#include "lookup.hpp"

namespace msfs {

/// Files and thumbnails that were there. One that has gone since is the host's to notice, which answers 404. [loop]
class found_lately {
 public:
  /// While files are being removed nothing is remembered: what is found under their names then may be another thing.
  class removal {
   public:
    explicit removal(found_lately& all) : all_(all) {
      ++all_.removals_;
      all_.forget();
    }
    removal(const removal&) = delete;
    removal& operator=(const removal&) = delete;
    ~removal() {
      --all_.removals_;
      all_.forget();
    }

   private:
    found_lately& all_;
  };

  /// Null: it has to be looked up.
  const found* get(const std::string& path, std::uint64_t now_ms) const;
  /// Told to add(), by whoever begins to look something up.
  std::uint64_t epoch() const { return epoch_; }
  void add(const std::string& path, const found& what, std::uint64_t epoch, std::uint64_t now_ms);
  std::size_t size() const { return all_.size(); }

 private:
  struct entry {
    found what;
    std::uint64_t until_ms;
    std::list<const std::string*>::iterator place;
  };

  void forget();

  std::unordered_map<std::string, entry> all_;
  std::list<const std::string*> aging_;  // oldest first
  std::uint64_t epoch_ = 0;              // of removals
  std::uint32_t removals_ = 0;
};

}  // namespace msfs
