// One POST at a time, by libcurl.
#pragma once

#include <cstdint>
#include <mutex>
#include <string>

namespace push {

struct delivery {
  enum class verdict : std::uint8_t { taken, refused, failed } what = verdict::failed;  // failed: worth another try
  long code = 0;  // of HTTP; 0: there was no answer
  std::uint64_t retry_after_ms = 0;
  std::string answer;   // what taken said, up to a bound
  std::string trouble;  // in words, without the url, which may hold a password
};

/// To be called before anything else of libcurl: it stays where it is when this plugin, the only one to link it, is
/// unloaded. A name that is being looked up when a request's time is over leaves a thread of libcurl's behind, which
/// ends by itself; and what libcurl and its libraries set up for the process is taken down at its exit only.
void keep_libcurl_mapped();

class courier {
 public:
  struct settings {
    std::string url;
    std::string proxy;
    std::string ca_file;
  };
  /// Throws std::invalid_argument unless the url is one of http or https.
  explicit courier(settings s);
  ~courier();
  courier(const courier&) = delete;
  courier& operator=(const courier&) = delete;

  /// [worker]
  delivery post(const std::string& delivery_id, const std::string& timestamp, const std::string& signature,
                const std::string& body);

 private:
  settings settings_;
  std::mutex one_at_a_time_;  // the pool may have more threads than it should
  void* handle_ = nullptr;    // CURL; keeps its connection for the next request
};

}  // namespace push
