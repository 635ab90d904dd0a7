#include <parley/commands.hpp>

#include "Parley.Files.pb.h"
#include "bench/bench.hpp"
#include "bench/fleet.hpp"
#include "bench/media_traffic.hpp"
#include "client/blocking_client.hpp"

namespace parley::bench {

/// Closed loop: each connection asks for its next image when it has the last.
int media(arguments& from) {
  const crowd users = crowd::take(from);
  const std::string what = from.take_text("--mode", "download");
  media_traffic::shape how{};
  how.url = from.take_text("--url", "http://127.0.0.1:8080");
  how.connections = from.take_number("--connections", 16, 1, 1000);
  how.size = from.take_number("--size", 102'400, 16, file_pattern::largest_block * 5);
  how.files = from.take_number("--files", 64, 1, 100'000);
  how.upload = what == "upload";
  how.pid = from.take_number("--pid", 0, 1, UINT32_MAX);
  const std::uint64_t seconds = from.take_number("--seconds", 10, 1, 3600);
  const std::uint64_t warmup = from.take_number("--warmup", 1, 0, 600);
  report out("media", from.take_switch("--json"));
  if (!usable(from)) return 2;
  if (what != "download" && what != "upload") return cannot("--mode has to be download or upload"), 2;
  users.describe(out);
  out.parameter("url", how.url);
  out.parameter("mode", what);
  out.parameter("connections", how.connections);
  out.parameter("size", how.size);
  out.parameter("files", how.files);
  out.parameter("seconds", seconds);

  client::blocking_client uploader;
  if (const auto in = uploader.login(users.server, users.user(1)); !in) return cannot(in.why().text);
  const auto leave =
      uploader.ask<parley::files::UploadTokenRsp>(cid::files_upload_token_request, parley::files::UploadTokenReq());
  if (!leave) return cannot("no leave to upload: " + leave.why().text);
  how.leave = leave->token();
  media_traffic traffic(how);
  if (!traffic.prepare()) return cannot(traffic.broken());
  traffic.run(1000 * warmup, 1000 * seconds);
  traffic.conclude(out);
  return out.print();
}

}  // namespace parley::bench
