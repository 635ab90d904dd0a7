// Answers from files: found in the cache or opened beside the loop, sent as the socket takes them.
#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "host/http/http_connection.hpp"
#include "host/http/http_server.hpp"
#include "host/http/http_service.hpp"
#include "host/http/response.hpp"
#include "host/http/transfer.hpp"

namespace parley::host {

namespace {

constexpr std::uint64_t small_file = 32 << 10;   // copied behind its head; larger ones are sent by sendfile()
constexpr std::uint64_t piece_size = 512 << 10;  // sent at once
constexpr std::uint64_t turn_share = 1 << 20;    // then the other connections have their turn
constexpr std::uint64_t loaded_ahead = 1 << 20;  // read beside the loop at once

}  // namespace

status http_connection::answer_file(std::span<const http_header> headers, const file_source& source) {
  exchange_ = 0;
  if (const char* fault = file_answer_fault(headers)) {
    ++service_.counters().handler_faults;
    service_.log_gated(spdlog::level::err, "an answer cannot be sent, the client got a 500", fault);
    send(500, {}, phrase_line(500));
    return status::malformed;
  }
  if (asks_to_close(headers)) keep_alive_ = false;
  if (!source.root || source.root[0] != '/' || !source.path || !is_path_below(source.path)) {
    refuse_file(ENOENT);
    return status::malformed;
  }
  std::string lines;
  append_header_lines(lines, headers);
  shared_file file;
  const int failure = service_.files().find(source.root, source.path, file);
  if (failure == 0) {
    begin_file(std::move(file), lines, source.etag);
  } else if (failure != EAGAIN) {
    refuse_file(failure);
  } else {
    upload_.reset();
    transfer_ = std::make_unique<transfer>();
    transfer_->lines = std::move(lines);
    transfer_->etag = source.etag;
    enter(http_phase::opening);
    service_.files().open(source.root, source.path, [to = ticket()](int code, shared_file opened_file) {
      if (*to) (*to)->opened(code, std::move(opened_file));
    });
  }
  return status::ok;
}

void http_connection::opened(int failure, shared_file file) {
  const auto asked = std::move(transfer_);
  if (failure) return refuse_file(failure);
  begin_file(std::move(file), asked->lines, asked->etag);
}

void http_connection::refuse_file(int failure) {
  const bool full = failure == EMFILE || failure == ENFILE || failure == ENOMEM;
  const bool unknown = failure == ENOENT || failure == ENOTDIR || failure == ELOOP || failure == EXDEV ||
                       failure == ENAMETOOLONG || failure == ENXIO;
  if (unknown) {
    ++service_.counters().files_unknown;
  } else {
    service_.log_gated(spdlog::level::err, "a file cannot be opened", std::strerror(failure));
  }
  const unsigned code = unknown ? 404 : full ? 503 : 500;
  send(code, {}, phrase_line(code));
}

void http_connection::begin_file(shared_file file, std::string_view lines, std::string_view etag) {
  const auto& facts = file->facts();
  if (etag.empty()) etag = file->etag();
  const auto now = static_cast<std::int64_t>(loop::unix_ms() / 1000);
  const auto choice = choose(conditions_.get(), {etag, facts.modified_s, facts.size}, now);
  if (choice.code == 412) return send(412, {}, phrase_line(412));
  if (choice.code == 416) {
    const auto whole = fmt::format("bytes */{}", facts.size);
    const auto header = make_header("Content-Range", whole);
    return send(416, {&header, 1}, phrase_line(416));
  }
  const bool last = !keep_alive_ || home_.draining();
  auto own =
      fmt::format("{}ETag: {}\r\nLast-Modified: {}\r\nAccept-Ranges: bytes\r\n", lines, etag, file->last_modified());
  if (choice.code == 206) {
    fmt::format_to(std::back_inserter(own), "Content-Range: bytes {}-{}/{}\r\n", choice.from,
                   choice.from + choice.size - 1, facts.size);
  }
  append_head_of_lines(stream_.output(), {choice.code, choice.size, !last, service_.date()}, own);
  auto& stats = service_.counters();
  ++stats.responses[choice.code / 100];
  ++stats.files;
  const bool with_body = code_has_body(choice.code) && !head_only_ && choice.size > 0;
  if (with_body) stats.file_bytes += choice.size;
  if (!with_body || (choice.size <= small_file && file->read_now(stream_.output(), choice.from, choice.size))) {
    finish_answer(last);
  } else {
    transfer_ = std::make_unique<transfer>();
    transfer_->file = std::move(file);
    transfer_->at = choice.from;
    transfer_->end = choice.from + choice.size;
    transfer_->last = last;
    parser_.reset();
    upload_.reset();
    conditions_.reset();
    enter(http_phase::sending);
    note_moved();
  }
  if (!pumping_) settle();
}

/// As far as the socket, the disk and the others let it; false when the connection is lost.
bool http_connection::send_pieces() {
  const auto stop = transfer_->at + turn_share;
  while (phase_ == http_phase::sending && !transfer_->loading) {
    if (!stream_.flush(true)) return false;
    if (stream_.unsent() > 0) return true;
    if (transfer_->at == transfer_->end) {
      const bool last = transfer_->last;
      transfer_.reset();
      finish_answer(last);
      return true;
    }
    if (transfer_->at >= stop) {
      stream_.wait();
      return true;
    }
    auto& t = *transfer_;
    auto piece = std::min(t.end - t.at, piece_size);
    if (t.loaded > t.at) {
      piece = std::min(piece, t.loaded - t.at);
    } else if (!t.file->resident(t.at, piece)) {
      load_piece();
      return true;
    }
    switch (stream_.send_file(t.file->descriptor(), t.at, t.at + piece)) {
      case tcp_stream::progress::some:
        break;
      case tcp_stream::progress::later:
        return true;
      case tcp_stream::progress::ended:
        ++service_.counters().files_cut;
        return false;
      case tcp_stream::progress::lost:
        return false;
    }
  }
  return true;
}

void http_connection::load_piece() {
  auto& t = *transfer_;
  const auto size = std::min(t.end - t.at, loaded_ahead);
  t.loading = true;
  struct job final : disk_job {
    void run_on_thread() override { readable = file->load(from, size); }
    void back_on_loop() override {
      if (*to) (*to)->loaded(readable ? from + size : 0);
    }
    shared_file file;
    std::uint64_t from = 0;
    std::size_t size = 0;
    bool readable = false;
    std::shared_ptr<http_connection*> to;
  };
  auto j = std::make_unique<job>();
  j->file = t.file;
  j->from = t.at;
  j->size = size;
  j->to = ticket();
  service_.disk().run(std::move(j));
}

void http_connection::loaded(std::uint64_t up_to) {
  transfer_->loading = false;
  transfer_->loaded = up_to;
  if (up_to == 0) {
    ++service_.counters().files_cut;
    return close();
  }
  settle();
}

}  // namespace parley::host
