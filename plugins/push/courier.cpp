#include "courier.hpp"

#include <curl/curl.h>
#include <dlfcn.h>

#include <algorithm>
#include <memory>
#include <stdexcept>

namespace push {
namespace {

constexpr long connect_timeout_ms = 3000;
constexpr long total_timeout_ms = 10'000;
constexpr std::size_t longest_answer = 64 << 10;

std::size_t take(char* data, std::size_t size, std::size_t count, void* raw) {
  auto& answer = *static_cast<std::string*>(raw);
  const auto bytes = size * count;
  if (answer.size() + bytes > longest_answer) return 0;
  answer.append(data, bytes);
  return bytes;
}

bool is_http(const std::string& url) {
  const std::unique_ptr<CURLU, void (*)(CURLU*)> parsed(curl_url(), curl_url_cleanup);
  if (curl_url_set(parsed.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return false;
  char* scheme = nullptr;
  if (curl_url_get(parsed.get(), CURLUPART_SCHEME, &scheme, 0) != CURLUE_OK) return false;
  const std::string word(scheme);
  curl_free(scheme);
  return word == "http" || word == "https";
}

delivery::verdict verdict_of(CURLcode done, long code) {
  if (code >= 200 && code < 300 && (done == CURLE_OK || done == CURLE_WRITE_ERROR)) return delivery::verdict::taken;
  if (done != CURLE_OK && done != CURLE_WRITE_ERROR) return delivery::verdict::failed;
  return code == 429 || code >= 500 ? delivery::verdict::failed : delivery::verdict::refused;
}

}  // namespace

void keep_libcurl_mapped() {
  if (void* library = dlopen("libcurl.so.4", RTLD_NOW | RTLD_NOLOAD | RTLD_NODELETE)) dlclose(library);
}

courier::courier(settings s) : settings_(std::move(s)) {
  if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::runtime_error("libcurl does not start");
  if (!is_http(settings_.url)) throw std::invalid_argument("url: expected http://... or https://...");
  handle_ = curl_easy_init();
  if (!handle_) throw std::runtime_error("libcurl does not start");
}

courier::~courier() {
  curl_easy_cleanup(handle_);
}

delivery courier::post(const std::string& delivery_id, const std::string& timestamp, const std::string& signature,
                       const std::string& body) {
  const std::lock_guard turn(one_at_a_time_);
  auto* curl = static_cast<CURL*>(handle_);
  curl_easy_reset(curl);
  curl_slist* lines = nullptr;
  for (const auto& line :
       {std::string("Content-Type: application/json; charset=utf-8"), std::string("Expect:"),
        "X-Parley-Delivery: " + delivery_id, "X-Parley-Timestamp: " + timestamp, "X-Parley-Signature: " + signature}) {
    lines = curl_slist_append(lines, line.c_str());
  }
  const std::unique_ptr<curl_slist, void (*)(curl_slist*)> headers(lines, curl_slist_free_all);
  delivery out;
  char trouble[CURL_ERROR_SIZE]{};
  curl_easy_setopt(curl, CURLOPT_URL, settings_.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
  curl_easy_setopt(curl, CURLOPT_PROXY, settings_.proxy.c_str());  // empty: none, whatever the environment says
  if (!settings_.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, settings_.ca_file.c_str());
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 1L);
  curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 2L);
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
  curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, total_timeout_ms);
  // A name that is still being looked up then is not waited for.
  curl_easy_setopt(curl, CURLOPT_QUICK_EXIT, 1L);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "parley-push");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(curl, CURLOPT_POST, 1L);
  curl_easy_setopt(curl, CURLOPT_POSTFIELDS, body.data());
  curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(body.size()));
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, &out.answer);
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, trouble);
  const CURLcode done = curl_easy_perform(curl);
  curl_off_t retry_after = 0;
  curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &out.code);
  curl_easy_getinfo(curl, CURLINFO_RETRY_AFTER, &retry_after);
  // The error buffer is this frame's.
  curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr);
  out.what = verdict_of(done, out.code);
  if (retry_after > 0) out.retry_after_ms = static_cast<std::uint64_t>(std::min<curl_off_t>(retry_after, 86400)) * 1000;
  if (out.what == delivery::verdict::taken) return out;
  out.answer.clear();
  out.trouble = out.code ? "HTTP " + std::to_string(out.code) : trouble[0] ? trouble : curl_easy_strerror(done);
  return out;
}

}  // namespace push
