#include "client/http_job.hpp"

#include <curl/curl.h>
#include <unistd.h>
#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>

namespace parley::client {
namespace {

constexpr long connect_timeout_ms = 10'000;
constexpr long silent_after_s = 30;

struct trusted {
  std::string ca;
  bool insecure = false;
};
trusted& trust() {
  static trusted one;
  return one;
}

template <class T, void (*Free)(T*)>
struct freed_by {
  void operator()(T* what) const { Free(what); }
};
using easy = std::unique_ptr<CURL, freed_by<CURL, curl_easy_cleanup>>;
using mime = std::unique_ptr<curl_mime, freed_by<curl_mime, curl_mime_free>>;
using lines = std::unique_ptr<curl_slist, freed_by<curl_slist, curl_slist_free_all>>;

}  // namespace

void trust_in_http(const std::string& ca, bool insecure) {
  trust() = {ca, insecure};
}

struct http_job::state {
  uv_work_t work{};
  http_request what;
  std::function<void(result<http_answer>)> then;
  std::atomic<bool> unwanted = false;
  http_answer answer;
  std::string trouble;
  std::uint64_t taken = 0;
  std::uint32_t given = 0;
  std::string block;

  void perform();
  void set_up(CURL* curl, curl_slist* headers);
  static std::size_t take(char* data, std::size_t size, std::size_t count, void* raw);
  static std::size_t give(char* data, std::size_t size, std::size_t count, void* raw);
};

std::size_t http_job::state::take(char* data, std::size_t size, std::size_t count, void* raw) {
  auto& me = *static_cast<state*>(raw);
  const std::size_t bytes = size * count;
  if (bytes > me.what.most - me.taken) {
    me.trouble = "the answer is too large";
    return 0;
  }
  me.taken += bytes;
  if (me.what.into < 0) {
    me.answer.body.append(data, bytes);
    return bytes;
  }
  for (std::size_t put = 0; put < bytes;) {
    const ssize_t part = write(me.what.into, data + put, bytes - put);
    if (part < 0 && errno == EINTR) continue;
    if (part < 0) {
      me.trouble = std::strerror(errno);
      return 0;
    }
    put += static_cast<std::size_t>(part);
  }
  return bytes;
}

std::size_t http_job::state::give(char* data, std::size_t size, std::size_t count, void* raw) {
  auto& me = *static_cast<state*>(raw);
  const std::uint32_t bytes =
      static_cast<std::uint32_t>(std::min<std::size_t>(size * count, me.what.upload_size - me.given));
  if (bytes == 0) return 0;
  if (const auto read = me.what.upload->read(me.given, bytes, me.block); !read) {
    me.trouble = read.why().text;
    return CURL_READFUNC_ABORT;
  }
  std::memcpy(data, me.block.data(), bytes);
  me.given += bytes;
  return bytes;
}

void http_job::state::set_up(CURL* curl, curl_slist* headers) {
  curl_easy_setopt(curl, CURLOPT_URL, what.url.c_str());
  curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
  if (!trust().ca.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, trust().ca.c_str());
  if (trust().insecure) {
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, 0L);
  }
  curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, connect_timeout_ms);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, silent_after_s);
  curl_easy_setopt(curl, CURLOPT_USERAGENT, "parley");
  curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &state::take);
  curl_easy_setopt(curl, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(curl, CURLOPT_XFERINFODATA, this);
  curl_easy_setopt(
      curl, CURLOPT_XFERINFOFUNCTION, +[](void* me, curl_off_t, curl_off_t, curl_off_t, curl_off_t) -> int {
        return static_cast<state*>(me)->unwanted ? 1 : 0;
      });
}

/// [worker]
void http_job::state::perform() {
  if (!trouble.empty() || unwanted) return;
  const easy curl(curl_easy_init());
  if (!curl) return void(trouble = "libcurl does not start");
  curl_slist* all = nullptr;
  for (const std::string& line : what.headers) all = curl_slist_append(all, line.c_str());
  const lines headers(all);
  set_up(curl.get(), headers.get());
  const mime form(what.upload ? curl_mime_init(curl.get()) : nullptr);
  if (form) {
    curl_mimepart* const part = curl_mime_addpart(form.get());
    curl_mime_name(part, "file");
    curl_mime_filename(part, what.upload_name.c_str());
    curl_mime_type(part, what.upload_type.c_str());
    curl_mime_data_cb(part, what.upload_size, &state::give, nullptr, nullptr, this);
    curl_easy_setopt(curl.get(), CURLOPT_MIMEPOST, form.get());
  }
  char reason[CURL_ERROR_SIZE]{};
  curl_easy_setopt(curl.get(), CURLOPT_ERRORBUFFER, reason);
  const CURLcode done = curl_easy_perform(curl.get());
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer.status);
  if (done != CURLE_OK && trouble.empty()) trouble = reason[0] ? reason : curl_easy_strerror(done);
}

http_job::http_job(event_loop& loop, http_request what, std::function<void(result<http_answer>)> then)
    : state_(std::make_shared<state>()) {
  static const bool started = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
  if (!started) state_->trouble = "libcurl does not start";
  state_->what = std::move(what);
  state_->then = std::move(then);
  state_->work.data = new std::shared_ptr<state>(state_);
  uv_queue_work(
      loop.uv(), &state_->work, [](uv_work_t* work) { (*static_cast<std::shared_ptr<state>*>(work->data))->perform(); },
      [](uv_work_t* work, int) {
        const std::unique_ptr<std::shared_ptr<state>> owner(static_cast<std::shared_ptr<state>*>(work->data));
        const std::shared_ptr<state> me = *owner;
        if (me->unwanted) return;
        const auto call = std::move(me->then);
        if (me->trouble.empty()) return call(std::move(me->answer));
        call(error{failure::closed, me->trouble});
      });
}

http_job::~http_job() {
  state_->unwanted = true;
}

}  // namespace parley::client
