#include "host/crash/aftermath.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>
#include <memory>
#include <nlohmann/json.hpp>

#include "host/base/log.hpp"

namespace parley::host::crash {

namespace fs = std::filesystem;
using json = nlohmann::ordered_json;

namespace {

std::string text_in(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}
std::uint64_t ms_in(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : 0;
}

/// A list of objects; empty when the file was tampered with.
json list_in(const json& object, const char* key) {
  const auto found = object.find(key);
  json out = json::array();
  if (found == object.end() || !found->is_array()) return out;
  for (const auto& each : *found) {
    if (each.is_object()) out.push_back(each);
  }
  return out;
}

std::string kept_path(const std::string& data, const std::string& plugin) {
  return (fs::path(data) / "kept" / (plugin + ".so")).string();
}

}  // namespace

std::string digest_of_file(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return {};
  std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> hash(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  EVP_DigestInit_ex(hash.get(), EVP_sha256(), nullptr);
  std::array<char, 16384> block;
  while (in.read(block.data(), block.size()) || in.gcount() > 0) {
    EVP_DigestUpdate(hash.get(), block.data(), static_cast<std::size_t>(in.gcount()));
  }
  std::array<unsigned char, EVP_MAX_MD_SIZE> raw;
  unsigned size = 0;
  EVP_DigestFinal_ex(hash.get(), raw.data(), &size);
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += fmt::format("{:02x}", raw[i]);
  return out;
}

aftermath::aftermath(const std::string& data, bool by_hand, std::uint64_t now_ms) : data_(data) {
  load();
  const auto directory = (fs::path(data_) / "crash").string();
  prune_records(directory, most_records);
  records_ = read_records(directory);
  for (const auto& r : records_) {
    if (r.time_ms > seen_ms_) fresh_.push_back(r);
  }
  for (auto r = fresh_.rbegin(); r != fresh_.rend(); ++r) {
    seen_ms_ = std::max(seen_ms_, r->time_ms);
    if (!r->plugin.empty() && !r->previous_file.empty()) go_back(*r);
  }
  if (by_hand) {
    quarantines_.clear();
    forgiven_ms_ = {{"", now_ms}};
  }
  count(now_ms);
  std::error_code ignored;
  const bool something = !records_.empty() || fs::exists(fs::path(data_) / "supervision.json", ignored);
  if (by_hand ? something : !fresh_.empty()) save();
}

void aftermath::load() {
  std::ifstream in(fs::path(data_) / "supervision.json");
  const auto saved = json::parse(in, nullptr, false);
  if (!saved.is_object()) return;
  seen_ms_ = ms_in(saved, "seen_ms");
  for (const auto& q : list_in(saved, "quarantines")) {
    quarantines_.push_back({text_in(q, "plugin"), ms_in(q, "since_ms"), text_in(q, "reason")});
  }
  for (const auto& o : list_in(saved, "overrides")) {
    overrides_.push_back({text_in(o, "plugin"), text_in(o, "file"), text_in(o, "instead_of"), text_in(o, "reason")});
  }
  for (const auto& f : list_in(saved, "forgiven")) forgiven_ms_[text_in(f, "plugin")] = ms_in(f, "until_ms");
}

void aftermath::save() const {
  json out{
      {"seen_ms", seen_ms_}, {"quarantines", json::array()}, {"overrides", json::array()}, {"forgiven", json::array()}};
  for (const auto& q : quarantines_) {
    out["quarantines"].push_back({{"plugin", q.plugin}, {"since_ms", q.since_ms}, {"reason", q.reason}});
  }
  for (const auto& o : overrides_) {
    out["overrides"].push_back(
        {{"plugin", o.plugin}, {"file", o.file}, {"instead_of", o.instead_of}, {"reason", o.reason}});
  }
  for (const auto& [plugin, until] : forgiven_ms_) out["forgiven"].push_back({{"plugin", plugin}, {"until_ms", until}});
  const auto path = fs::path(data_) / "supervision.json";
  const auto fresh = fs::path(path) += ".new";
  std::error_code failed;
  {
    std::ofstream file(fresh);
    file << out.dump(2, ' ', false, json::error_handler_t::replace) << "\n";
    if (!file.flush()) failed = std::make_error_code(std::errc::io_error);
  }
  if (!failed) fs::rename(fresh, path, failed);
  if (failed) log_of("node")->error("cannot write {}: {}", path.string(), failed.message());
}

/// A crash in probation has a cure of its own, and is not counted against the build that it goes back to.
void aftermath::count(std::uint64_t now_ms) {
  std::map<std::string, std::size_t> crashes;
  for (const auto& r : records_) {
    if (r.plugin.empty() || !r.previous_file.empty()) continue;
    const auto everybody = forgiven_ms_.find(""), own = forgiven_ms_.find(r.plugin);
    if (everybody != forgiven_ms_.end() && r.time_ms <= everybody->second) continue;
    if (own != forgiven_ms_.end() && r.time_ms <= own->second) continue;
    if (r.time_ms + quarantine_within_ms < now_ms) continue;
    if (++crashes[r.plugin] != quarantine_after || quarantined(r.plugin)) continue;
    quarantines_.push_back(
        {r.plugin, now_ms,
         fmt::format("it crashed {} times within 10 minutes; `parleyctl crashes` shows where", quarantine_after)});
  }
}

void aftermath::go_back(const record& r) {
  const auto kept = kept_path(data_, r.plugin);
  std::error_code failed;
  fs::create_directories(fs::path(kept).parent_path(), failed);
  const auto fresh = kept + ".new";
  fs::copy_file(r.previous_file, fresh, fs::copy_options::overwrite_existing, failed);
  if (!failed) fs::rename(fresh, kept, failed);
  const auto crashed = digest_of_file(r.file);
  if (failed || crashed.empty()) {
    log_of("node")->error("cannot go back to the build of {} before the crash in its probation: {}", r.plugin,
                          failed ? failed.message() : "there is no copy of what crashed");
    return;
  }
  std::erase_if(overrides_, [&](const file_override& o) { return o.plugin == r.plugin; });
  overrides_.push_back({r.plugin, kept, crashed, "its newer build crashed in its probation (" + name_of(r) + ")"});
}

const quarantine* aftermath::quarantined(const std::string& plugin) const {
  const auto found =
      std::find_if(quarantines_.begin(), quarantines_.end(), [&](const quarantine& q) { return q.plugin == plugin; });
  return found == quarantines_.end() ? nullptr : &*found;
}

std::string aftermath::file_for(const std::string& plugin, const std::string& file) {
  const auto found =
      std::find_if(overrides_.begin(), overrides_.end(), [&](const file_override& o) { return o.plugin == plugin; });
  if (found == overrides_.end()) return file;
  std::error_code failed;
  if (digest_of_file(file) == found->instead_of && fs::exists(found->file, failed)) return found->file;
  drop_override(plugin);
  return file;
}

bool aftermath::lift(const std::string& plugin, std::uint64_t now_ms) {
  if (!std::erase_if(quarantines_, [&](const quarantine& q) { return q.plugin == plugin; })) return false;
  forgiven_ms_[plugin] = now_ms;
  save();
  return true;
}

void aftermath::reloaded(const std::string& plugin) {
  drop_override(plugin);
}

void aftermath::drop_override(const std::string& plugin) {
  if (!std::erase_if(overrides_, [&](const file_override& o) { return o.plugin == plugin; })) return;
  std::error_code ignored;
  fs::remove(kept_path(data_, plugin), ignored);
  save();
}

}  // namespace parley::host::crash
