#include "bench/media_traffic.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "client/event_loop.hpp"
#include "client/media.hpp"

namespace parley::bench {
namespace {

constexpr std::string_view png = "\x89PNG\r\n\x1a\n";
constexpr std::uint64_t patience_ns = 120'000'000'000;
constexpr int wait_ms = 100;
constexpr std::uint64_t look_every_ns = 100'000'000;

std::uint64_t now_ns() {
  return client::event_loop::now_ns();
}

}  // namespace

media_traffic::media_traffic(const shape& how)
    : how_(how), memory_(how.pid), multi_((curl_global_init(CURL_GLOBAL_DEFAULT), curl_multi_init())) {
  if (!how_.leave.empty()) headers_ = curl_slist_append(nullptr, ("X-Parley-Upload-Token: " + how_.leave).c_str());
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(how_.connections));
  for (std::size_t i = 0; i < how_.connections; ++i) {
    lines_.push_back(std::make_unique<line>());
    lines_.back()->all = this;
    lines_.back()->curl = curl_easy_init();
  }
}

media_traffic::~media_traffic() {
  for (const auto& one : lines_) {
    curl_multi_remove_handle(multi_, one->curl);
    curl_easy_cleanup(one->curl);
    curl_mime_free(one->form);
  }
  curl_multi_cleanup(multi_);
  curl_slist_free_all(headers_);
}

/// A PNG as far as anybody looks: its first bytes, then the pattern.
std::string media_traffic::image(std::uint32_t file, std::uint64_t offset, std::size_t size) const {
  std::string out(pattern_.at(file, offset, size));
  for (std::size_t i = 0; i < size && offset + i < png.size(); ++i) out[i] = png[offset + i];
  return out;
}

std::size_t media_traffic::took(char* data, std::size_t size, std::size_t count, void* raw) {
  line& one = *static_cast<line*>(raw);
  const std::size_t bytes = size * count;
  if (one.form) {
    one.answer.append(data, bytes);
    return bytes;
  }
  if (one.offset + bytes > one.all->how_.size ||
      one.all->image(one.file, one.offset, bytes) != std::string_view(data, bytes)) {
    one.damaged = true;
    return 0;
  }
  one.offset += bytes;
  return bytes;
}

std::size_t media_traffic::gave(char* data, std::size_t size, std::size_t count, void* raw) {
  line& one = *static_cast<line*>(raw);
  const std::size_t bytes =
      std::min<std::size_t>({size * count, one.all->how_.size - one.offset, file_pattern::largest_block});
  const std::string part = one.all->image(one.file, one.offset, bytes);
  std::memcpy(data, part.data(), bytes);
  one.offset += bytes;
  return bytes;
}

