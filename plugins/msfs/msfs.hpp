// Images and media over HTTP: taken whole or not at all, served to whoever knows the name.
#pragma once

#include <parley/background.hpp>
#include <parley/http.hpp>
#include <parley/plugin.hpp>
#include <parley/sql.hpp>
#include <parley/timer.hpp>
#include <parley/verb.hpp>
#include <parley/worker.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>

#include "Parley.Files.pb.h"
#include "admission.hpp"
#include "disk.hpp"
#include "faults.hpp"
#include "found_lately.hpp"
#include "lookup.hpp"
#include "names.hpp"
#include "receiving.hpp"
#include "recent.hpp"
#include "thumbnails.hpp"

namespace msfs {

inline constexpr std::uint32_t longest_wait_ms = 10'000;  // in a queue: the host says 504 after 30 s

class msfs_plugin final : public parley::plugin {
 public:
  explicit msfs_plugin(const parley::context& ctx);

  // upload.cpp
  parley::status on_upload_head(parley::http_request request);
  parley::task<> on_upload(parley::http_request request);

  // download.cpp
  parley::task<> on_download(parley::http_request request);

  // token_request.cpp
  parley::task<parley::status> on_token(parley::request request, parley::files::UploadTokenReq message);

  // verbs.cpp
  parley::task<> on_list(parley::verb_call call);
  parley::task<> on_show(parley::verb_call call);
  parley::task<> on_remove(parley::verb_call call);
  parley::task<> on_usage(parley::verb_call call);
  parley::task<> on_check(parley::verb_call call);

 private:
  // upload.cpp
  std::optional<store::uploader> uploader_of(const parley::http_request& request, std::uint64_t grace_s) const;
  parley::task<received> keep(store::uploader who, std::string body_file, std::string boundary);
  parley::status welcome(const parley::http_request& request, std::string_view base, const received& file) const;
  parley::task<> take_back(std::string path);
  void log_seldom(const std::string& what);
  void refuse(const parley::http_request& request, fault why, std::string_view sentence = {});

  // download.cpp
  void send(const parley::http_request& request, const std::string& root, const std::string& path,
            std::string_view type) const;
  void answer(const parley::http_request& request, const found& asked, thumbnail_end end) const;
  parley::task<thumbnail_end> make_thumbnail(thumbnail_name wanted, std::string address);

  // upkeep.cpp
  struct tidied {
    std::size_t incoming = 0;    // remains of crashed uploads, removed
    std::size_t rows = 0;        // without a file, removed
    std::size_t adopted = 0;     // files of ours without a row, which have one now
    std::size_t thumbnails = 0;  // without an original, or the oldest of too many, removed
    std::string trouble;         // empty: it went through
  };
  parley::task<tidied> tidy();
  parley::task<> tidy_by_itself();
  parley::task<> evict_by_itself();
  parley::task<std::string> compare(unsigned aaa, tidied* so_far);
  parley::task<std::string> tidy_thumbnails(tidied* so_far);
  parley::task<std::string> settle_usage();
  void show_usage(const store::usage& of_store) const;
  void show_added(const store::usage& of_store);

  const disk& files() const { return *disk_; }

  parley::sql_pool main_;
  parley::worker_pool media_;    // copies and syncs
  parley::worker_pool lookups_;  // which do not wait behind them
  found_lately lately_;
  parley::worker_pool thumbnailing_;
  const std::uint64_t max_file_;
  const std::uint64_t max_request_;
  const std::uint64_t min_free_;
  const openness open_;
  const std::uint32_t token_lifetime_s_;
  const std::string public_url_;
  recent_uploaders recent_;
  const store::quotas quotas_;
  std::optional<disk> disk_;  // none in the trial before a load
  const token_mint mint_;
  thumbnailer thumbnailer_;
  thumbnails_under_way under_way_;
  remembered_failures hopeless_;
  const std::uint64_t thumbnail_space_;
  std::uint64_t thumbnail_bytes_ = 0;  // on disk, about
  bool tidying_ = false;
  bool evicting_ = false;
  std::uint64_t next_eviction_ms_ = 0;
  std::uint64_t next_line_ms_ = 0;
  pending_by_address pending_thumbnails_;
  std::size_t adding_ = 0;   // uploads that wait for their row
  store::usage most_added_;  // of those that came while others waited

  parley::counter uploads_;
  parley::counter upload_bytes_;
  std::array<parley::counter, 6> refused_;
  parley::counter thumbnails_made_;
  parley::counter thumbnails_failed_;
  parley::counter checks_;
  parley::gauge store_bytes_;
  parley::gauge store_files_;
  std::optional<parley::timer> hourly_;
};

}  // namespace msfs
