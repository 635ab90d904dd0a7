#pragma once

#include <curl/curl.h>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "bench/file_pattern.hpp"
#include "bench/histogram.hpp"
#include "bench/memory.hpp"
#include "bench/report.hpp"

namespace parley::bench {

/// Images over HTTP on connections that stay, each asking for the next one when it has the last. Every byte that comes
/// back is compared. [one thread]
class media_traffic {
 public:
  struct shape {
    std::string url;    ///< of the store, without a slash at its end
    std::string leave;  ///< 0x0C02's token
    std::size_t connections;
    std::size_t size;
    std::size_t files;
    bool upload;        ///< else download
    std::uint64_t pid;  ///< of the server; 0: its memory is not looked at
  };

  explicit media_traffic(const shape& how);
  ~media_traffic();

  /// Puts the images there that are downloaded. False when that fails; see broken().
  bool prepare();
  void run(std::uint64_t warmup_ms, std::uint64_t measured_ms);
  const std::string& broken() const { return broken_; }
  void conclude(report& out) const;

 private:
  struct line {
    media_traffic* all = nullptr;
    CURL* curl = nullptr;
    curl_mime* form = nullptr;
    std::uint32_t file = 0;
    std::uint64_t offset = 0;  ///< in the image that comes or goes
    std::uint64_t began_ns = 0;
    std::string answer;  ///< to an upload
    bool damaged = false;
  };

  struct stored {
    std::uint32_t file;
    std::string url;
  };

  void ask(line& one);
  void get(line& one);
  void put(line& one);
  void turn_until(const std::function<bool()>& finished);
  void answered(line& one, CURLcode done);
  std::string image(std::uint32_t file, std::uint64_t offset, std::size_t size) const;
  static std::size_t took(char* data, std::size_t size, std::size_t count, void* raw);
  static std::size_t gave(char* data, std::size_t size, std::size_t count, void* raw);

  const shape how_;
  memory_watch memory_;
  const file_pattern pattern_;
  curl_slist* headers_ = nullptr;
  CURLM* multi_;
  std::vector<std::unique_ptr<line>> lines_;
  std::vector<stored> stored_;
  histogram times_;
  std::string broken_;
  std::uint32_t newest_file_ = 0;
  std::uint64_t completed_ = 0;
  std::uint64_t measured_ = 0;
  std::uint64_t measured_from_ns_ = UINT64_MAX;
  std::uint64_t measured_ns_ = 0;
  bool uploading_ = true;
  bool over_ = false;
};

}  // namespace parley::bench
