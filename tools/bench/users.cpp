#include <cstdio>
#include <iostream>

#include "bench/bench.hpp"

namespace parley::bench {

/// Prints the CSV that 'parleyctl users import' reads.
int users(arguments& from) {
  const std::uint64_t count = from.take_number("--count", 0, 1, 10'000'000);
  const std::string prefix = from.take_text("--user-prefix", from.take_text("--prefix", "bench"));
  const std::string password = from.take_text("--password", "secret");
  if (!usable(from)) return 2;
  if (count == 0) {
    std::cerr << "parley-bench users: --count is missing\n";
    return 2;
  }
  std::printf("name,password\n");
  for (std::uint64_t n = 1; n <= count; ++n) {
    std::printf("%s%llu,%s\n", prefix.c_str(), static_cast<unsigned long long>(n), password.c_str());
  }
  return 0;
}

bool usable(const arguments& from) {
  const auto problems = from.problems();
  for (const std::string& each : problems) std::cerr << "parley-bench: " << each << "\n";
  if (!problems.empty()) std::cerr << "see parley-bench --help\n";
  return problems.empty();
}

int cannot(const std::string& why) {
  std::cerr << "parley-bench: " << why << "\n";
  return 1;
}

}  // namespace parley::bench
