// An answer that is a file, from the plugin's word to the last byte.
#pragma once

#include <cstdint>
#include <string>

#include "host/http/file_cache.hpp"
#include "host/http/http_connection.hpp"

namespace parley::host {

struct http_connection::transfer {
  // While it is being opened.
  std::string lines;  // of the head, the plugin's
  std::string etag;   // the plugin's, or empty

  // While it is sent.
  shared_file file;
  std::uint64_t at = 0;
  std::uint64_t end = 0;
  std::uint64_t loaded = 0;  // up to here it was read for this transfer
  bool loading = false;
  bool last = false;  // the connection ends with it
};

}  // namespace parley::host
