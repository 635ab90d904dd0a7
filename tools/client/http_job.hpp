#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "client/event_loop.hpp"
#include "client/file_blocks.hpp"

namespace parley::client {

/// One HTTP request: a GET, or the POST of one file as multipart/form-data.
struct http_request {
  std::string url;                   ///< http or https; redirects are not followed
  std::vector<std::string> headers;  ///< "Name: value"
  std::shared_ptr<block_source> upload;
  std::uint32_t upload_size = 0;
  std::string upload_name;
  std::string upload_type;
  int into = -1;                  ///< the descriptor that the answer's body is written to; else it is kept in memory
  std::uint64_t most = 64 << 10;  ///< bytes of a body that are taken
};

/// Whom https trusts from now on, in this process: a PEM file instead of the system's, or everybody. Before the first
/// request.
void trust_in_http(const std::string& ca, bool insecure);

struct http_answer {
  long status = 0;
  std::string body;
};

/// An exchange that runs beside the loop, on one of libuv's threads. Destroying it ends it without a call.
/// [thread of the loop]
class http_job {
 public:
  /// No connection, a body that is too large, nothing for 30 s: an error with a sentence. Every status is an answer.
  http_job(event_loop& loop, http_request what, std::function<void(result<http_answer>)> then);
  ~http_job();
  http_job(const http_job&) = delete;
  http_job& operator=(const http_job&) = delete;

 private:
  struct state;
  std::shared_ptr<state> state_;  ///< libuv's thread holds it, too
};

}  // namespace parley::client
