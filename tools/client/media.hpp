#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "Parley.Files.pb.h"
#include "client/http_job.hpp"
#include "client/local_file.hpp"

namespace parley::client {

/// A picture is a text message in which its URL stands between these. Fact: proto/README.md 7.
inline constexpr std::string_view picture_begin = "&$#@~^@[{:";
inline constexpr std::string_view picture_end = ":}]&$~@#@";

std::string picture_text(std::string_view url);

/// The type of a picture by its first bytes: "image/png"; nothing for what is none.
std::optional<std::string> picture_type(std::string_view first_bytes);

/// Puts a file into the media store. `leave` is 0x0C02's, or empty where the store asks for none. `then` gets its URL.
std::unique_ptr<http_job> upload_media(event_loop& loop, const std::string& url, const std::string& leave,
                                       const std::shared_ptr<sent_file>& file,
                                       std::function<void(result<std::string>)> then);

/// Fetches a URL into the file `wanted`, of at most `most` bytes; nothing is overwritten. `then` gets the name it has.
std::unique_ptr<http_job> download_media(event_loop& loop, const std::string& url, const std::string& wanted,
                                         std::uint64_t most, std::function<void(result<std::string>)> then);

/// What the store answered to an upload: the URL, or why there is none.
result<std::string> read_upload_answer(const http_answer& answer);

}  // namespace parley::client
