// A name server that does not answer, played by this program's own getaddrinfo: libcurl finds it before the library's.
#include <dlfcn.h>
#include <gtest/gtest.h>
#include <netdb.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstring>
#include <mutex>

#include "courier.hpp"

namespace {

constexpr char slow_name[] = "hooks.slow.invalid";

struct name_server {
  std::mutex mutex;
  std::condition_variable changed;
  bool asked = false, answers = false, answered = false;

  int resolve() {
    std::unique_lock lock(mutex);
    asked = true;
    // Far longer than any request may last: then the test has failed.
    changed.wait_for(lock, std::chrono::seconds(40), [&] { return answers; });
    answered = true;
    changed.notify_all();
    return EAI_AGAIN;
  }
};
name_server& slow_server() {
  static auto* one = new name_server;  // a thread of libcurl's may outlive the test
  return *one;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int getaddrinfo(const char* name, const char* service,
                                                                  const addrinfo* hints, addrinfo** found) {
  if (name && std::strcmp(name, slow_name) == 0) return slow_server().resolve();
  using function = int (*)(const char*, const char*, const addrinfo*, addrinfo**);
  static const auto real = reinterpret_cast<function>(dlsym(RTLD_NEXT, "getaddrinfo"));
  return real(name, service, hints, found);
}

namespace {

TEST(push_courier, does_not_wait_for_a_name_that_is_not_found) {
  push::courier one({std::string("http://") + slow_name + "/hook", "", ""});
  const auto done = one.post("id", "1", "sha256=", "{}");
  auto& server = slow_server();
  std::unique_lock lock(server.mutex);
  ASSERT_TRUE(server.asked);
  EXPECT_FALSE(server.answered) << "the request ended only with the look-up";
  EXPECT_EQ(done.what, push::delivery::verdict::failed);
  EXPECT_NE(done.trouble, "");
  server.answers = true;
  server.changed.notify_all();
  EXPECT_TRUE(server.changed.wait_for(lock, std::chrono::seconds(30), [&] { return server.answered; }));
}

}  // namespace
