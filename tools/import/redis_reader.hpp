// A Redis as it is read from beginning to end: blocking, nothing is written.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "host/config/redis_url.hpp"

struct redisContext;

namespace parley::teamtalk {

/// Every function throws trouble when the server does not answer or refuses.
class redis_reader {
 public:
  explicit redis_reader(const host::redis_address& address);

  /// The numbers of those that hold keys.
  std::vector<std::uint32_t> databases();
  void select(std::uint32_t database);
  /// Every key of the selected database at least once, in portions.
  void scan(const std::function<void(std::span<const std::string>)>& portion);

  using text = std::optional<std::string>;
  using fields = std::optional<std::vector<std::pair<std::string, std::string>>>;
  /// One for each key; none where it is gone or of another type.
  std::vector<text> texts(std::span<const std::string> keys);
  std::vector<fields> hashes(std::span<const std::string> keys);

 private:
  struct freed {
    void operator()(redisContext* c) const;
    void operator()(void* reply) const;
  };
  using reply_ptr = std::unique_ptr<void, freed>;
  reply_ptr ask(const std::vector<std::string>& words);
  void send(const std::vector<std::string>& words);
  reply_ptr receive();
  [[noreturn]] void lost(const std::string& why);

  std::string shown_;
  std::unique_ptr<redisContext, freed> connection_;
};

}  // namespace parley::teamtalk
