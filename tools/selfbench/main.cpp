// parley-selfbench: what `parleyd selfbench` runs. The node itself knows no clients.
#include <sys/resource.h>

#include <algorithm>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <optional>

#include "selfbench/child.hpp"
#include "selfbench/measure.hpp"

namespace {

using namespace parley::selfbench;

void print(const options& o, const nlohmann::ordered_json& found, const std::string& remark) {
  if (o.json) return void(std::printf("%s\n", found.dump(2).c_str()));
  const auto line = [&](const char* name, const char* key, int digits, const char* unit) {
    std::printf("  %-24s %.*f%s\n", name, digits, found.at(key).get<double>(), unit);
  };
  std::printf("%u pairs x window 16 for %u s on %s\n", o.pairs, o.seconds,
              found.at("database").get<std::string>().c_str());
  line("acks per second", "acks_per_s", 0, "");
  line("ack, median", "ack_p50_ms", 1, " ms");
  line("ack, 99 of 100 within", "ack_p99_ms", 1, " ms");
  line("an idle session", "bytes_per_idle_session", 0, " bytes");
  std::printf("  %-24s %s\n", "durable", found.at("durable").get<bool>() ? "yes" : "no");
  if (!remark.empty()) std::printf("  %s\n", remark.c_str());
}

/// Each session is a descriptor, here and in the node.
std::uint32_t allowed_sessions(std::uint32_t wanted) {
  constexpr rlim_t for_the_rest = 200;
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_max >= wanted + for_the_rest) return wanted;
  const auto fewer = static_cast<std::uint32_t>(std::max<rlim_t>(limit.rlim_max, 2 * for_the_rest) - for_the_rest);
  std::fprintf(stderr, "selfbench: %u sessions, as a process here may have %llu descriptors\n", fewer,
               static_cast<unsigned long long>(limit.rlim_max));
  return fewer;
}

int run(options o, const std::string& programs) {
  o.sessions = allowed_sessions(o.sessions);
  const scratch_directory scratch(o.directory);
  std::optional<scratch_database> database;
  if (!o.sql.empty()) database.emplace(o.sql);
  const auto sql = o.sql.empty() ? "sqlite://" + scratch.data() + "/parley.db" : o.sql;
  auto found = measure(o, programs, scratch, sql);
  found["database"] = database ? database->shown() : "SQLite";
  std::string remark;
  if (o.sql.empty() && scratch.in_memory()) {
    remark = o.directory +
             " is in memory (tmpfs), where nothing is ever synced: name a directory on a disk with --directory";
    found["durable"] = false;
  }
  found["remark"] = remark;
  print(o, found, remark);
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::string wrong;
  const auto o = read_options({argv + 1, argv + argc}, wrong);
  if (o.help) {
    std::fputs(usage_text, stdout);
    return 0;
  }
  if (!wrong.empty()) {
    std::fprintf(stderr, "parleyd selfbench: %s; see --help\n", wrong.c_str());
    return 2;
  }
  note_signals();
  try {
    std::error_code failed;
    return run(o, std::filesystem::read_symlink("/proc/self/exe", failed).parent_path().string());
  } catch (const std::exception& e) {
    std::fprintf(stderr, "parleyd selfbench: %s\n", e.what());
    const bool refused = std::string_view(e.what()).starts_with("--");
    return refused ? 2 : 1;
  }
}
