// crash-check: breaks what a server stands on while clients talk, and then looks whether it kept its word.
#include <chrono>
#include <cstdio>
#include <random>

#include "crash/outcome.hpp"
#include "support/failure.hpp"

namespace {

using namespace parley;

std::FILE* progress = stdout;

void say(const std::string& line) {
  std::fprintf(progress, "%s\n", line.c_str());
  std::fflush(progress);
}

int play(const crash::options& o) {
  progress = o.json ? stderr : stdout;
  say("crash-check: seed " + std::to_string(o.seed));
  crash::outcome all(o);
  const auto until = std::chrono::steady_clock::now() + std::chrono::minutes(o.minutes);
  for (std::uint64_t i = 0; o.episodes > 0 ? i < o.episodes : i == 0 || std::chrono::steady_clock::now() < until; ++i) {
    auto one = crash::play_episode(o, o.seed + i, say);
    std::fputs(crash::outcome::describe(o, one).c_str(), progress);
    all.add(std::move(one));
  }
  std::fputs(all.text().c_str(), progress);
  if (o.json) std::fputs(all.json().c_str(), stdout);
  return all.status();
}

}  // namespace

int main(int argc, char** argv) {
  const auto read = crash::read_options({argv + 1, argv + argc}, std::random_device{}());
  if (const auto* text = std::get_if<crash::usage>(&read)) {
    std::fputs(text->text.c_str(), text->status == 0 ? stdout : stderr);
    return text->status;
  }
  try {
    return play(std::get<crash::options>(read));
  } catch (const std::exception& e) {
    std::fprintf(stderr, "crash-check: it could not be played: %s\n", e.what());
    return 3;
  }
}
