#include "client/media.hpp"

#include <fcntl.h>
#include <unistd.h>
#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <nlohmann/json.hpp>
#include <utility>

#include "client/file_name.hpp"
#include "client/printable.hpp"

namespace parley::client {
namespace {

constexpr std::uint32_t looked_at = 16;

/// Removes the unfinished file, unless it was given a name.
struct part_file {
  std::string path;
  descriptor file;
  ~part_file() {
    if (!path.empty()) unlink(path.c_str());
  }
};

error says(const http_answer& answer) {
  const std::string text = shortened(printable(answer.body), 100);
  return {failure::refused, "HTTP " + std::to_string(answer.status) + (text.empty() ? "" : ": " + text),
          static_cast<std::uint32_t>(answer.status)};
}

}  // namespace

std::string picture_text(std::string_view url) {
  return std::string(picture_begin).append(url).append(picture_end);
}

std::optional<std::string> picture_type(std::string_view first_bytes) {
  const auto begins = [&](std::string_view magic) { return first_bytes.starts_with(magic); };
  if (begins("\xff\xd8\xff")) return "image/jpeg";
  if (begins("\x89PNG\r\n\x1a\n")) return "image/png";
  if (begins("GIF87a") || begins("GIF89a")) return "image/gif";
  if (begins("BM")) return "image/bmp";
  if (begins("RIFF") && first_bytes.size() >= 12 && first_bytes.substr(8, 4) == "WEBP") return "image/webp";
  return std::nullopt;
}

result<std::string> read_upload_answer(const http_answer& answer) {
  const auto body = nlohmann::json::parse(answer.body, nullptr, false);
  if (!body.is_object() || !body.contains("error_code") || !body["error_code"].is_number_integer()) {
    return says(answer);
  }
  const auto text_of = [&](const char* key) {
    return body.contains(key) && body[key].is_string() ? body[key].get<std::string>() : std::string();
  };
  const auto code = body["error_code"].get<std::int64_t>();
  if (code != 0 || text_of("url").empty()) {
    return error{failure::refused, printable(text_of("error_msg")) + " (" + std::to_string(code) + ")",
                 static_cast<std::uint32_t>(code)};
  }
  return text_of("url");
}

std::unique_ptr<http_job> upload_media(event_loop& loop, const std::string& url, const std::string& leave,
                                       const std::shared_ptr<sent_file>& file,
                                       std::function<void(result<std::string>)> then) {
  http_request what;
  what.url = url;
  if (!leave.empty()) what.headers.push_back("X-Parley-Upload-Token: " + leave);
  what.upload = file;
  what.upload_size = file->size();
  what.upload_name = safe_file_name(base_name(file->path()));
  std::string first;
  if (const auto read = file->read(0, std::min(file->size(), looked_at), first); !read) first.clear();
  what.upload_type = picture_type(first).value_or("application/octet-stream");
  return std::make_unique<http_job>(loop, std::move(what), [then = std::move(then)](result<http_answer> answer) {
    answer ? then(read_upload_answer(*answer)) : then(answer.why());
  });
}

std::unique_ptr<http_job> download_media(event_loop& loop, const std::string& url, const std::string& wanted,
                                         std::uint64_t most, std::function<void(result<std::string>)> then) {
  const auto part = std::make_shared<part_file>();
  std::string path = wanted + ".part-XXXXXX";
  part->file = descriptor(mkostemp(path.data(), O_CLOEXEC));
  if (part->file.get() < 0) {
    then(error{failure::closed, wanted + ": " + std::strerror(errno)});
    return nullptr;
  }
  part->path = path;
  http_request what;
  what.url = url;
  what.into = part->file.get();
  what.most = most;
  return std::make_unique<http_job>(loop, std::move(what),
                                    [part, wanted, then = std::move(then)](result<http_answer> answer) {
                                      if (!answer) return then(answer.why());
                                      if (answer->status != 200)
                                        return then(error{failure::refused, "HTTP " + std::to_string(answer->status)});
                                      if (fsync(part->file.get()) != 0)
                                        return then(error{failure::closed, wanted + ": " + std::strerror(errno)});
                                      const auto kept = keep_file(part->path, wanted);
                                      if (kept) part->path.clear();
                                      then(kept);
                                    });
}

}  // namespace parley::client
