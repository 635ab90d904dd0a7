#include "tools/parleyctl/make_certificate.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include "host/tls/self_signed.hpp"

namespace parleyctl {

std::string make_certificate(const std::vector<std::string>& words) {
  constexpr const char* usage = "usage: parleyctl make-certificate DIRECTORY [--name HOST]... [--days N]";
  std::filesystem::path directory;
  parley::tls::certificate_wish wish;
  std::vector<std::string> names;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (words[i] == "--name" && i + 1 < words.size()) {
      names.push_back(words[++i]);
    } else if (words[i] == "--days" && i + 1 < words.size()) {
      const long days = std::strtol(words[++i].c_str(), nullptr, 10);
      if (days < 1 || days > 825) throw std::runtime_error("--days has to be a number from 1 to 825");
      wish.last_second = days * 24 * 3600;
    } else if (directory.empty() && !words[i].starts_with("--")) {
      directory = words[i];
    } else {
      throw std::runtime_error(usage);
    }
  }
  if (directory.empty()) throw std::runtime_error(usage);
  if (!names.empty()) wish.names = names;
  const auto certificate = directory / "certificate.pem", key = directory / "key.pem";
  for (const auto& file : {certificate, key}) {
    if (std::filesystem::exists(file)) throw std::runtime_error(file.string() + " is there already; remove it first");
  }
  std::filesystem::create_directories(directory);
  if (auto made = parley::tls::make_self_signed(directory.string(), wish); !made) throw std::runtime_error(made.text());
  return "Made " + certificate.string() + " and " + key.string() +
         ". No browser trusts it by itself; for everybody take one of a certificate authority.\n";
}

}  // namespace parleyctl