void media_traffic::ask(line& one) {
  curl_easy_reset(one.curl);
  curl_mime_free(std::exchange(one.form, nullptr));
  one.answer.clear();
  one.offset = 0;
  one.damaged = false;
  one.began_ns = now_ns();
  curl_easy_setopt(one.curl, CURLOPT_PRIVATE, &one);
  curl_easy_setopt(one.curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(one.curl, CURLOPT_PROXY, "");
  curl_easy_setopt(one.curl, CURLOPT_WRITEFUNCTION, &media_traffic::took);
  curl_easy_setopt(one.curl, CURLOPT_WRITEDATA, &one);
  uploading_ ? put(one) : get(one);
  curl_multi_add_handle(multi_, one.curl);
}

void media_traffic::get(line& one) {
  const stored& next = stored_[newest_file_++ % stored_.size()];
  one.file = next.file;
  curl_easy_setopt(one.curl, CURLOPT_URL, next.url.c_str());
}

void media_traffic::put(line& one) {
  one.file = newest_file_++;
  one.form = curl_mime_init(one.curl);
  curl_mimepart* const part = curl_mime_addpart(one.form);
  curl_mime_name(part, "file");
  curl_mime_filename(part, "bench.png");
  curl_mime_type(part, "image/png");
  curl_mime_data_cb(part, static_cast<curl_off_t>(how_.size), &media_traffic::gave, nullptr, nullptr, &one);
  curl_easy_setopt(one.curl, CURLOPT_URL, (how_.url + "/upload/").c_str());
  curl_easy_setopt(one.curl, CURLOPT_HTTPHEADER, headers_);
  curl_easy_setopt(one.curl, CURLOPT_MIMEPOST, one.form);
}

void media_traffic::answered(line& one, CURLcode done) {
  curl_multi_remove_handle(multi_, one.curl);
  long status = 0;
  curl_easy_getinfo(one.curl, CURLINFO_RESPONSE_CODE, &status);
  const std::string what = uploading_ ? "an upload" : "a download";
  if (one.damaged) return void(broken_ = "an image came back damaged");
  if (done != CURLE_OK) return void(broken_ = what + ": " + curl_easy_strerror(done));
  if (uploading_) {
    const auto there = client::read_upload_answer({status, one.answer});
    if (!there) return void(broken_ = what + ": " + there.why().text);
    if (!how_.upload) stored_.push_back({one.file, *there});
  } else if (status != 200 || one.offset != how_.size) {
    return void(broken_ = what + ": HTTP " + std::to_string(status) + ", " + std::to_string(one.offset) + " bytes");
  }
  const std::uint64_t now = now_ns();
  ++completed_;
  if (one.began_ns >= measured_from_ns_) {
    times_.add(now - one.began_ns);
    ++measured_;
  }
  if (!over_) ask(one);
}

void media_traffic::turn_until(const std::function<bool()>& finished) {
  while (!finished() && broken_.empty()) {
    int running = 0;
    curl_multi_perform(multi_, &running);
    int left = 0;
    while (const CURLMsg* const message = curl_multi_info_read(multi_, &left)) {
      line* one = nullptr;
      const CURLcode done = message->data.result;
      curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &one);
      answered(*one, done);
    }
    if (finished() || !broken_.empty()) return;
    curl_multi_poll(multi_, nullptr, 0, wait_ms, nullptr);
  }
}

bool media_traffic::prepare() {
  if (!memory_.begin()) broken_ = "there is no process " + std::to_string(how_.pid);
  if (!broken_.empty()) return false;
  if (how_.upload) return true;
  const std::uint64_t until = now_ns() + patience_ns;
  for (const auto& one : lines_) ask(*one);
  turn_until([&] { return completed_ >= how_.files || now_ns() > until; });
  over_ = true;
  if (broken_.empty() && completed_ < how_.files) broken_ = "the images were not uploaded in two minutes";
  // Those that are still under way are not needed.
  for (const auto& one : lines_) curl_multi_remove_handle(multi_, one->curl);
  return broken_.empty();
}

void media_traffic::run(std::uint64_t warmup_ms, std::uint64_t measured_ms) {
  uploading_ = how_.upload;
  over_ = false;
  completed_ = 0;
  newest_file_ = 0;
  for (const auto& one : lines_) ask(*one);
  const std::uint64_t begin = now_ns() + warmup_ms * 1'000'000;
  turn_until([&] { return now_ns() >= begin; });
  measured_from_ns_ = now_ns();
  std::uint64_t look_at = measured_from_ns_;
  turn_until([&] {
    const std::uint64_t now = now_ns();
    if (now >= look_at) memory_.look();
    if (now >= look_at) look_at = now + look_every_ns;
    return now >= measured_from_ns_ + measured_ms * 1'000'000;
  });
  measured_ns_ = now_ns() - measured_from_ns_;
}

void media_traffic::conclude(report& out) const {
  constexpr double mebibyte = 1 << 20;
  out.rate("images_per_s", measured_, measured_ns_);
  const double bytes = static_cast<double>(measured_) * static_cast<double>(how_.size);
  out.quantity("mib_per_s", bytes / mebibyte / (static_cast<double>(measured_ns_) / 1e9), "MiB/s");
  out.latency("image", times_);
  out.count("completed", completed_);
  memory_.conclude(out, how_.connections);
  if (measured_ == 0) out.fail("nothing was moved");
  if (!broken_.empty()) out.fail(broken_);
}

}  // namespace parley::bench
