#include "host/http/file_cache.hpp"

#include <cerrno>
#include <utility>

namespace parley::host {

namespace {

constexpr std::size_t most_files = 256;
constexpr std::uint64_t kept_ms = 1000;

bool out_of_descriptors(int failure) {
  return failure == EMFILE || failure == ENFILE || failure == ENOMEM;
}

}  // namespace

int file_cache::find(const char* root, const char* path, shared_file& out) {
  key_.assign(root).push_back('\0');
  key_ += path;
  if (const auto known = files_.find(key_); known != files_.end()) {
    if (known->second.until_ms > loop_.now_ms() && known->second.file->unchanged()) {
      out = known->second.file;
      return 0;
    }
    drop(known);
  }
  std::unique_ptr<open_file> fresh;
  const int code = open_below(root, path, false, fresh);
  if (out_of_descriptors(code)) {
    clear();
    return EAGAIN;
  }
  if (code == 0) add(key_, out = share(std::move(fresh)));
  return code;
}

void file_cache::open(const char* root, const char* path, std::function<void(int, shared_file)> then) {
  struct job final : disk_job {
    void run_on_thread() override { code = open_below(root.c_str(), path.c_str(), true, file); }
    void back_on_loop() override {
      if (out_of_descriptors(code)) cache->clear();
      shared_file shared;
      if (code == 0) cache->add(root + '\0' + path, shared = cache->share(std::move(file)));
      then(code, std::move(shared));
    }
    file_cache* cache = nullptr;
    std::string root, path;
    std::unique_ptr<open_file> file;
    std::function<void(int, shared_file)> then;
    int code = 0;
  };
  auto j = std::make_unique<job>();
  j->cache = this;
  j->root = root;
  j->path = path;
  j->then = std::move(then);
  disk_.run(std::move(j));
}

shared_file file_cache::share(std::unique_ptr<open_file> file) {
  return {file.release(), [disk = &disk_](open_file* f) {
            if (!f->removed()) {
              delete f;
            } else {
              disk->run([f] { delete f; });
            }
          }};
}

void file_cache::add(std::string key, shared_file file) {
  if (const auto before = files_.find(key); before != files_.end()) drop(before);
  while (files_.size() >= most_files) drop(files_.find(*aging_.front()));
  const auto added = files_.emplace(std::move(key), entry{std::move(file), loop_.now_ms() + kept_ms, {}}).first;
  added->second.place = aging_.insert(aging_.end(), &added->first);
  if (files_.size() == 1) sweep_.start(kept_ms);
}

void file_cache::drop(entries::iterator which) {
  aging_.erase(which->second.place);
  files_.erase(which);
}

void file_cache::clear() {
  aging_.clear();
  files_.clear();
}

void file_cache::sweep() {
  while (!aging_.empty()) {
    const auto oldest = files_.find(*aging_.front());
    if (oldest->second.until_ms > loop_.now_ms()) return sweep_.start(kept_ms);
    drop(oldest);
  }
}

}  // namespace parley::host
