#include <dlfcn.h>
#include <pthread.h>

#include <parley/plugin.hpp>
#include <stdexcept>

struct throws_in_thread final : parley::plugin {
  using plugin::plugin;
  parley::status on_call(parley::request, std::string_view) {
    // Behind the ELF gate's back, which refuses files that ask the loader for threads.
    const auto start = reinterpret_cast<decltype(&pthread_create)>(dlsym(RTLD_DEFAULT, "pthread_create"));
    pthread_t thread{};
    start(
        &thread, nullptr, [](void*) -> void* { throw std::runtime_error("nobody catches this"); }, nullptr);
    pthread_join(thread, nullptr);
    return parley::status::ok;
  }
};

constexpr auto commands =
    parley::commands(parley::on<0x8015, &throws_in_thread::on_call>(parley::access::open, "start"));

PARLEY_PLUGIN(throws_in_thread, "throws_in_thread", "1.0.0", "a thread of its own throws", commands)
